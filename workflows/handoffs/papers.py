"""Documents and files that travel: the same stored bytes, named by digest, in another case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.tables import Document, StoredFile
from workflows.documents.make import make_bytes
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


@dataclass(frozen=True, slots=True)
class Paper:
    """A document whose bytes are in the store. `name`: what the file is called."""

    sha256: str
    size_bytes: int
    name: str


def make_all(platform: Platform, renderer: Renderer, documents: Sequence[int]) -> tuple[Paper, ...]:
    """The documents in their order, those made now that nobody has read yet; outside any
    transaction. One statement where all are there.

    Raises RenderError (try again) and what `make_bytes` refuses for good.
    """
    if not documents:
        return ()
    columns = (Document.sha256, Document.size_bytes, Document.title, Document.number)
    with platform.database.reading(SYSTEM) as session:
        found = session.execute(
            select(Document.id, *columns).where(Document.id.in_(documents)).order_by(Document.id)
        ).all()
    papers = []
    for row in found:
        sha256, size = row.sha256, row.size_bytes
        if sha256 is None or size is None or not platform.files.holds(sha256):
            made = make_bytes(platform, renderer, row.id)
            sha256, size = made.sha256, made.size_bytes
        name = " ".join(filter(None, (row.title["zh"], row.number)))
        papers.append(Paper(sha256, size, f"{name}.pdf"[:200]))
    return tuple(papers)


def copy_papers(
    session: Session, platform: Platform, papers: Sequence[Paper], there: There
) -> list[str]:
    """Documents as files of another case; outside ids in their order. Reads nothing."""
    files = [
        StoredFile(
            id=platform.ids.next(),
            sha256=paper.sha256,
            size_bytes=paper.size_bytes,
            name=paper.name,
            media_type=PDF,
            uploaded_by=SYSTEM.account_id,
            uploaded_at=there.now,
            case_id=there.case_id,
            run_id=there.run_id,
            field=FIELD,
        )
        for paper in papers
    ]
    session.add_all(files)
    return [encode_id(file.id) for file in files]


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
