"""`case.seal`: a diagram closes its case off.

Whoever registers an accusation against an official may not wait for a head to seal it by hand: the
case is restricted in the transaction that says what it is, before anybody could look
(信访工作条例 art. 30). What the command `seal` does for a person, this does for a process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.platform import RunContext
from workflows.cases.search import case_words, save_words
from workflows.cases.tables import NORMAL, CaseRecord, Participation, Run, WorkItem
from workflows.storage import Session

SEALED = "sealed"


def case_seal(session: Session, context: RunContext) -> LocalOperation:
    """The operation for one transaction; a case that is restricted already stays as it is."""

    def seal(_asked: Asked, /, **_parameters: Any) -> Mapping[str, Any]:
        if context.case.access_class == NORMAL:
            restrict(session, context.case)
            context.run.access_class = SEALED
            _forget_words(session, context)
        return {"sealed": True}

    return seal


def restrict(session: Session, case: CaseRecord) -> None:
    """Writes the class into the case and all that carries a copy of it, rows nobody has flushed
    yet included."""
    case.access_class = SEALED
    for row in session:
        if isinstance(row, Participation) and row.case_id == case.id:
            row.access_class = SEALED
    for table in (Run, WorkItem, Participation):
        session.execute(
            update(table)
            .where(table.case_id == case.id)
            .values(access_class=SEALED)
            .execution_options(synchronize_session=False, autoflush=False)
        )


def _forget_words(session: Session, context: RunContext) -> None:
    """From now on the case is found by its numbers only. A case that is being opened has no
    words yet; opening writes them last."""
    case = context.case
    paths = session.scalars(
        select(Participation.unit_path)
        .where(Participation.case_id == case.id)
        .execution_options(autoflush=False)
    ).all()
    if paths:
        numbers = [context.run.number] if context.run.number else []
        save_words(session, case.id, case_words(case, numbers, sorted({case.unit_path, *paths})))
