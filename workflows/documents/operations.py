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
from workflows.documents.compose import text_mark
from workflows.documents.context import named_keys
from workflows.documents.freeze import Frozen, freeze, seal_facts
from workflows.documents.states import PENDING, supersede
from workflows.documents.verify_code import new_verify_code
from workflows.errors import InvalidInputError, ProcessFaultError
from workflows.organisation.names import load_named
from workflows.storage import Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey

NAMES = "documents.names"
"""What a transaction has read of people's and units' names, in the session's `info`: documents
made together name the same few."""


def document_create(session: Session, context: RunContext) -> LocalOperation:
    """The factory the platform is given (`OperationFactory`)."""
    names: dict[str, str] = session.info.setdefault(NAMES, {})

    def create(asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        kind = str(parameters.get("kind", ""))
        return {"document": encode_id(_add(session, context, asked, kind, names))}

    return create


def _add(
    session: Session, context: RunContext, asked: Asked, kind: str, names: dict[str, str]
) -> int:
    """Adds the row and returns its id; flushed with the decision."""
    described = context.package.manifest.documents.get(kind)
    if described is None:
        raise ProcessFaultError("documents.unknown_kind", kind=kind)
    document_id = context.platform.ids.next()
    with session.no_autoflush:
        frozen = freeze_run(session, context, asked, names)
        if not described.several:
            supersede(session, context.run.id, kind, document_id, context.replaceable)
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
            text_mark=text_mark(context.package, kind, frozen),
            created_at=context.at,
            available_at=context.at,
            attempts=0,
        )
    )
    return document_id


def freeze_run(
    session: Session, context: RunContext, asked: Asked, names: dict[str, str]
) -> Frozen:
    """The facts of this moment, sealed ones included. One statement where people are named whose
    names are not in `names` yet; they are added there."""
    case_facts = {**asked.facts.case, **open_sealed(context.case, context.key)}
    named = named_keys((case_facts, asked.data), context.package)
    if unknown := set(named) - names.keys():
        names.update(load_named(session, unknown))
    return freeze(
        case=case_facts,
        parties=_whole(_sealed_now(session, context), context.key, asked.facts.parties),
        unit=asked.facts.unit,
        run={
            "number": context.run.number,
            "case_number": context.case.number,
            "opened_on": today_of(context.run.opened_at).isoformat(),
            "opened_by": context.case.opened_by_name,
        },
        data=asked.data,
        people={username: names[username] for username in named if username in names},
        today=today_of(asked.occurred_at),
    )


def parties_now(
    session: Session, context: RunContext, parties: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Plain parties of this moment with their sealed fields, those the form has just brought
    included; those who left are left out. Reads nothing."""
    return _whole(_sealed_now(session, context), context.key, parties)


def whole_parties(
    session: Session, key: CaseKey, case_id: int, parties: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Plain parties with their sealed fields laid over them; one statement. Parties that left the
    case are left out."""
    rows = session.execute(select(Party.id, Party.sealed).where(Party.case_id == case_id))
    return _whole({number: sealed for number, sealed in rows}, key, parties)


def _sealed_now(session: Session, context: RunContext) -> Mapping[int, bytes]:
    """The parties' sealed fields, those the form has just brought and nobody has flushed yet
    included."""
    touched = {row.id: row.sealed for row in session if isinstance(row, Party)}
    return {**context.sealed_parties, **touched}


def _whole(
    sealed: Mapping[int, bytes], key: CaseKey, parties: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    whole: list[Mapping[str, Any]] = []
    for party in parties:
        number = _row_id(party)
        if not party.get("ended"):
            known = open_party(key, number, sealed[number]) if number in sealed else {}
            whole.append({**known, **party})
    return whole


def _row_id(party: Mapping[str, Any]) -> int:
    try:
        return decode_id(str(party.get("id", "")))
    except InvalidInputError:
        return 0
