"""A party without a desk here answers on paper: the sender's liaison writes the answer down.

The letter carries the handoff's number as a QR picture; scanned back, its file stays with the
case, and the answer ends in the same state as one that came from a desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.access import Level
from workflows.cases.acting import writing
from workflows.cases.decision import FactsChange
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.moments import check_occurred_at
from workflows.cases.platform import Platform
from workflows.cases.receive_message import (
    DEAD,
    DELIVERED,
    Received,
    ReceiveMessage,
    is_sender,
)
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.submission import Submission, save_submission
from workflows.cases.tables import Run
from workflows.errors import FieldError, ForbiddenError, InvalidFormError, RuleError
from workflows.handoffs.answer import Said, check_may_answer, take_down
from workflows.handoffs.reply import Arriving, bring
from workflows.handoffs.resend import ABILITY, find_seen
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff
from workflows.messages import Message
from workflows.storage import Actor
from workflows.storage.ids import decode_id, encode_id

SCAN = "handoff_scan"
"""Field name of the scanned answer."""
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """An answer that came on paper. `outcome`: accepted, declined, returned, or a word of the
    sender's package; `files`: outside ids of its scans; `note`: what it says; `data`: values for
    the sender's diagram."""

    handoff: str
    outcome: str
    reason: str = ""
    note: str = ""
    files: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None
    late_reason: str | None = None
    idempotency_key: str | None = None


def record_answer(platform: Platform, actor: Actor, command: RecordAnswer) -> str:
    """Writes an answer down and brings it to the sender's run; the handoff's state then.

    Raises InvalidInputError, NotVisibleError, ForbiddenError, InvalidFormError (no outcome, a file
    that is not there), RuleError (the other side answers for itself, answered already, taken
    back), KeyReusedError; nothing is written then.
    """
    now = platform.clock.now()
    occurred_at = check_occurred_at(command.occurred_at, now, command.late_reason) or now
    asked = body_hash("record_answer", _body(command))
    with writing(platform, actor) as session:
        first = take_key(session, command.idempotency_key, asked, now)
        if first is not None:
            return str(first["state"])
        row = find_seen(session, command.handoff)
        sender = load_run(session, platform, row.from_run)
        session.refresh(row, with_for_update=True)
        package = platform.catalogue.load(session, sender.run.version_id)
        _check(actor, row, sender, command, package.manifest.senders)
        files = _scans(command)
        save_submission(
            session, platform, sender.case, sender.key, files, run_id=sender.run.id, at=now
        )
        note = {"note": command.note[:LONGEST_NOTE]} if command.note else {}
        data = {**command.data, **note}
        reason = command.reason.strip()[:60] or None
        said = Said(command.outcome.strip()[:60], reason, data, (), occurred_at, now)
        answer = take_down(session, row, said, sender.case.id, sender.key, actor)
        arriving = Arriving(row, answer, sender, package, data, command.files, reason)
        bring(session, platform, arriving, now)
        session.flush()
        keep_answer(session, command.idempotency_key, {"state": row.state})
        return row.state


def answer_by_message(platform: Platform, actor: Actor, message: ReceiveMessage) -> Received | None:
    """A message from outside that is the answer of a party without a desk: written down as such.
    None where no letter of the case waits for a message of this name.

    `payload`: outcome (else what the message's name stands for), reason, note, data. Raises what
    `record_answer` raises.
    """
    with platform.database.reading(actor) as session:
        row = session.scalars(
            select(Handoff)
            .where(Handoff.from_case == decode_id(message.case), Handoff.to_unit == "")
            .order_by(Handoff.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        run = session.get_one(Run, row.from_run)
        declared = platform.catalogue.load(session, run.version_id).manifest.handoff(row.kind)
    words = {name: word for word, name in declared.messages.items()} if declared else {}
    if message.name not in words:
        return None
    given = message.payload
    state = record_answer(
        platform,
        actor,
        RecordAnswer(
            handoff=encode_id(row.id),
            outcome=str(given.get("outcome") or words[message.name]),
            reason=str(given.get("reason") or ""),
            note=str(given.get("note") or ""),
            data=given["data"] if isinstance(given.get("data"), dict) else {},
            occurred_at=message.occurred_at,
            late_reason=message.late_reason,
            idempotency_key=f"message {message.message_id}",
        ),
    )
    return Received(DEAD if state == State.DEAD else DELIVERED)


def may_record(actor: Actor, row: Handoff, level: Level) -> Message | None:
    """None, or why the actor may not write an answer down. `level`: sight of the sender's run."""
    if level < Level.FULL or not actor.may_in(ABILITY, row.from_path):
        return Message("handoffs.may_not_send", {"unit": row.from_name})
    if row.to_unit:
        return Message("handoffs.answered_by_desk", {"to": row.to_name})
    return None


def _check(
    actor: Actor,
    row: Handoff,
    sender: LoadedRun,
    command: RecordAnswer,
    senders: tuple[str, ...],
) -> None:
    refused = may_record(actor, row, sender.subject(actor, sender.run).level)
    if not row.to_unit and is_sender(actor, senders):
        refused = None
    if refused is not None:
        refusal = RuleError if refused.code == "handoffs.answered_by_desk" else ForbiddenError
        raise refusal(refused.code, **refused.params)
    if not command.outcome.strip():
        why = Message("handoffs.no_outcome", {"title": row.title})
        raise InvalidFormError([FieldError("/outcome", why)])
    if row.state == State.WITHDRAWN:
        raise RuleError("handoffs.withdrawn")
    check_may_answer(row)


def _scans(command: RecordAnswer) -> Submission:
    return Submission({SCAN: list(command.files)}, FactsChange(), None, {}, command.files)


def _body(command: RecordAnswer) -> dict[str, object]:
    return {
        "handoff": command.handoff,
        "outcome": command.outcome,
        "reason": command.reason,
        "note": command.note,
        "files": list(command.files),
        "data": dict(command.data),
        "occurred_at": command.occurred_at,
    }
