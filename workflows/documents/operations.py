"""`document.create`: a diagram asks for a document.

Writes the row with number, verify code and frozen facts in the transaction of the act that caused
it. No bytes are made here; `make.py` does that when nobody waits for a lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from workflows.cases.decision import Asked, LocalOperation, today_of
from workflows.cases.platform import RunContext
from workflows.cases.submission import open_party, open_sealed
from workflows.cases.tables import Document, Party
from workflows.documents.context import usernames
from workflows.documents.freeze import Frozen, freeze, seal_facts
from workflows.documents.states import PENDING, supersede
from workflows.documents.verify_code import new_verify_code
from workflows.errors import InvalidInputError, ProcessFaultError
from workflows.organisation.names import load_people
from workflows.storage import Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey


def document_create(session: Session, context: RunContext) -> LocalOperation:
    """The factory the platform is given (`OperationFactory`)."""

    def create(asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        kind = str(parameters.get("kind", ""))
        return {"document": encode_id(_add(session, context, asked, kind))}

    return create


def _add(session: Session, context: RunContext, asked: Asked, kind: str) -> int:
    """Adds the row and returns its id; flushed with the decision."""
    described = context.package.manifest.documents.get(kind)
    if described is None:
        raise ProcessFaultError("documents.unknown_kind", kind=kind)
    document_id = context.platform.ids.next()
    with session.no_autoflush:
        frozen = freeze_run(session, context, asked)
        if not described.several:
            supersede(session, context.run.id, kind, document_id)
    session.add(
        Document(
            id=document_id,
            case_id=context.case.id,
            run_id=context.run.id,
            version_id=context.run.version_id,
            kind=kind,
            title=dict(described.title),
            number=context.run.number,
            state=PENDING,
            facts=seal_facts(context.key, document_id, frozen),
            verify_code=new_verify_code(),
            created_at=context.at,
            available_at=context.at,
            attempts=0,
        )
    )
    return document_id


def freeze_run(session: Session, context: RunContext, asked: Asked) -> Frozen:
    """The facts of this moment, sealed ones included. Two statements: parties, people's names."""
    case_facts = {**asked.facts.case, **open_sealed(context.case, context.key)}
    named = usernames((case_facts, asked.data), context.package)
    return freeze(
        case=case_facts,
        parties=whole_parties(session, context.key, context.case.id, asked.facts.parties),
        unit=asked.facts.unit,
        run={
            "number": context.run.number,
            "case_number": context.case.number,
            "opened_on": today_of(context.run.opened_at).isoformat(),
            "opened_by": context.case.opened_by_name,
        },
        data=asked.data,
        people=load_people(session, named) if named else {},
        today=today_of(asked.occurred_at),
    )


def whole_parties(
    session: Session, key: CaseKey, case_id: int, parties: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Plain parties with their sealed fields laid over them. Rows of this transaction that are
    not flushed yet count too; parties that left the case are left out."""
    rows = {row.id: row for row in session.scalars(select(Party).where(Party.case_id == case_id))}
    rows |= {row.id: row for row in session.new if isinstance(row, Party)}
    whole: list[Mapping[str, Any]] = []
    for party in parties:
        if party.get("ended"):
            continue
        row = rows.get(_row_id(party))
        sealed = open_party(key, row.id, row.sealed) if row is not None else {}
        whole.append({**sealed, **party})
    return whole


def _row_id(party: Mapping[str, Any]) -> int:
    try:
        return decode_id(str(party.get("id", "")))
    except InvalidInputError:
        return 0
