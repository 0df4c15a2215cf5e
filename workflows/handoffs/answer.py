"""What the other side says: by its diagram (`handoff.answer`), or, where it has no desk here, by a
letter the sender's liaison writes down (`record_answer`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.platform import RunContext
from workflows.cases.sealing import seal_json
from workflows.cases.tables import NORMAL, Document
from workflows.cases.timeline import Line, append
from workflows.documents.operations import document_create
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import RuleError
from workflows.handoffs.places import REPLY_TOPIC, answer_place
from workflows.handoffs.states import ENDED, after
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import Message
from workflows.storage import Actor, Session, outbox
from workflows.storage.vault import CaseKey

OPEN = "open"
"""An answer that has not reached the sender's run yet."""


@dataclass(frozen=True, slots=True)
class Said:
    """One word of the other side. `documents`: row ids that come with it."""

    outcome: str
    reason: str | None
    data: Mapping[str, Any]
    documents: Sequence[int]
    occurred_at: datetime
    recorded_at: datetime


def handoff_answer(session: Session, context: RunContext) -> LocalOperation:
    """The factory the platform is given (`OperationFactory`)."""

    def answer(asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        return {"answered": _answer(session, context, asked, parameters)}

    return answer


def _answer(
    session: Session, context: RunContext, asked: Asked, parameters: Mapping[str, Any]
) -> bool:
    """False where no handoff began this run: a package serves people and other offices alike.
    Raises RuleError for a second last word."""
    found = session.raw(
        select(Handoff)
        .where(Handoff.to_case == context.case.id, Handoff.to_run == context.run.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row: Handoff | None = found.scalars().one_or_none()
    if row is None:
        return False
    outcome = str(parameters.get("outcome") or "").strip()[:60]
    if not outcome:
        raise RuleError("handoffs.no_outcome", title=row.title)
    check_may_answer(row)
    letter = _letter(session, context, asked, parameters)
    said = Said(
        outcome=outcome,
        reason=str(parameters.get("reason") or "").strip()[:60] or None,
        data=dict(parameters.get("data") or {}),
        documents=_documents(session, context, parameters, letter),
        occurred_at=asked.occurred_at,
        recorded_at=context.at,
    )
    taken = take_down(session, row, said, context.case.id, context.key, context.actor)
    row.letter_back = letter or row.letter_back
    payload = orjson.dumps({"handoff": row.id, "number": taken.number})
    outbox.add(session, REPLY_TOPIC, payload=payload, ids=context.platform.ids, now=context.at)
    _write_line(session, context, row, said)
    return True


def check_may_answer(row: Handoff) -> None:
    """RuleError where the last word has been said already."""
    last = after(row.outcome) if row.outcome else None
    if last in ENDED:
        raise RuleError("handoffs.answered_already", title=row.title)


def take_down(
    session: Session, row: Handoff, said: Said, case_id: int, key: CaseKey, actor: Actor
) -> HandoffAnswer:
    """Adds the answer under the key of `case_id` and moves the handoff on. A handoff that was
    taken back stays so: its answer will find nobody."""
    row.answers += 1
    row.outcome, row.answered_at = said.outcome, said.occurred_at
    # Somebody typed it: of a restricted matter it stands in the sealed body alone.
    plain_reason = said.reason if row.access_class == NORMAL else None
    if row.withdrawn_at is None:
        row.state, row.reason = after(said.outcome), plain_reason
    answer = HandoffAnswer(
        handoff_id=row.id,
        number=row.answers,
        outcome=said.outcome,
        reason=plain_reason,
        case_id=case_id,
        body=seal_json(
            key, {"data": said.data, "reason": said.reason}, answer_place(row.id, row.answers)
        ),
        documents=list(said.documents),
        files=[],
        state=OPEN,
        by_account=actor.account_id,
        by_name=actor.name,
        occurred_at=said.occurred_at,
        recorded_at=said.recorded_at,
    )
    session.add(answer)
    return answer


def _letter(
    session: Session, context: RunContext, asked: Asked, parameters: Mapping[str, Any]
) -> int | None:
    kind = str(parameters.get("letter") or "")
    if not kind:
        return None
    document_create(session, context)(asked, kind=kind)
    return max(row.id for row in session.new if isinstance(row, Document) and row.kind == kind)


def _documents(
    session: Session, context: RunContext, parameters: Mapping[str, Any], letter: int | None
) -> list[int]:
    kinds = [str(kind) for kind in parameters.get("documents") or ()]
    found = set() if letter is None else {letter}
    if kinds:
        counts = Document.state.not_in((SUPERSEDED, VOID))
        wanted = (Document.run_id == context.run.id, Document.kind.in_(kinds), counts)
        found |= set(session.scalars(select(Document.id).where(*wanted)))
        found |= {
            row.id
            for row in session.new
            if isinstance(row, Document) and row.kind in kinds and row.state != SUPERSEDED
        }
    return sorted(found)


def _write_line(session: Session, context: RunContext, row: Handoff, said: Said) -> None:
    line = Line(
        action="handoff.answer",
        sentence=Message("handoffs.did_answer", {"title": row.title, "to": row.from_name}),
        occurred_at=said.occurred_at,
        kind="message",
        subject=said.outcome,
        detail=said.reason,
        run_id=context.run.id,
    )
    append(session, context.case, context.key, (line,), actor=context.actor, recorded_at=context.at)
