"""Conversion functions. DMN 1.5 §10.3.4.1, table 72."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from workflows.feel.arithmetic import whole
from workflows.feel.far import (
    Clock,
    Day,
    FarDate,
    FarDateTime,
    FineTime,
    Moment,
    clock_of,
    day_of,
    joined,
)
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
_MIDNIGHT = time(tzinfo=UTC)
"""A date's first moment where a time is asked of it (DMN 1.5 §10.3.2.9.4)."""


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
def date_from(value: Value) -> Day | None:
    """From a text, a date or a date-time."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_date(value)
    return _day(value)


def _day(value: Value) -> Day | None:
    """The date of a date or a date-time; None of anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, FarDateTime):
        return value.day
    return value if isinstance(value, (date, FarDate)) else None


@built_in("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Day | None:
    """From its parts."""
    years, months, days = whole(year), whole(month), whole(day)
    if years is None or months is None or days is None or max(abs(months), abs(days)) > 31:
        return None
    return day_of(years, months, days)


@built_in("date and time", "from: any")
def date_time_from(value: Value) -> Moment | None:
    """From a text; a date-time stays itself, a date becomes its first moment in UTC."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_date_time(value)
    if isinstance(value, (datetime, FarDateTime)):
        return value
    day = _day(value)
    return None if day is None else joined(day, _MIDNIGHT)


@built_in("date and time", "date: any, time: any")
def date_time_of(day: Value, clock: Value) -> Moment | None:
    """From a date (or the date of a date-time) and a time of day."""
    known = _day(day)
    if known is None or not isinstance(clock, (time, FineTime)):
        return None
    return joined(known, clock)


@built_in("time", "from: any")
def time_from(value: Value) -> Clock | None:
    """From a text or a date-time; a date gives its first moment in UTC."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        return read_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, FarDateTime):
        return value.clock
    if isinstance(value, (date, FarDate)):
        return _MIDNIGHT
    return value if isinstance(value, (time, FineTime)) else None


@built_in("time", "hour: number, minute: number, second: number, offset?: any")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Value = None) -> Clock | None:
    """From its parts; seconds may have a fraction, the offset is a duration or null."""
    zone: tzinfo | None = None
    if offset is not None:
        zone = fixed_zone(offset) if type(offset) is timedelta else None
        if zone is None:
            return None
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or not 0 <= second < 60:
        return None
    seconds, nanos = divmod(int(second * 10**9), 10**9)
    return clock_of(hours, minutes, seconds, nanos, zone)


@built_in("date and time", "date: any, time: any, timezone: string")
def date_time_in(day: Value, clock: Value, zone_name: str) -> Moment | None:
    """From a date and a time of day in a named zone."""
    zone = read_zone("@" + zone_name)
    if zone is None:
        return None
    if isinstance(clock, FineTime):
        return date_time_of(day, FineTime(clock.clock.replace(tzinfo=zone), clock.nanos))
    return date_time_of(day, clock.replace(tzinfo=zone) if isinstance(clock, time) else None)


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
    """Whole months from one date to another, negative backwards. Of date-times the dates count:
    at what hour of its last day a month is full is nothing a duration of months says."""
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return years_months(months)
