"""Asking for a seal: from the page of a document, or by a diagram (`document.seal`).

Writes a row in the transaction of the act and nothing else; the worker makes the seal (`work.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.platform import Platform, RunContext
from workflows.cases.tables import CaseKeyRow, CaseRecord, Document, Run
from workflows.cases.timeline import Line, append
from workflows.documents import states
from workflows.documents.read import DocumentInfo, load_document
from workflows.errors import ForbiddenError, ProcessFaultError, RuleError
from workflows.messages import Message
from workflows.sealing.own import has_authority
from workflows.sealing.tables import DONE, FAILED, PENDING, DocumentSeal
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id

SEAL = "seal"
"""Ability of whoever may have their unit's documents sealed."""
OPEN_STATES = (states.PENDING, states.READY)


def order_seal(platform: Platform, actor: Actor, document_id: str) -> DocumentInfo:
    """Asks for the seal of the document's unit. Asking again changes nothing; after a failure it
    is tried anew.

    Raises what `load_document` raises, ForbiddenError without the ability in the unit, RuleError
    `sealing.not_ready`, `sealing.sealed_already`, `documents.superseded`, `documents.void`.
    """
    info = load_document(platform, actor, document_id)
    number, now = decode_id(info.id), platform.clock.now()
    with platform.database.transaction(actor) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id == decode_id(info.case_id))
            .with_for_update(of=CaseRecord)
        ).one()
        run = session.scalars(select(Run).where(Run.id == decode_id(info.run))).one()
        _check(actor, run)
        row = session.scalars(select(Document).where(Document.id == number)).one()
        if row.state in (states.SUPERSEDED, states.VOID):
            raise RuleError(f"documents.{row.state}")
        if not has_authority(session):
            raise RuleError("sealing.not_ready")
        if _enter(session, row, run, actor, now):
            line = Line(
                action="document.seal",
                sentence=Message("sealing.was_ordered", {"what": info.name}),
                occurred_at=now,
                kind="document",
                subject=info.name,
                run_id=run.id,
            )
            key = platform.vault.open_key(wrapped)
            append(session, case, key, (line,), actor=actor, recorded_at=now)
    return info


def document_seal(session: Session, context: RunContext) -> LocalOperation:
    """`document.seal {kind}`: the run's newest document of the kind that counts, also one this
    transaction has just asked for. The factory the platform is given (`OperationFactory`)."""

    def seal(_asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        kind = str(parameters.get("kind", ""))
        row = _newest(session, context.run.id, kind)
        if row is None:
            raise ProcessFaultError("sealing.no_document", kind=kind)
        with session.no_autoflush:
            _enter(session, row, context.run, context.actor, context.at)
        return {"ordered": True}

    return seal


def load_seal(session: Session, document_id: int) -> DocumentSeal | None:
    """The seal of a document, whatever became of it; None where none was asked for."""
    return session.scalars(
        select(DocumentSeal).where(DocumentSeal.document_id == document_id)
    ).one_or_none()


def may_order(actor: Actor, unit_code: str) -> bool:
    """Whether the actor may have documents of this unit sealed: a seal is used by its own unit,
    not by whoever reaches it from above."""
    return actor.is_system or any(
        SEAL in post.abilities and post.unit == unit_code for post in actor.posts
    )


def _check(actor: Actor, run: Run) -> None:
    if not may_order(actor, run.unit_code):
        raise ForbiddenError("sealing.may_not_order")


def _enter(session: Session, row: Document, run: Run, actor: Actor, now: datetime) -> bool:
    """Adds the order or opens a failed one again; False where it waits already."""
    known = load_seal(session, row.id)
    if known is None:
        session.add(
            DocumentSeal(
                document_id=row.id,
                case_id=row.case_id,
                unit_code=run.unit_code,
                state=PENDING,
                ordered_by=actor.account_id,
                ordered_at=now,
                available_at=now,
                attempts=0,
            )
        )
        return True
    if known.state == DONE:
        raise RuleError("sealing.sealed_already")
    known.available_at = now
    if known.state != FAILED:
        return False
    known.state, known.attempts, known.error = PENDING, 0, None
    return True


def _newest(session: Session, run_id: int, kind: str) -> Document | None:
    """Also among rows nobody has flushed yet: a diagram may ask for a text and its seal at once."""
    for row in session.new:
        if not isinstance(row, Document) or (row.run_id, row.kind) != (run_id, kind):
            continue
        if row.state in OPEN_STATES:
            return row
    with session.no_autoflush:
        return session.scalars(
            select(Document)
            .where(
                Document.run_id == run_id,
                Document.kind == kind,
                Document.state.in_(OPEN_STATES),
            )
            .order_by(Document.id.desc())
            .limit(1)
        ).one_or_none()
