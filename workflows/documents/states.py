"""What a document can be, and when a newer one takes its place.

`pending` (asked for, no bytes yet) → `ready` → `sealed` (signed for good). A newer document of the
same kind makes an unsealed one `superseded`; a run registered in error makes its documents `void`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update

from workflows.cases.tables import Document
from workflows.storage import Session

PENDING = "pending"
READY = "ready"
SEALED = "sealed"
SUPERSEDED = "superseded"
VOID = "void"


def supersede(
    session: Session, run_id: int, kind: str, by: int, replaceable: Collection[str]
) -> None:
    """Marks the run's earlier unsealed documents of `kind` as replaced by document `by`, those
    this transaction has not flushed yet too. `replaceable`: kinds of which there are stored ones;
    for any other nothing is asked of the database."""
    for row in session.new:
        if isinstance(row, Document) and (row.run_id, row.kind) == (run_id, kind):
            row.state, row.superseded_by = SUPERSEDED, by
    if kind not in replaceable:
        return
    session.execute(
        update(Document)
        .where(
            Document.run_id == run_id,
            Document.kind == kind,
            Document.state.in_((PENDING, READY)),
            Document.id != by,
        )
        .values(state=SUPERSEDED, superseded_by=by)
        .execution_options(synchronize_session=False)
    )


def void_documents(session: Session, run_id: int) -> None:
    """Marks every document of a run that was registered in error."""
    session.execute(update(Document).where(Document.run_id == run_id).values(state=VOID))
