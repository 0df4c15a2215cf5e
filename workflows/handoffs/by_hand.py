"""A party without a desk here answers on paper: the sender's liaison writes the answer down.

The letter carries the handoff's number as a QR picture; scanned back, its file stays with the
case, and the answer ends in the same state as one that came from a desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.cases.access import Level
from workflows.cases.acting import writing
from workflows.cases.decision import FactsChange
from workflows.cases.idempotency import body_hash, keep_answer, take_key
from workflows.cases.moments import check_occurred_at
from workflows.cases.platform import Platform
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.submission import Submission, save_submission
from workflows.errors import FieldError, ForbiddenError, InvalidFormError, RuleError
from workflows.handoffs.answer import Said, check_may_answer, take_down
from workflows.handoffs.reply import Arriving, bring
from workflows.handoffs.resend import ABILITY, find_seen
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff
from workflows.messages import Message
from workflows.storage import Actor

SCAN = "handoff_scan"
"""Field name of the scanned answer."""
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """An answer that came on paper. `outcome`: accepted, declined, returned, or a word of the
    sender's package; `files`: outside ids of its scans; `note`: what it says."""

    handoff: str
    outcome: str
    reason: str = ""
    note: str = ""
    files: tuple[str, ...] = ()
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
        _check(actor, row, sender, command)
        files = _scans(command)
        save_submission(
            session, platform, sender.case, sender.key, files, run_id=sender.run.id, at=now
        )
        data = {"note": command.note[:LONGEST_NOTE]} if command.note else {}
        reason = command.reason.strip()[:60] or None
        said = Said(command.outcome.strip()[:60], reason, data, (), occurred_at, now)
        answer = take_down(session, row, said, sender.case.id, sender.key, actor)
        package = platform.catalogue.load(session, sender.run.version_id)
        arriving = Arriving(row, answer, sender, package, data, command.files)
        bring(session, platform, arriving, now)
        session.flush()
        keep_answer(session, command.idempotency_key, {"state": row.state})
        return row.state


def may_record(actor: Actor, row: Handoff, level: Level) -> Message | None:
    """None, or why the actor may not write an answer down. `level`: sight of the sender's run."""
    if level < Level.FULL or not actor.may_in(ABILITY, row.from_path):
        return Message("handoffs.may_not_send", {"unit": row.from_name})
    if row.to_unit:
        return Message("handoffs.answered_by_desk", {"to": row.to_name})
    return None


def _check(actor: Actor, row: Handoff, sender: LoadedRun, command: RecordAnswer) -> None:
    refused = may_record(actor, row, sender.subject(actor, sender.run).level)
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
        "occurred_at": command.occurred_at,
    }
