"""Why this date: the counting told in sentences, in the order a reader would check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.deadlines.calendar import DAY, Calendar, UnknownYearError
from workflows.deadlines.rules import Rule, article_words
from workflows.messages import Message

HOLIDAYS = frozenset(
    {
        "new_year",
        "spring_festival",
        "qingming",
        "labour_day",
        "dragon_boat",
        "mid_autumn",
        "national_day",
    }
)
"""Names of the national holidays that have a translation; others are shown as typed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything the sentences need; fields as in `compute_due` and `Due`."""

    rule: Rule
    start: date
    spans: Sequence[tuple[date, date]]
    extended: int
    raw: date | None
    on: date | None
    final: bool
    calendar: Calendar


def build_steps(counted: Counted) -> tuple[Message, ...]:
    """Rule, first day, what was left out, what was added, last day, rolling, end."""
    steps = [_rule_step(counted.rule), _start_step(counted)]
    steps += [_span_step(span) for span in _spans_that_count(counted)]
    if counted.extended:
        unit = "wd" if counted.rule.unit == "wd" else "d"
        steps.append(Message(f"deadline.step.extended.{unit}", {"n": counted.extended}))
    steps += _end_steps(counted)
    return tuple(steps)


def day_words(day: date) -> Message:
    """2026年10月8日（周四）; in English 2026-10-08 (Thu)."""
    return Message(
        "deadline.day",
        {
            "y": day.year,
            "m": day.month,
            "d": day.day,
            "iso": day.isoformat(),
            "weekday": Message(f"deadline.weekday.{day.isoweekday()}"),
        },
    )


def _rule_step(rule: Rule) -> Message:
    if rule.length == 0:
        return Message("deadline.step.rule_agreed", article_words(rule))
    return Message("deadline.step.rule", {**article_words(rule), "length": rule.length_words()})


def _start_step(counted: Counted) -> Message:
    rule, start = counted.rule, counted.start
    if rule.length == 0 and not counted.extended:
        return Message("deadline.step.agreed", {"base": day_words(start)})
    first = start + DAY if rule.start_excluded else start
    code = "deadline.step.start_excluded" if rule.start_excluded else "deadline.step.start_counted"
    return Message(code, {"base": day_words(start), "first": day_words(first)})


def _spans_that_count(counted: Counted) -> list[tuple[date, date]]:
    """The spans that fall between the first day counted and the end."""
    end = counted.on
    return [
        (max(first, counted.start + DAY), last)
        for first, last in counted.spans
        if last > counted.start and (end is None or first <= end)
    ]


def _span_step(span: tuple[date, date]) -> Message:
    first, last = span
    params = {"first": day_words(first), "last": day_words(last), "n": (last - first).days + 1}
    return Message("deadline.step.excluded", params)


def _end_steps(counted: Counted) -> list[Message]:
    raw, on = counted.raw, counted.on
    if raw is None or on is None:
        return [Message("deadline.step.uncomputable", {"year": _unknown_year(counted)})]
    steps = [Message("deadline.step.raw_end", {"day": day_words(raw)})]
    if not counted.final:
        year = raw.year if not counted.calendar.knows(raw.year) else raw.year + 1
        return [*steps, Message("deadline.step.provisional", {"year": year, "day": day_words(on)})]
    rolling = _rolling_step(counted, raw, on)
    return [*steps, *rolling, Message("deadline.step.ends", {"day": day_words(on)})]


def _unknown_year(counted: Counted) -> int:
    year = counted.start.year
    while counted.calendar.knows(year):
        year += 1
    return year


def _rolling_step(counted: Counted, raw: date, on: date) -> list[Message]:
    calendar = counted.calendar
    if raw != on:
        params = {"day": day_words(raw), "why": _rest_reason(calendar, raw), "on": day_words(on)}
        return [Message("deadline.step.rolled", params)]
    if calendar.is_swapped(raw):
        return [Message("deadline.step.swapped", {"day": day_words(raw)})]
    if calendar.is_rest(raw):
        before = _working_day_before(calendar, raw)
        if before is not None and before > counted.start:
            return [Message("deadline.step.not_rolled", {"before": day_words(before)})]
        return [Message("deadline.step.not_rolled_late")]
    return []


def _rest_reason(calendar: Calendar, day: date) -> Message:
    name = calendar.holiday_name(day)
    if name is None:
        return Message("deadline.weekend")
    if name in HOLIDAYS:
        return Message(f"deadline.holiday.{name}")
    return Message("deadline.local_holiday", {"name": name})


def _working_day_before(calendar: Calendar, day: date) -> date | None:
    try:
        while calendar.is_rest(day):
            day -= DAY
    except UnknownYearError:
        return None
    return day
