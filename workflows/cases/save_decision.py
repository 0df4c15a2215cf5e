"""From a decision to rows: the one place that does it, for every command.

Everything is written with one flush: one statement a table, whatever the decision holds and
however many cases have decided. Nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import case, func, inspect, select, update

from workflows.cases.clock_rows import close_clock, new_clock, save_clocks
from workflows.cases.decision import Command, CommandKind, Decision, today_of
from workflows.cases.item_rows import Row, add_items, finish, save_items, stage_of, with_case_facts
from workflows.cases.news import given
from workflows.cases.platform import Platform
from workflows.cases.renaming import (
    NO_CHANGES,
    Changes,
    has_other_runs,
    index_case,
    rename_items,
)
from workflows.cases.sealing import seal_json
from workflows.cases.snapshot import LoadedRun, state_place
from workflows.cases.tables import CallRow, JournalEntry, Run
from workflows.cases.timeline import Line, append
from workflows.catalogue.package import Package
from workflows.messages import Message
from workflows.notices.tell import News, tell
from workflows.storage import Actor, Session, outbox

CALL_TOPIC = "call"
"""Outbox: a remote operation is to be done. Payload {"run", "number"}; see `calls.py`."""
MESSAGE_TOPIC = "message"
"""Outbox: a diagram threw a message. Payload {"run", "name", "body": hex of the sealed payload}."""
REDELIVER_TOPIC = "redeliver"
"""Outbox: early messages of a run may now be awaited. Payload {"run"}."""
ENDED_TOPIC = "run.ended"
"""Outbox: a run of a package that handoffs begin is over. Payload {"run"}."""

STATUS_OF_END = {"withdrawn": "cancelled", "voided": "voided"}
"""Status of a run by its end state; every other end is `completed`."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, by whom, when: all that saving needs besides the decision.

    `at`: when we were told. `lines`: what the timeline says of the act itself, before what the
    decision adds. `changes`: what the change of facts means for copies of them.
    """

    platform: Platform
    actor: Actor
    package: Package
    command: Command
    at: datetime
    lines: tuple[Line, ...] = ()
    changes: Changes = NO_CHANGES

    @property
    def occurred_at(self) -> datetime:
        return self.command.moment


@dataclass(frozen=True, slots=True)
class Saved:
    """The run's open work items and clocks after the act."""

    items: tuple[Row, ...]
    clocks: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One decision on its way: what the session holds already, and the rows behind its flush.

    `numbered`: the run was given its number by this very act.
    """

    loaded: LoadedRun
    act: Act
    saved: Saved
    items: Sequence[Row]
    clocks: Sequence[Row]
    news: Sequence[News]
    numbered: bool


def prepare(session: Session, loaded: LoadedRun, decision: Decision, act: Act) -> Prepared:
    """Everything that follows from one command, added to the session; `write` flushes it."""
    numbered = inspect(loaded.run).attrs.number.history.has_changes()
    clocks, changed_clocks = _clocks(loaded, decision, act)
    items, changed_items = _items(session, loaded, decision, act, clocks)
    _save_calls(session, loaded, decision, act)
    _save_messages(session, loaded, decision, act)
    _save_run(session, loaded, decision, act)
    _append_lines(session, loaded, decision, act)
    added = {new.number for new in decision.items_added}
    fresh = [row for row in items if row["number"] in added]
    return Prepared(
        loaded=loaded,
        act=act,
        saved=Saved(tuple(items), clocks),
        items=changed_items,
        clocks=changed_clocks,
        news=given(fresh, act.actor, act.at),
        numbered=numbered,
    )


def write(session: Session, all_of_them: Sequence[Prepared]) -> None:
    """Flushes what was prepared and writes the rows behind it. Each of another case, in one
    installation."""
    session.flush()
    if not all_of_them:
        return
    save_items(session, [row for one in all_of_them for row in one.items])
    save_clocks(session, [row for one in all_of_them for row in one.clocks])
    platform = all_of_them[0].act.platform
    news = [told for one in all_of_them for told in one.news]
    tell(session, platform.ids, news, mails=platform.mails)
    for one in all_of_them:
        _name_anew(session, one)


def _name_anew(session: Session, one: Prepared) -> None:
    """Copies of what the case is called, where that has changed."""
    loaded, act = one.loaded, one.act
    if act.changes.named and has_other_runs(loaded.parts, loaded.run):
        rename_items(session, loaded.case)
    if act.changes.worded or one.numbered or act.command.kind is CommandKind.START:
        index_case(session, loaded.case, loaded.parts, loaded.run)


def _clocks(loaded: LoadedRun, decision: Decision, act: Act) -> tuple[dict[int, Row], list[Row]]:
    """(open clocks by number, rows to write)."""
    stored = {row["number"]: dict(row) for row in loaded.clocks}
    opened = {
        clock.number: new_clock(loaded.run, clock, act.at) for clock in decision.clocks_opened
    }
    every = stored | opened
    closed = {
        end.number: close_clock(every[end.number], end, act.at)
        for end in decision.clocks_closed
        if end.number in every
    }
    still_open = {number: row for number, row in every.items() if number not in closed}
    return still_open, list((opened | closed).values())


def _items(
    session: Session,
    loaded: LoadedRun,
    decision: Decision,
    act: Act,
    clocks: Mapping[int, Row],
) -> tuple[list[Row], list[Row]]:
    """(open work items, rows to write)."""
    done = act.command.item if act.command.kind is CommandKind.COMPLETE else None
    open_rows, changed = [], []
    for stored in loaded.items:
        row = {**stored, "access_class": loaded.run.access_class}
        if row["number"] in decision.items_removed:
            state = "done" if row["number"] == done else "gone"
            changed.append(finish(row, state, account_id=act.actor.account_id, at=act.at))
        elif act.changes.named:
            open_rows.append(with_case_facts(row, loaded))
            changed.append(open_rows[-1])
        else:
            open_rows.append(row)
    added = add_items(
        session,
        loaded,
        act.package.manifest,
        decision.items_added,
        clocks,
        actor=act.actor,
        at=act.at,
    )
    return [*open_rows, *added], [*changed, *added]


def _save_run(session: Session, loaded: LoadedRun, decision: Decision, act: Act) -> None:
    run = loaded.run
    run.revision = decision.revision
    run.state = loaded.key.seal(decision.state, state_place(run.id).encode())
    run.pending_calls += len(decision.calls_opened) - len(decision.calls_closed)
    run.active = [list(place) for place in decision.active]
    _enter_stage(run, decision, act)
    session.add(
        JournalEntry(
            run_id=run.id,
            number=decision.revision,
            kind=str(act.command.kind),
            at=act.at,
            facts_revision=loaded.case.facts_revision,
            entry=seal_json(loaded.key, decision.journal, journal_place(run.id, decision.revision)),
        )
    )
    if decision.ended is not None:
        _end(session, loaded, decision.ended, act)


def journal_place(run_id: int, number: int) -> str:
    """Where a journal entry belongs (see `sealing`)."""
    return f"journal/{run_id}/{number}"


def _enter_stage(run: Run, decision: Decision, act: Act) -> None:
    run.stage = decision.stage or ""
    key, _title = stage_of(act.package.manifest, run.stage)
    if key and key not in run.stages:
        run.stages = {**run.stages, key: today_of(act.occurred_at).isoformat()}


def _end(session: Session, loaded: LoadedRun, ended: str, act: Act) -> None:
    """The run is over; its case closes with its last run."""
    run, matter = loaded.run, loaded.case
    run.status, run.end_state = STATUS_OF_END.get(ended, "completed"), ended
    run.closed_at = act.occurred_at
    others = session.scalar(
        select(func.count())
        .select_from(Run)
        .where(Run.case_id == matter.id, Run.status == "open", Run.id != run.id)
        .execution_options(autoflush=False)
    )
    if any(start.by_handoff for start in act.package.manifest.starts):
        _post(session, act, ENDED_TOPIC, {"run": run.id})
    if not others and matter.status == "open":
        matter.status, matter.closed_at = "closed", act.occurred_at


def _save_calls(session: Session, loaded: LoadedRun, decision: Decision, act: Act) -> None:
    run = loaded.run
    for call in decision.calls_opened:
        session.add(
            CallRow(
                run_id=run.id,
                number=call.number,
                case_id=run.case_id,
                element=call.element,
                operation=call.operation,
                parameters=seal_json(
                    loaded.key, dict(call.parameters), call_place(run.id, call.number)
                ),
                state="open",
                opened_at=act.at,
                closed_at=None,
            )
        )
        _post(session, act, CALL_TOPIC, {"run": run.id, "number": call.number})
    if decision.calls_closed:
        answered = act.command.item if act.command.kind is CommandKind.ANSWER else -1
        session.execute(
            update(CallRow)
            .where(CallRow.run_id == run.id, CallRow.number.in_(decision.calls_closed))
            .values(
                state=case({answered: "answered"}, value=CallRow.number, else_="gone"),
                closed_at=act.at,
            )
            .execution_options(synchronize_session=False)
        )


def call_place(run_id: int, number: int) -> str:
    """Where a call's parameters belong (see `sealing`)."""
    return f"call/{run_id}/{number}"


def _save_messages(session: Session, loaded: LoadedRun, decision: Decision, act: Act) -> None:
    run = loaded.run
    for message in decision.messages_out:
        body = seal_json(loaded.key, dict(message.payload), f"message/{run.id}/{message.name}")
        payload = {"run": run.id, "name": message.name, "body": body.hex()}
        _post(session, act, MESSAGE_TOPIC, payload)
    if run.waiting_messages:
        _post(session, act, REDELIVER_TOPIC, {"run": run.id})


def _post(session: Session, act: Act, topic: str, payload: Mapping[str, Any]) -> None:
    outbox.add(session, topic, payload=orjson.dumps(payload), ids=act.platform.ids, now=act.at)


def _append_lines(session: Session, loaded: LoadedRun, decision: Decision, act: Act) -> None:
    said = tuple(
        Line(
            action=message.code,
            sentence=message,
            occurred_at=act.occurred_at,
            kind=kind_of(message),
        )
        for message in decision.happened
    )
    lines: Sequence[Line] = (*act.lines, *said)
    append(
        session,
        loaded.case,
        loaded.key,
        [replace(line, run_id=line.run_id or loaded.run.id) for line in lines],
        actor=act.actor,
        recorded_at=act.at,
    )


def kind_of(message: Message) -> str:
    """Which icon a sentence of the heart has: by the word in its code."""
    for kind in ("clock", "document", "message"):
        if kind in message.code:
            return kind
    return "system"
