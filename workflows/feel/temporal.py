"""Calendar arithmetic and the properties of temporal values. DMN 1.5 tables 45, 57, 65.

A result that leaves the years 1 to 9999 is null.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from workflows.feel.far import (
    FAR,
    FarDate,
    FarDateTime,
    FineTime,
    distance,
    joined,
    near,
    near_moment,
)
from workflows.feel.temporal_text import MAX_MONTHS
from workflows.feel.values import Range, Value, YearsMonths
from workflows.feel.zones import offset_of, zone_name

_D = TypeVar("_D", date, datetime)
MICROSECOND = timedelta(microseconds=1)


def add_months(value: _D, months: int) -> _D | None:
    """The same day `months` later, or the last day of a month that is shorter."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if abs(months) > MAX_MONTHS or not 1 <= year <= 9999:
        return None
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def add_time(value: date | datetime | time, length: timedelta) -> date | datetime | time | None:
    """Later by a days and time duration: a date stays a date, a time of day goes round."""
    try:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                return value + length
            return (value.astimezone(UTC) + length).astimezone(value.tzinfo)
        if isinstance(value, date):
            return (datetime.combine(value, time()) + length).date()
        moment = datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None))
        seconds = length % timedelta(days=1)
        return (moment + seconds).time().replace(tzinfo=value.tzinfo)
    except (OverflowError, ValueError):
        return None


def between(later: Value, earlier: Value) -> timedelta | None:
    """`later - earlier` of two dates, date-times or times; None if only one has a zone."""
    if FAR & {type(later), type(earlier)}:
        same = type(later) in _DAYS and type(earlier) in _DAYS
        return distance(later, earlier) if same else distance(_dated(later), _dated(earlier))
    if type(later) is time and type(earlier) is time:
        day = date(2000, 1, 1)
        return _between(datetime.combine(day, later), datetime.combine(day, earlier))
    if type(later) is time or type(earlier) is time:
        return None
    return _between(as_date_time(later), as_date_time(earlier))


_DAYS = (date, FarDate)


def _dated(value: Value) -> Value:
    return joined(value, time(tzinfo=UTC)) if type(value) in _DAYS else value


def as_date_time(value: date | datetime) -> datetime:
    """A date as its first moment in UTC (DMN 1.5 §10.3.2.9.4)."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), tzinfo=UTC)


def _between(later: datetime, earlier: datetime) -> timedelta | None:
    if (later.tzinfo is None) is not (earlier.tzinfo is None):
        return None
    if later.tzinfo is None:
        return later - earlier
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def micros(length: timedelta) -> int:
    """Whole microseconds."""
    return length // MICROSECOND


def _part(length: timedelta, unit: int, wrap: int) -> Decimal:
    """One part of a duration, with the sign of the whole."""
    whole = micros(abs(length)) // unit % wrap
    return Decimal(-whole if length < timedelta(0) else whole)


def _seconds(value: time | datetime) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond).scaleb(-6).normalize()


def _of(read: Callable[[Value], Value], part: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda value: read(part(value))


_OF_DATE: dict[str, Callable[[Value], Value]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(near(value).isoweekday()),
}
_OF_TIME: dict[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _seconds,
    "time offset": offset_of,
    "timezone": zone_name,
}
_OF_FIRST_MOMENT: dict[str, Callable[[Value], Value]] = {
    **_OF_DATE,
    "hour": lambda _: Decimal(0),
    "minute": lambda _: Decimal(0),
    "second": lambda _: Decimal(0),
    "time offset": lambda _: timedelta(0),
    "timezone": lambda _: None,
}


def _fine_second(value: FineTime) -> Decimal:
    return _seconds(value.clock) + Decimal(value.nanos).scaleb(-9)


def _far_second(value: FarDateTime) -> Decimal:
    fine = isinstance(value.clock, FineTime)
    return _fine_second(value.clock) if fine else _seconds(value.clock)  # type: ignore[arg-type]


_OF_FINE_TIME: dict[str, Callable[[Value], Value]] = {
    **{name: _of(read, lambda value: value.clock) for name, read in _OF_TIME.items()},
    "second": _fine_second,
}
_OF_FAR_MOMENT: dict[str, Callable[[Value], Value]] = {
    **{name: _of(read, lambda value: value.day) for name, read in _OF_DATE.items()},
    **{name: _of(read, near_moment) for name, read in _OF_TIME.items()},
    "second": _far_second,
}
PROPERTIES: Mapping[type, Mapping[str, Callable[[Value], Value]]] = {
    date: _OF_FIRST_MOMENT,
    FarDate: _OF_FIRST_MOMENT,
    time: _OF_TIME,
    FineTime: _OF_FINE_TIME,
    FarDateTime: _OF_FAR_MOMENT,
    datetime: {**_OF_DATE, **_OF_TIME},
    timedelta: {
        "days": lambda value: _part(value, 86_400_000_000, 10**12),
        "hours": lambda value: _part(value, 3_600_000_000, 24),
        "minutes": lambda value: _part(value, 60_000_000, 60),
        "seconds": lambda value: _part(value, 1_000_000, 60),
    },
    YearsMonths: {
        "years": lambda value: Decimal(int(value.months / 12)),
        "months": lambda value: Decimal(value.months - 12 * int(value.months / 12)),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
"""Type → property → how it is read (DMN 1.5 tables 65 and 66)."""
