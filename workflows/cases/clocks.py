"""Pause, resume, extend: acts on a clock's row alone. The engine never hears of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from workflows.cases import answers
from workflows.cases.access import check
from workflows.cases.acting import writing
from workflows.cases.clock_rows import Row, day_words, due_values, save_clocks
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.item_rows import save_items, with_clock
from workflows.cases.moments import check_reason
from workflows.cases.platform import Platform
from workflows.cases.queries.records import ClockView
from workflows.cases.queries.views import Reading, clock_subject, clock_view, find_rule
from workflows.cases.snapshot import LoadedRun, load_run, sees_nothing
from workflows.cases.tables import FAR
from workflows.cases.timeline import Line, append
from workflows.deadlines import Rule, RuleBook, check_extension
from workflows.deadlines.compute import local_day
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_item

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockCommand:
    """An act on a clock. `why`: one of the rule's pause reasons (pause); `days`, `consents` (ids
    of the parties who agree) for an extension. `reason` is kept in the timeline."""

    clock: str
    reason: str
    why: str = ""
    days: int = 0
    consents: tuple[str, ...] = ()
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A clock in hand, its case locked."""

    session: Session
    loaded: LoadedRun
    row: Mapping[str, Any]
    rule: Rule
    book: RuleBook
    now: datetime
    command: ClockCommand

    @property
    def today(self) -> date:
        return local_day(self.now)


_Step: TypeAlias = Callable[[_Held], tuple[Row, Message]]


def pause(platform: Platform, actor: Actor, command: ClockCommand) -> ClockView:
    """Time stops from today. Raises NotVisibleError, ForbiddenError, RuleError (no reason, or one
    the rule does not know), KeyReusedError; so do the two below."""
    return _act(platform, actor, command, "pause", _pause)


def resume(platform: Platform, actor: Actor, command: ClockCommand) -> ClockView:
    """Time runs again from today; the days between do not count."""
    return _act(platform, actor, command, "resume", _resume)


def extend(platform: Platform, actor: Actor, command: ClockCommand) -> ClockView:
    """More days, within what the rule allows and with the consents or approval it demands."""
    return _act(platform, actor, command, "extend", _extend)


def _act(
    platform: Platform, actor: Actor, command: ClockCommand, action: str, step: _Step
) -> ClockView:
    run_id, number = decode_item(command.clock)
    reason = check_reason(command.reason)
    now = platform.clock.now()
    body = {
        "clock": command.clock,
        "reason": reason,
        "why": command.why,
        "days": command.days,
        "consents": command.consents,
    }
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, body_hash(action, body), now)
        if first is not None:
            return answers.clock_from_json(first)
        loaded = load_run(session, platform, run_id, unknown="cases.unknown_clock")
        reading = Reading(actor, now, platform.rules(session))
        row = next((one for one in loaded.clocks if one["number"] == number), None)
        if row is None or sees_nothing(actor, loaded):
            raise NotVisibleError("cases.unknown_clock")
        subject = loaded.subject(actor, loaded.run)
        rule = find_rule(reading.book, row)
        check(actor, action, clock_subject(row, rule, subject))
        if rule is None:
            raise RuleError("cases.rule_gone", rule=row["rule"])
        held = _Held(session, loaded, row, rule, reading.book, now, command)
        changed, sentence = step(held)
        _save(held, changed, Line(f"clock.{action}", sentence, now, "clock", detail=reason))
        view = clock_view(changed, reading, subject)
        keep_answer(session, command.idempotency_key, answers.clock_to_json(view))
        return view


def _save(held: _Held, changed: Row, line: Line) -> None:
    loaded, session = held.loaded, held.session
    append(
        session,
        loaded.case,
        loaded.key,
        (line,),
        actor=session.actor,
        recorded_at=held.now,
    )
    session.flush()
    save_clocks(session, [changed])
    number = changed["number"]
    save_items(
        session,
        [with_clock(row, changed) for row in loaded.items if row["clock_number"] == number],
    )


def _pause(held: _Held) -> tuple[Row, Message]:
    why = held.command.why or (held.rule.pauses[0] if len(held.rule.pauses) == 1 else "")
    if why not in held.rule.pauses:
        raise RuleError("cases.pause_reason_unknown", known="、".join(held.rule.pauses))
    excluded = [*held.row["excluded"], [held.today.isoformat(), None, why]]
    changed = {**held.row, "status": "paused", "fires_at": FAR, "excluded": excluded}
    return changed, Message("cases.did_pause_clock", {"title": held.rule.title})


def _resume(held: _Held) -> tuple[Row, Message]:
    *earlier, (first, _last, why) = held.row["excluded"]
    last = held.today - DAY
    if date.fromisoformat(first) <= last:
        earlier = [*earlier, [first, last.isoformat(), why]]
    changed = _counted_anew(held, earlier, held.row["extended_days"])
    return changed, Message("cases.did_resume_clock", _due_words(held, changed))


def _extend(held: _Held) -> tuple[Row, Message]:
    already, days = held.row["extended_days"], held.command.days
    check_extension(held.rule, days, already=already)
    _check_consents(held)
    changed = _counted_anew(held, held.row["excluded"], already + days)
    words = {**_due_words(held, changed), "days": days}
    return changed, Message("cases.did_extend_clock", words)


def _check_consents(held: _Held) -> None:
    """What the rule demands before it may be extended."""
    extension = held.rule.extension
    assert extension is not None
    if extension.consent == "parties":
        parties = {str(p["id"]) for p in held.loaded.case.parties if not p.get("ended")}
        if not parties <= set(held.command.consents):
            raise RuleError("cases.consents_missing")
    if extension.approval:
        actor = held.session.actor
        if not actor.is_system and not actor.may_in(extension.approval, held.loaded.unit.path):
            raise ForbiddenError("cases.approval_needed")


def _counted_anew(held: _Held, excluded: list[Any], extended: int) -> Row:
    spans = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last, _ in excluded]
    due = held.book.due(
        held.row["rule"],
        held.row["base"],
        held.row["unit_code"],
        excluded=spans,
        extended_days=extended,
    )
    return {**held.row, **due_values(due), "excluded": excluded, "extended_days": extended}


def _due_words(held: _Held, changed: Row) -> dict[str, object]:
    due_on = changed["due_on"]
    return {"title": held.rule.title, "due_on": day_words(due_on, changed["status"])}
