"""Conversion functions. DMN 1.5 §10.3.4.1, table 72."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from workflows.feel.arithmetic import whole
from workflows.feel.signatures import built_in
from workflows.feel.temporal_text import (
    read_date,
    read_date_time,
    read_duration,
    read_time,
    years_months,
)
from workflows.feel.value_text import value_text
from workflows.feel.values import Value, YearsMonths, number
from workflows.feel.zones import fixed_zone, read_zone

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
_GROUPING = (None, " ", ",", ".")
_DECIMAL = (None, ",", ".")


@built_in("string", "from: any")
def string(value: Value) -> str | None:
    """The value as text."""
    return value_text(value)


@built_in("number", "from: any")
def number_from(value: Value) -> Decimal | None:
    """A number as it is, a text that is a numeric literal as its number."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is Decimal:
        return value
    return read_number(value) if type(value) is str else None


@built_in("number", "from: string, grouping separator: any, decimal separator: any")
def number_with_separators(text: str, grouping: Value, point: Value) -> Decimal | None:
    """`number("1 000,5", " ", ",")`; null for a separator: there is none."""
    if grouping not in _GROUPING or point not in _DECIMAL:
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if point == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return read_number(text)


def read_number(text: str) -> Decimal | None:
    """The number a text writes in plain digits; null where it is none."""
    return number(text) if len(text) < 10_000 and _NUMBER.fullmatch(text) else None


@built_in("date", "from: any")
def date_from(value: Value) -> date | None:
    """From a text, a date or a date-time."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_date(value)
    if type(value) is datetime:
        return value.date()
    return value if type(value) is date else None


@built_in("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    """From its parts."""
    parts = [whole(part) for part in (year, month, day)]
    if None in parts:
        return None
    try:
        return date(*parts)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


@built_in("date and time", "from: any")
def date_time_from(value: Value) -> datetime | None:
    """From a text; a date-time stays itself, a date becomes its first moment in UTC."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_date_time(value)
    if type(value) is datetime:
        return value
    return read_date_time(value.isoformat() + "T00:00:00Z") if type(value) is date else None


@built_in("date and time", "date: any, time: any")
def date_time_of(day: Value, clock: Value) -> datetime | None:
    """From a date (or the date of a date-time) and a time of day."""
    if type(day) is datetime:
        day = day.date()
    if type(day) is not date or type(clock) is not time:
        return None
    return datetime.combine(day, clock)


@built_in("time", "from: any")
def time_from(value: Value) -> time | None:
    """From a text or a date-time; a date gives its first moment in UTC."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_time(value)
    if type(value) is datetime:
        return value.timetz()
    if type(value) is date:
        return read_time("00:00:00Z")
    return value if type(value) is time else None


@built_in("time", "hour: number, minute: number, second: number, offset?: any")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Value = None) -> time | None:
    """From its parts; seconds may have a fraction, the offset is a duration or null."""
    zone: tzinfo | None = None
    if offset is not None:
        zone = fixed_zone(offset) if type(offset) is timedelta else None
        if zone is None:
            return None
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or not 0 <= second < 60:
        return None
    try:
        seconds, micros = divmod(int(second * 1_000_000), 1_000_000)
        return time(hours, minutes, seconds, micros, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


@built_in("date and time", "date: any, time: any, timezone: string")
def date_time_in(day: Value, clock: Value, zone_name: str) -> datetime | None:
    """From a date and a time of day in a named zone."""
    zone = read_zone("@" + zone_name)
    made = date_time_of(day, clock)
    return None if zone is None or made is None else made.replace(tzinfo=zone)


@built_in("duration", "from: any")
def duration(value: Value) -> Value:
    """From a text; a duration stays itself."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_duration(value)
    return value if type(value) in (timedelta, YearsMonths) else None


@built_in("years and months duration", "from: any, to: any")
def months_between(start: Value, end: Value) -> YearsMonths | None:
    """Whole months from one date or date-time to another, negative backwards."""
    if type(start) not in (date, datetime) or type(end) not in (date, datetime):
        return None
    months = (end.year - start.year) * 12 + end.month - start.month
    rest = _within_month(end) - _within_month(start)
    if months > 0 and rest < timedelta(0):
        months -= 1
    elif months < 0 and rest > timedelta(0):
        months += 1
    return years_months(months)


def _within_month(value: date | datetime) -> timedelta:
    clock = value.time() if isinstance(value, datetime) else time()
    return datetime.combine(date(2000, 1, value.day), clock) - datetime(2000, 1, 1)  # noqa: DTZ001
