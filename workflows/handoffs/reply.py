"""A word of the other side reaches the sender's run as a BPMN message.

It finds the one place that waits for this very handoff. Too early it waits with the run's other
early messages; too late it is a dead letter that a person can see and send again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.idempotency import body_hash
from workflows.cases.platform import Platform
from workflows.cases.receive_message import DEAD, DELIVERED, OUTCOMES, WAITING, message_place
from workflows.cases.sealing import message_to_json, open_json, seal_json
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.tables import NORMAL, CaseKeyRow, CaseRecord, InboundMessage, Run
from workflows.cases.timeline import Line, append
from workflows.catalogue.package import Package
from workflows.documents.rendering import Renderer
from workflows.errors import FengqiaoError
from workflows.handoffs.answer import OPEN
from workflows.handoffs.deliver import is_passing, put_aside, why_refused
from workflows.handoffs.papers import Paper, There, copy_papers, make_all
from workflows.handoffs.places import answer_place, message_id
from workflows.handoffs.sealed import close_here
from workflows.handoffs.states import State, after
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import Message
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import encode_id


@dataclass(frozen=True, slots=True)
class _Order:
    """A reply: which answer, to whose run, under which key, with which documents."""

    id: int
    number: int
    from_run: int
    wrapped: bytes | None
    documents: Sequence[int]


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer at the sender's case: rows locked, `data` and `reason` opened, `files` copied."""

    row: Handoff
    answer: HandoffAnswer
    sender: LoadedRun
    package: Package
    data: Mapping[str, Any]
    files: tuple[str, ...] = ()
    reason: str | None = None


def reply(platform: Platform, renderer: Renderer, handoff_id: int, number: int) -> str:
    """Brings one answer. Returns delivered | waiting | dead, or late where it was brought before.

    Raises what may be gone in a moment, as `deliver` does.
    """
    order = _read_order(platform, handoff_id, number)
    if order is None:
        return "late"
    try:
        papers = make_all(platform, renderer, order.documents)
        return _reply(platform, order, papers)
    except FengqiaoError as error:
        if is_passing(error):
            raise
        _mark_dead(platform, handoff_id, number)
        return put_aside(platform, handoff_id, why_refused(error))


def _read_order(platform: Platform, handoff_id: int, number: int) -> _Order | None:
    """What is to be brought, None where it was brought before."""
    with platform.database.reading(SYSTEM) as session:
        found = session.execute(
            select(HandoffAnswer, Handoff.from_run, CaseKeyRow.wrapped)
            .join(Handoff, Handoff.id == HandoffAnswer.handoff_id)
            .join(CaseKeyRow, CaseKeyRow.case_id == HandoffAnswer.case_id)
            .where(HandoffAnswer.handoff_id == handoff_id, HandoffAnswer.number == number)
        ).one_or_none()
    if found is None or found.HandoffAnswer.state not in (OPEN, DEAD):
        return None
    answer = found.HandoffAnswer
    return _Order(handoff_id, number, found.from_run, found.wrapped, answer.documents)


def _mark_dead(platform: Platform, handoff_id: int, number: int) -> None:
    with writing(platform, SYSTEM) as session:
        session.get_one(HandoffAnswer, (handoff_id, number)).state = DEAD
        session.flush()


def _reply(platform: Platform, order: _Order, papers: Sequence[Paper]) -> str:
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        sender = load_run(session, platform, order.from_run)
        row = session.get_one(Handoff, order.id, with_for_update=True, populate_existing=True)
        answer = session.get_one(HandoffAnswer, (order.id, order.number), populate_existing=True)
        if answer.state not in (OPEN, DEAD):
            return "late"
        key = platform.vault.open_key(order.wrapped)
        body = open_json(key, answer.body, answer_place(order.id, order.number))
        package = platform.catalogue.load(session, sender.run.version_id)
        # Once, however often the answer is brought.
        there = There(sender.case.id, sender.run.id, now)
        files = answer.files or copy_papers(session, platform, papers, there)
        reason = body.get("reason", answer.reason)
        arriving = Arriving(row, answer, sender, package, body["data"], tuple(files), reason)
        _follow_class(session, platform, arriving, now)
        outcome = bring(session, platform, arriving, now)
        session.flush()
    return outcome


def _follow_class(session: Session, platform: Platform, arriving: Arriving, now: datetime) -> None:
    """What a restricted case says never arrives in an open one: closing off may be slower than an
    answer."""
    there = session.scalar(
        select(CaseRecord.access_class).where(CaseRecord.id == arriving.answer.case_id)
    )
    sender = arriving.sender
    if there not in (None, NORMAL) and close_here(session, platform, sender, now):
        sender.run.access_class = sender.case.access_class


def bring(session: Session, platform: Platform, arriving: Arriving, now: datetime) -> str:
    """Gives the answer to the sender's run, in the open transaction: delivered | waiting | dead.

    The same message counts once however often it is brought. Raises what `decide` raises.
    """
    row, answer = arriving.row, arriving.answer
    name = _message_name(arriving)
    outcome = DELIVERED
    if row.withdrawn_at is not None or arriving.sender.run.status != "open":
        outcome = DEAD
        _write_line(session, arriving, now, "handoffs.came_late")
    elif name is None:
        _write_line(session, arriving, now, "handoffs.did_hear")
    else:
        outcome = _tell_run(session, platform, arriving, name, now)
    answer.state, answer.files = outcome, list(arriving.files)
    if outcome == DEAD:
        row.state = State.DEAD
        row.problem = message_to_json(Message("handoffs.late", {"title": row.title}))
    elif row.state == State.DEAD:
        row.state, row.problem = after(answer.outcome), None
    return outcome


def _message_name(arriving: Arriving) -> str | None:
    declared = arriving.package.manifest.handoff(arriving.row.kind)
    word = str(after(arriving.answer.outcome))
    return declared.message_for(word) if declared is not None else None


def payload_of(arriving: Arriving) -> dict[str, Any]:
    """What the sender's diagram gets as its message variable."""
    row, answer = arriving.row, arriving.answer
    return {
        "handoff": encode_id(row.id),
        "kind": row.kind,
        "outcome": answer.outcome,
        "reason": arriving.reason,
        "by": row.to_unit or row.to_name,
        "number": row.to_number or None,
        "data": dict(arriving.data),
        "files": list(arriving.files),
    }


def _tell_run(
    session: Session, platform: Platform, arriving: Arriving, name: str, now: datetime
) -> str:
    answer, sender = arriving.answer, arriving.sender
    payload = payload_of(arriving)
    command = Command(CommandKind.MESSAGE, now, answer.occurred_at, data=payload, name=name)
    line = _line(arriving, "handoffs.did_hear", command.moment)
    done = act_on_run(session, platform, sender, arriving.package, command, (line,))
    state = OUTCOMES.get(done.decision.outcome, DELIVERED)
    _keep(session, arriving, name, payload, state, now)
    sender.run.waiting_messages += state == WAITING
    return state


def _keep(
    session: Session,
    arriving: Arriving,
    name: str,
    payload: Mapping[str, Any],
    state: str,
    now: datetime,
) -> None:
    """The message among the case's others: early ones are brought again from there."""
    row, answer, sender = arriving.row, arriving.answer, arriving.sender
    key = message_id(row.id, answer.number)
    again = answer.state == DEAD
    known = session.get(InboundMessage, (sender.case.id, key)) if again else None
    if known is not None:
        known.state = state
        return
    session.add(
        InboundMessage(
            case_id=sender.case.id,
            message_id=key,
            run_id=sender.run.id,
            name=name,
            payload=seal_json(sender.key, dict(payload), message_place(sender.case.id, key)),
            body_hash=body_hash("message", {"name": name, "payload": payload}),
            state=state,
            occurred_at=answer.occurred_at,
            received_at=now,
        )
    )


def _write_line(session: Session, arriving: Arriving, now: datetime, code: str) -> None:
    sender = arriving.sender
    line = _line(arriving, code, arriving.answer.occurred_at)
    actor: Actor = session.actor
    append(session, sender.case, sender.key, (line,), actor=actor, recorded_at=now)


def _line(arriving: Arriving, code: str, occurred_at: datetime) -> Line:
    row, answer = arriving.row, arriving.answer
    return Line(
        action="handoff.hear",
        sentence=Message(code, {"title": row.title, "from": row.to_name}),
        occurred_at=occurred_at,
        kind="message",
        subject=answer.outcome,
        detail=arriving.reason,
        run_id=row.from_run,
    )


def settle_waiting(platform: Platform, run_id: int) -> None:
    """After early messages of a run were brought again: what became of answers among them."""
    with writing(platform, SYSTEM) as session:
        rows = session.execute(
            select(Handoff, HandoffAnswer)
            .join(HandoffAnswer, HandoffAnswer.handoff_id == Handoff.id)
            .where(
                Handoff.from_case == select(Run.case_id).where(Run.id == run_id).scalar_subquery(),
                Handoff.from_run == run_id,
                HandoffAnswer.state == WAITING,
            )
        ).all()
        for row, answer in rows:
            key = (row.from_case, message_id(row.id, answer.number))
            message = session.get_one(InboundMessage, key)
            answer.state = message.state
            if message.state == DEAD:
                row.state = State.DEAD
                row.problem = message_to_json(Message("handoffs.late", {"title": row.title}))
        session.flush()
