"""Rows → records: how a work item and a clock look to one reader at one moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from workflows.cases.access import (
    CLOCK_ACTIONS,
    ITEM_ACTIONS,
    CaseSubject,
    ClockSubject,
    ItemSubject,
    allowed,
    holds_role,
)
from workflows.cases.facts import names_in
from workflows.cases.queries.records import ClockView, InboxRow, Titles
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import FAR, NORMAL
from workflows.deadlines import Calendar, Rule, RuleBook
from workflows.deadlines.book import parse_base
from workflows.deadlines.calendar import UnknownYearError
from workflows.deadlines.compute import local_day
from workflows.errors import InvalidInputError
from workflows.messages import Message, say
from workflows.storage import Actor
from workflows.storage.ids import encode_id, encode_item

INSTANT = timedelta(microseconds=1)
FAR_FUTURE_DAYS = 400
"""Working days beyond are not counted one by one; natural days are shown instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, when, with which rules."""

    actor: Actor
    now: datetime
    book: RuleBook


def item_subject(row: Mapping[str, Any], *, granted: bool = False) -> ItemSubject:
    """What the access rules look at."""
    return ItemSubject(
        role=row["role"],
        unit_path=row["unit_path"],
        unit_name=row["unit_name"],
        assignee=row["assignee"],
        assignee_name=row["assignee_name"],
        is_open=row["state"] == "open",
        access_class=row["access_class"],
        granted=granted,
    )


def item_view(
    row: Mapping[str, Any],
    clock: Mapping[str, Any] | None,
    reading: Reading,
    *,
    granted: bool = False,
) -> InboxRow:
    """One work item as a list shows it. `granted`: the reader takes part in its case in person.

    Of a restricted case others see the number alone: no title, no names, no label of an instance.
    """
    subject = item_subject(row, granted=granted)
    sees_parties = _sees_parties(subject, reading.actor)
    hidden = subject.access_class != NORMAL and not sees_parties
    return InboxRow(
        id=encode_item(row["run_id"], row["number"]),
        revision=row["revision"],
        name=row["element"],
        title=row["title"],
        case_id=encode_id(row["case_id"]),
        case_number=row["case_number"],
        case_title="" if hidden else row["case_title"],
        parties=names_in(row["parties_text"]) if sees_parties else (),
        run=encode_id(row["run_id"]),
        process=row["process"],
        stage=row["stage_title"],
        instance_label=None if hidden else row["instance_label"],
        role=row["role"],
        unit=row["unit_code"],
        unit_name=row["unit_name"],
        assignee=row["assignee"] or None,
        assignee_name=row["assignee_name"] or None,
        due_on=due_day(row["due_at"]),
        due_at=None if row["due_at"] == FAR else row["due_at"],
        clock=None if clock is None else _clock_of_item(row, clock, reading),
        priority=row["priority"],
        state=row["state"],
        group=urgency(row, reading.now),
        may=allowed(reading.actor, subject, ITEM_ACTIONS),
        instance_key="/".join(map(str, row["instance"])) or None,
    )


def _clock_of_item(row: Mapping[str, Any], clock: Mapping[str, Any], reading: Reading) -> ClockView:
    """A clock that only reminds is over when it has fired; the work under it stays overdue."""
    view = clock_view(clock, reading)
    overdue = row["state"] == "open" and view.state == "missed"
    return replace(view, state="over") if overdue else view


def due_day(due_at: datetime) -> date | None:
    """The local day that ends at `due_at`."""
    return None if due_at == FAR else local_day(due_at - INSTANT)


def urgency(row: Mapping[str, Any], now: datetime) -> str:
    """over | soon | later."""
    if row["due_at"] <= now:
        return "over"
    return "soon" if row["warn_at"] <= now else "later"


def clock_view(
    row: Mapping[str, Any], reading: Reading, case: CaseSubject | None = None
) -> ClockView:
    """One clock; what may be done with it only where `case` says who looks."""
    rule = find_rule(reading.book, row)
    today = local_day(reading.now)
    unit = rule.unit if rule else "d"
    return ClockView(
        id=encode_item(row["run_id"], row["number"]),
        rule=row["rule"],
        title=rule.title if rule else {"zh": row["rule"], "en": row["rule"]},
        article=article_of(rule),
        base=row["base"],
        due_on=row["due_on"],
        due_at=None if row["due_at"] == FAR else row["due_at"],
        state=clock_state(row, reading.now),
        status="met" if row["status"] == "cancelled" else row["status"],
        left=_left(row["due_on"], today, unit, reading.book.calendar(row["unit_code"])),
        unit="d" if unit in ("mo", "y") else unit,
        rolled=bool(row["rolled"]),
        excluded=tuple(
            (date.fromisoformat(first), date.fromisoformat(last) if last else today, why)
            for first, last, why in row["excluded"]
        ),
        used_share=_used_share(row, today),
        steps=tuple(message_from_json(step) for step in row["steps"]),
        rule_version=row["rule_version"],
        calendar_version=row["calendar_version"],
        run=encode_id(row["run_id"]),
        may=()
        if case is None
        else allowed(reading.actor, clock_subject(row, rule, case), CLOCK_ACTIONS),
    )


def clock_state(row: Mapping[str, Any], now: datetime) -> str:
    """ok | soon | over | paused | met | reached | missed | none (uncomputable) | closed."""
    status = row["status"]
    if status == "met" and row["watches"] == row["element"]:
        return "reached"
    if not row["is_open"]:
        return "closed" if status == "cancelled" else str(status)
    if status == "paused":
        return "paused"
    if row["due_on"] is None:
        return "none"
    if row["due_at"] <= now:
        return "over"
    warns = (datetime.fromisoformat(text) <= now for text in row["warn_at"])
    return "soon" if any(warns) else "ok"


def clock_subject(row: Mapping[str, Any], rule: Rule | None, case: CaseSubject) -> ClockSubject:
    """What the access rules look at."""
    return ClockSubject(
        case=case,
        is_open=bool(row["is_open"]),
        is_paused=row["status"] == "paused",
        can_pause=bool(rule and rule.pauses),
        can_extend=bool(rule and rule.extension),
    )


def find_rule(book: RuleBook, row: Mapping[str, Any]) -> Rule | None:
    """The rule a clock runs by; None if an office has removed it since."""
    try:
        return book.rule(row["rule"], row["unit_code"], local_day(parse_base(row["base"])))
    except InvalidInputError:
        return None


def article_of(rule: Rule | None) -> Titles:
    """民诉法第205条 · 30日, in both languages; a day that people agreed on has no length."""
    if rule is None:
        return {"zh": "", "en": ""}
    if not rule.length:
        return rule.article
    words: Message = rule.length_words()
    return {
        "zh": " · ".join(filter(None, (rule.article["zh"], say(words)))),
        "en": " · ".join(filter(None, (rule.article["en"], say(words, "en")))),
    }


def _sees_parties(item: ItemSubject, actor: Actor) -> bool:
    if actor.is_system or item.assignee == actor.username or item.granted:
        return True
    if item.access_class != NORMAL:
        return False
    return holds_role(actor, item.role, item.unit_path) or actor.may_in("see_full", item.unit_path)


def _left(due_on: date | None, today: date, unit: str, calendar: Calendar) -> int | None:
    """Days, or working days, from today to the last day; negative after it."""
    if due_on is None:
        return None
    days = (due_on - today).days
    if unit != "wd" or abs(days) > FAR_FUTURE_DAYS:
        return days
    step = 1 if days >= 0 else -1
    try:
        return step * sum(
            not calendar.is_rest(min(today, due_on) + timedelta(days=offset))
            for offset in range(1, abs(days) + 1)
        )
    except UnknownYearError:
        return days


def _used_share(row: Mapping[str, Any], today: date) -> float | None:
    """The share of the time used up, days that did not count left out on both sides."""
    if row["due_on"] is None:
        return None
    start = local_day(parse_base(row["base"]))
    spans = [
        (date.fromisoformat(first), date.fromisoformat(last) if last else today)
        for first, last, _why in row["excluded"]
    ]
    idle = sum((last - first).days + 1 for first, last in spans)
    total = (row["due_on"] - start).days - idle
    used = (today - start).days - idle
    return min(1.0, max(0.0, used / total)) if total > 0 else 1.0
