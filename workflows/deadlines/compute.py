"""From a rule, a base and a calendar to a due date. Pure: no clock, no database.

Sources: 民事诉讼法 (2023) art. 85 and 民法典 arts. 201–204 for the start day, the last day and
rest days. A swapped working Saturday is not a rest day.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflows.deadlines.calendar import DAY, Calendar, UnknownYearError
from workflows.deadlines.rules import Rule
from workflows.deadlines.steps import Counted, build_steps
from workflows.errors import InvalidInputError
from workflows.messages import Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(1900, 2200)
"""Bases outside are typing errors."""
MOST_ADDED_DAYS = 3660
"""An extension longer than ten years is a typing error."""

Span = tuple[date, date]


class DueStatus(StrEnum):
    """How sure a due date is. Values are stored: never rename."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    """The year has no calendar yet: the date is unrolled and can only move later."""
    UNCOMPUTABLE = "uncomputable"
    """Working days that run into a year without a calendar: no date can be given."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends, and why.

    `on`: last day, local. `at`: the instant it ends, 24:00 Asia/Shanghai of `on`, aware UTC.
    Both None if uncomputable. `raw_on`: last day before rolling. `steps`: the reasons, one
    sentence a step. `warn_at`: instants at which the clock turns “soon”, ascending.
    """

    on: date | None
    at: datetime | None
    status: DueStatus
    rolled: bool
    raw_on: date | None
    steps: tuple[Message, ...]
    rule_version: str
    calendar_version: str
    warn_at: tuple[datetime, ...]


def compute_due(
    rule: Rule,
    base: date | datetime,
    calendar: Calendar,
    *,
    excluded: Sequence[Span] = (),
    extended_days: int = 0,
) -> Due:
    """The end of `rule` counted from `base`.

    `excluded`: first and last day, both included, on which time did not run. `extended_days`:
    days added (working days for a `wd` rule), counted on from the unrolled end. Raises
    InvalidInputError for a naive or impossible base, a span that ends before it begins, a negative
    extension.
    """
    start = local_day(base)
    spans = _merge(excluded)
    if not 0 <= extended_days <= MOST_ADDED_DAYS:
        raise InvalidInputError("deadline.extension_out_of_range", days=extended_days)
    raw = _raw_end(rule, start, calendar, spans, extended_days)
    on, status = raw, DueStatus.FINAL
    if raw is None:
        status = DueStatus.UNCOMPUTABLE
    elif not calendar.knows(raw.year):
        status = DueStatus.PROVISIONAL
    elif rule.rolls:
        on = _roll(raw, calendar, spans)
        if on is None:
            on, status = raw, DueStatus.PROVISIONAL
    counted = Counted(
        rule, start, spans, extended_days, raw, on, status is DueStatus.FINAL, calendar
    )
    return Due(
        on=on,
        at=None if on is None else end_of_day(on),
        status=status,
        rolled=on != raw,
        raw_on=raw,
        steps=build_steps(counted),
        rule_version=rule.version,
        calendar_version=calendar.version_of(start, on or start),
        warn_at=_warnings(rule, start, on, calendar),
    )


def local_day(base: date | datetime) -> date:
    """The Asia/Shanghai day of a base. Raises InvalidInputError if naive or out of range."""
    if isinstance(base, datetime):
        if base.tzinfo is None:
            raise InvalidInputError("deadline.naive_base")
        try:
            base = base.astimezone(SHANGHAI).date()
        except OverflowError as error:
            raise InvalidInputError("deadline.base_out_of_range") from error
    if base.year not in YEARS:
        raise InvalidInputError("deadline.base_out_of_range")
    return base


def end_of_day(day: date) -> datetime:
    """24:00 Asia/Shanghai of `day` as an aware UTC instant."""
    return start_of_day(day + DAY)


def start_of_day(day: date) -> datetime:
    """0:00 Asia/Shanghai of `day` as an aware UTC instant."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def add_length(start: date, length: int, unit: str) -> date:
    """`start` plus days, months or years; clamped to the month's end (民法典 art. 202)."""
    if unit == "d":
        return start + timedelta(days=length)
    month = start.month - 1 + length * (12 if unit == "y" else 1)
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def _raw_end(
    rule: Rule, start: date, calendar: Calendar, spans: Sequence[Span], extended: int
) -> date | None:
    """The last day before rolling; None where working days meet a year without a calendar."""
    counting = rule.length + extended > 0
    first_excluded = rule.start_excluded or not counting
    if rule.unit == "wd":
        origin = start if first_excluded else start - DAY
        return _count_working(origin, rule.length + extended, calendar, spans)
    end = add_length(start, rule.length, rule.unit)
    origin = start if first_excluded else start - DAY
    return _count_natural(origin, (end - start).days + extended, spans)


def _count_natural(origin: date, days: int, spans: Sequence[Span]) -> date:
    """The `days`-th day after `origin` that lies in no span. Spans are sorted and apart."""
    day = origin
    for first, last in spans:
        if last <= day:
            continue
        free = (max(first, day + DAY) - day).days - 1
        if days <= free:
            break
        days -= free
        day = last
    return day + timedelta(days=days)


def _count_working(
    origin: date, days: int, calendar: Calendar, spans: Sequence[Span]
) -> date | None:
    day = origin
    try:
        while days:
            day += DAY
            if not calendar.is_rest(day) and not _covers(spans, day):
                days -= 1
    except UnknownYearError:
        return None
    return day


def _roll(day: date, calendar: Calendar, spans: Sequence[Span]) -> date | None:
    """`day` or the first working day after it; None if that runs into an unknown year."""
    try:
        if calendar.is_rest(day):
            while calendar.is_rest(day) or _covers(spans, day):
                day += DAY
    except UnknownYearError:
        return None
    return day


def _covers(spans: Sequence[Span], day: date) -> bool:
    return any(first <= day <= last for first, last in spans)


def _merge(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Sorted, overlapping and touching spans joined."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if not (first.year in YEARS and last.year in YEARS and first <= last):
            raise InvalidInputError("deadline.excluded_span", first=first, last=last)
        if merged and first <= merged[-1][1] + DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _warnings(rule: Rule, start: date, on: date | None, calendar: Calendar) -> tuple[datetime, ...]:
    """Starts of the days that lie the rule's offsets before `on`, later than the base.

    A limit that ends on a rest day without rolling also warns on the last working day before.
    """
    if on is None:
        return ()
    days = {_days_before(on, offset, rule.unit, calendar) for offset in rule.warn_before}
    if not rule.rolls and calendar.knows(on.year) and calendar.is_rest(on):
        days.add(_days_before(on, 1, "wd", calendar))
    return tuple(start_of_day(day) for day in sorted(d for d in days if d and d > start))


def _days_before(on: date, days: int, unit: str, calendar: Calendar) -> date | None:
    if unit != "wd":
        return on - timedelta(days=days)
    try:
        while days:
            on -= DAY
            days -= not calendar.is_rest(on)
    except UnknownYearError:
        return None
    return on
