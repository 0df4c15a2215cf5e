"""Dates and times that Python's own types cannot hold: years before 1 and after 9999, and
fractions of a second down to the nanosecond. DMN 1.5 §10.3.2.3.4–6.

They are written, read, compared, taken apart and reckoned with like all others. What plain dates
give stays plain: no addition leads from the year 9999 into the far ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from workflows.feel.zones import offset_of, zone_text

MAX_YEAR = 999_999_999
"""Largest year, before and after the common era."""
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
"""After so many days the Gregorian calendar repeats, weekdays included."""
_DAY_NANOS = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date of a year that is not one of 1 to 9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return date_text(self)


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day: `clock` to the microsecond, and 1 to 999 nanoseconds on top."""

    clock: time
    nanos: int

    def __str__(self) -> str:
        return time_text(self)


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time of which at least one part is not of Python's own types."""

    day: Day
    clock: Clock

    def __str__(self) -> str:
        return f"{date_text(self.day)}T{time_text(self.clock)}"


Day: TypeAlias = date | FarDate
Clock: TypeAlias = time | FineTime
Moment: TypeAlias = datetime | FarDateTime
FAR: Final[frozenset[type]] = frozenset({FarDate, FineTime, FarDateTime})
_FAMILY: dict[type, str] = {
    date: "date",
    FarDate: "date",
    time: "time",
    FineTime: "time",
    datetime: "date and time",
    FarDateTime: "date and time",
}


def day_of(year: int, month: int, day: int) -> Day | None:
    """The date; None where the calendar has no such day."""
    if not -MAX_YEAR <= year <= MAX_YEAR:
        return None
    try:
        if 1 <= year <= 9999:
            return date(year, month, day)
        date(_near_year(year), month, day)
    except ValueError:
        return None
    return FarDate(year, month, day)


def clock_of(
    hour: int, minute: int, second: int, nanos: int, zone: tzinfo | None = None
) -> Clock | None:
    """The time of day, `nanos` being its whole fraction; None where there is none such."""
    micros, rest = divmod(nanos, 1000)
    try:
        clock = time(hour, minute, second, micros, tzinfo=zone)
    except (ValueError, OverflowError):
        return None
    return FineTime(clock, rest) if rest else clock


def joined(day: Day, clock: Clock) -> Moment:
    """Both as one point in time."""
    if isinstance(day, FarDate) or isinstance(clock, FineTime):
        return FarDateTime(day, clock)
    return datetime.combine(day, clock)


def near(day: Day) -> date:
    """A date with the same place in year, month and week that Python knows."""
    return date(_near_year(day.year), day.month, day.day) if isinstance(day, FarDate) else day


def _near_year(year: int) -> int:
    """Of a cycle in which zones keep one rule, with room to add and subtract."""
    return (6000 if year > 0 else 1200) + year % _CYCLE_YEARS


def coarse(clock: Clock) -> time:
    """To the microsecond, the rest cut off."""
    return clock.clock if isinstance(clock, FineTime) else clock


def near_moment(value: FarDateTime) -> datetime:
    """The date and time with the same clock, zone and distance from UTC that Python knows."""
    return datetime.combine(near(value.day), coarse(value.clock))


def same(left: object, right: object) -> bool | None:
    """`=` where one side is far or fine; None where their FEEL types differ."""
    if _FAMILY[type(left)] != _FAMILY.get(type(right)):
        return None
    a, b = _zone(left), _zone(right)
    if (a is None) is not (b is None) or isinstance(a, ZoneInfo) is not isinstance(b, ZoneInfo):
        return False
    return _nanoseconds(left) == _nanoseconds(right)


def ordered(compare: Callable[[int, int], bool], left: object, right: object) -> bool | None:
    """An ordering where one side is far or fine; None where the two have no order."""
    if _FAMILY.get(type(left)) is None or _FAMILY[type(left)] != _FAMILY.get(type(right)):
        return None
    if (_zone(left) is None) is not (_zone(right) is None):
        return None
    return compare(_nanoseconds(left), _nanoseconds(right))


def distance(later: object, earlier: object) -> timedelta | None:
    """`later - earlier` where one side is far or fine, to the microsecond."""
    if _FAMILY[type(later)] != _FAMILY[type(earlier)]:
        return None
    if (_zone(later) is None) is not (_zone(earlier) is None):
        return None
    nanos = _nanoseconds(later) - _nanoseconds(earlier)
    micros = abs(nanos) // 1000
    try:
        return timedelta(microseconds=micros if nanos > 0 else -micros)
    except OverflowError:
        return None


def moved(
    value: FarDate | FineTime | FarDateTime, change: Callable[[Any], Any]
) -> Day | Clock | Moment | None:
    """The value after `change`, which moves dates, times or date-times of Python's own types."""
    if isinstance(value, FineTime):
        clock = change(value.clock)
        return None if clock is None else FineTime(clock, value.nanos)
    known = near(value) if isinstance(value, FarDate) else near_moment(value)
    new = change(known)
    if new is None:
        return None
    years = (value if isinstance(value, FarDate) else value.day).year - known.year
    day = day_of(new.year + years, new.month, new.day)
    if day is None or isinstance(value, FarDate):
        return day
    fine = value.clock.nanos if isinstance(value.clock, FineTime) else 0
    return joined(day, FineTime(new.timetz(), fine) if fine else new.timetz())


def _zone(value: object) -> tzinfo | None:
    if isinstance(value, FarDateTime):
        value = value.clock
    if isinstance(value, FineTime):
        value = value.clock
    return value.tzinfo if isinstance(value, (datetime, time)) else None


def _nanoseconds(value: object) -> int:
    """The place on the line of all values of its type, in UTC where it has a zone."""
    if isinstance(value, datetime):
        return _of_moment(value.date(), value.timetz(), value)
    if isinstance(value, FarDateTime):
        return _of_moment(value.day, value.clock, near_moment(value))
    if isinstance(value, (date, FarDate)):
        return _ordinal(value) * _DAY_NANOS
    assert isinstance(value, (time, FineTime))
    return _of_clock(value) - _offset(coarse(value))


def _of_moment(day: Day, clock: Clock, zoned: datetime) -> int:
    return _ordinal(day) * _DAY_NANOS + _of_clock(clock) - _offset(zoned)


def _offset(value: datetime | time) -> int:
    return (offset_of(value) or timedelta(0)) // timedelta(microseconds=1) * 1000


def _ordinal(day: Day) -> int:
    known = near(day)
    return known.toordinal() + (day.year - known.year) // _CYCLE_YEARS * _CYCLE_DAYS


def _of_clock(clock: Clock) -> int:
    known = coarse(clock)
    seconds = (known.hour * 60 + known.minute) * 60 + known.second
    fine = clock.nanos if isinstance(clock, FineTime) else 0
    return (seconds * 10**6 + known.microsecond) * 1000 + fine


def date_text(value: Day) -> str:
    """`2026-10-09`, `-0044-03-15`, `12026-10-09`."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def time_text(value: Clock | datetime) -> str:
    """`08:30:00`, with fraction and zone where it has them."""
    fine = value.nanos if isinstance(value, FineTime) else 0
    known = value.clock if isinstance(value, FineTime) else value
    text = f"{known.hour:02}:{known.minute:02}:{known.second:02}"
    if known.microsecond or fine:
        text += f".{known.microsecond:06}{fine:03}".rstrip("0")
    return text + zone_text(known.tzinfo)
