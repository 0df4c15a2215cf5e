"""What a form's signature field may hold: a signature given for this very task, and nothing else.

The strokes were drawn and sealed before (`workflows/signing`); completing the task makes them
count. A signature of another task, another field or another case is refused like any wrong answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.sealing import open_json
from workflows.cases.signature_tables import COUNTED, SIGNED, Signature
from workflows.cases.strokes import Strokes, from_json
from workflows.errors import FieldError, InvalidFormError, InvalidInputError
from workflows.formspec import Form, Values, Widget
from workflows.messages import Message
from workflows.storage import Session
from workflows.storage.ids import decode_id
from workflows.storage.vault import CaseKey


@dataclass(frozen=True, slots=True)
class PutDown:
    """A signature that counts. `place`: name of its place in the PDF; `sha256`: of the PDF that was
    shown when it was given."""

    place: str
    sha256: str
    strokes: Strokes


def count_signatures(
    session: Session, form: Form, values: Values, *, run_id: int, item: int
) -> datetime | None:
    """Makes the signatures of a submitted form count; when the last of them was given, which is
    when the act took place; None where the form holds none.

    Raises InvalidFormError with each field that holds something else.
    """
    given = {name: value for name, value in _given(form, values) if value}
    if not given:
        return None
    rows = session.scalars(
        select(Signature)
        .where(Signature.run_id == run_id, Signature.item_number == item, Signature.state == SIGNED)
        .with_for_update()
    ).all()
    found = {(row.field, row.id): row for row in rows}
    picked = {name: found.get((name, _number(value))) for name, value in given.items()}
    wrong = [
        FieldError(f"/{name}", Message("signing.not_this_task"))
        for name, row in picked.items()
        if row is None
    ]
    if wrong:
        raise InvalidFormError(wrong)
    counted = [row for row in picked.values() if row is not None]
    for row in counted:
        row.state = COUNTED
    return max(row.done_at for row in counted if row.done_at is not None)


def evidence_place(row_id: int) -> str:
    """Where strokes belong (see `sealing`)."""
    return f"signature/{row_id}/evidence"


def strokes_of(session: Session, key: CaseKey, document_id: int) -> tuple[PutDown, ...]:
    """The signatures that count under a document, in the order they were given."""
    rows = session.scalars(
        select(Signature)
        .where(Signature.document_id == document_id, Signature.state == COUNTED)
        .order_by(Signature.done_at, Signature.id)
    )
    return tuple(_put_down(key, row) for row in rows)


def _put_down(key: CaseKey, row: Signature) -> PutDown:
    assert row.evidence is not None
    evidence = open_json(key, row.evidence, evidence_place(row.id))
    return PutDown(row.place, row.document_sha256, from_json(evidence["strokes"]))


def _given(form: Form, values: Values) -> list[tuple[str, Any]]:
    stored: Mapping[str, Any] = {**values.process, **values.case, **values.sealed}
    fields = (one for one in form.fields if one.widget is Widget.SIGNATURE)
    return [(one.name, stored.get(one.name)) for one in fields]


def _number(value: Any) -> int:
    try:
        return decode_id(str(value))
    except InvalidInputError:
        return 0
