"""Dates, times and durations as text, both ways. DMN 1.5 §10.3.2.3.4–8, §10.3.4.1.

Years run to 999,999,999 before and after the common era. Fractions of a second are cut off
beyond the nanosecond, those of durations beyond the microsecond.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from workflows.feel.far import (
    Clock,
    Day,
    Moment,
    clock_of,
    date_text,
    day_of,
    joined,
    time_text,
)
from workflows.feel.values import Value, YearsMonths
from workflows.feel.zones import read_zone

_DATE = r"(?P<year>(?!-0000)-?(?:\d{4}|[1-9]\d{4,8}))-(?P<month>\d{2})-(?P<day>\d{2})"
_TIME = (
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,30}))?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2}(?::\d{2})?|@[A-Za-z0-9_+\-/]{1,64})?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(rf"{_DATE}T{_TIME}", re.ASCII)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,12})D)?(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,18}(?:\.\d{0,30})?)S)?)?",
    re.ASCII,
)
MAX_MONTHS = 12 * 999_999_999
"""Longest years and months duration (DMN 1.5 §10.3.2.3.8 bounds years so)."""


def read_date(text: str) -> Day | None:
    """`2026-10-09`."""
    match = _DATE_ONLY.fullmatch(text)
    return None if match is None else _date(match)


def read_time(text: str) -> Clock | None:
    """`08:30:00`, with a zone or without."""
    match = _TIME_ONLY.fullmatch(text)
    return None if match is None else _time(match)


def read_date_time(text: str) -> Moment | None:
    """`2026-10-09T08:30:00+08:00`; a date alone is its first moment, local."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        day = read_date(text)
        return None if day is None else joined(day, time())
    day, clock = _date(match), _time(match)
    return None if day is None or clock is None else joined(day, clock)


def read_years_months(text: str) -> YearsMonths | None:
    """`P1Y2M`, `-P3M`."""
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None or match.group(2) is match.group(3) is None:
        return None
    return years_months(
        (-1 if match.group(1) else 1) * (int(match.group(2) or 0) * 12 + int(match.group(3) or 0))
    )


def years_months(months: int) -> YearsMonths | None:
    """The duration; None beyond `MAX_MONTHS`."""
    return YearsMonths(months) if abs(months) <= MAX_MONTHS else None


def read_days_time(text: str) -> timedelta | None:
    """`P3DT4H`, `-PT30S`."""
    match = _DAYS_TIME.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes = (int(part or 0) for part in match.group(2, 3, 4))
    micros = int(Decimal(match.group(5) or 0) * 1_000_000)
    try:
        length = timedelta(days, hours=hours, minutes=minutes, microseconds=micros)
        return -length if match.group(1) else length
    except OverflowError:
        return None


def read_duration(text: str) -> YearsMonths | timedelta | None:
    """Either kind of duration."""
    months = read_years_months(text)
    return read_days_time(text) if months is None else months


def read_literal(text: str) -> Value:
    """What `@"…"` means; None where it means nothing."""
    readers: tuple[Callable[[str], Value], ...] = (read_date, read_time, read_date_time)
    for read in (*readers, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def _date(match: re.Match[str]) -> Day | None:
    return day_of(*(int(part) for part in match.group("year", "month", "day")))


def _time(match: re.Match[str]) -> Clock | None:
    zone = None
    if match.group("zone"):
        zone = read_zone(match.group("zone"))
        if zone is None:
            return None
    nanos = int((match.group("fraction") or "0")[:9].ljust(9, "0"))
    hour, minute, second = (int(part) for part in match.group("hour", "minute", "second"))
    return clock_of(hour, minute, second, nanos, zone)


def date_time_text(value: datetime) -> str:
    """`2026-10-09T08:30:00+08:00`."""
    return f"{date_text(value)}T{time_text(value)}"


def days_time_text(value: timedelta) -> str:
    """`P3DT4H`, `-PT1M30S`, `PT0S`."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    days = f"{value.days}D" if value.days else ""
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' if clock else ''}{clock}"
