"""Documents and files that travel: the same stored bytes, named by digest, in another case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.tables import Document, StoredFile
from workflows.documents.make import Made, make_bytes
from workflows.documents.rendering import Renderer
from workflows.formspec import Values
from workflows.storage import SYSTEM, Session
from workflows.storage.ids import LENGTH, decode_id, encode_id

PDF = "application/pdf"
FIELD = "handoff"
"""Field name of files that came with a handoff."""


@dataclass(frozen=True, slots=True)
class There:
    """The case and run that papers come to, and when."""

    case_id: int
    run_id: int
    now: datetime


def make_all(platform: Platform, renderer: Renderer, documents: Sequence[int]) -> dict[int, Made]:
    """Bytes of the documents, made where nobody has read them yet; outside any transaction.

    Raises RenderError (try again) and what `make_bytes` refuses for good.
    """
    return {number: make_bytes(platform, renderer, number) for number in documents}


def copy_documents(
    session: Session,
    platform: Platform,
    made: Mapping[int, Made],
    there: There,
) -> list[str]:
    """Documents as files of another case; outside ids in the order of `made`. One statement."""
    if not made:
        return []
    rows = {
        row.id: row for row in session.scalars(select(Document).where(Document.id.in_(list(made))))
    }
    files = [
        StoredFile(
            id=platform.ids.next(),
            sha256=paper.sha256,
            size_bytes=paper.size_bytes,
            name=_file_name(rows[number]),
            media_type=PDF,
            uploaded_by=SYSTEM.account_id,
            uploaded_at=there.now,
            case_id=there.case_id,
            run_id=there.run_id,
            field=FIELD,
        )
        for number, paper in made.items()
    ]
    session.add_all(files)
    return [encode_id(file.id) for file in files]


def _file_name(row: Document) -> str:
    name = " ".join(filter(None, (row.title["zh"], row.number)))
    return f"{name}.pdf"[:200]


def copy_files(
    session: Session,
    platform: Platform,
    files: Sequence[str],
    there: There,
    *,
    from_case: int,
) -> dict[str, str]:
    """Copies files of one case into another: outside id there → here. At most one statement; what
    is no file of `from_case` is left out."""
    numbers = {decode_id(text) for text in files if len(text) == LENGTH}
    if not numbers:
        return {}
    found = session.scalars(
        select(StoredFile).where(StoredFile.id.in_(numbers), StoredFile.case_id == from_case)
    ).all()
    copies = {}
    for file in found:
        copy = StoredFile(
            id=platform.ids.next(),
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            name=file.name,
            media_type=file.media_type,
            uploaded_by=file.uploaded_by,
            uploaded_at=there.now,
            case_id=there.case_id,
            run_id=there.run_id,
            field=file.field,
        )
        session.add(copy)
        copies[encode_id(file.id)] = encode_id(copy.id)
    return copies


def renamed(values: Values, copies: Mapping[str, str]) -> Values:
    """The values with the ids of copied files."""
    return replace(
        values,
        process=_replaced(values.process, copies),
        case=_replaced(values.case, copies),
        sealed=_replaced(values.sealed, copies),
        files=tuple(copies.values()),
    )


def _replaced(value: Any, copies: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return copies.get(value, value)
    if isinstance(value, Mapping):
        return {name: _replaced(inner, copies) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(inner, copies) for inner in value]
    return value
