"""Reading and printing: who may, and that it was done.

A document names its parties, so its text needs full sight of its run; that it exists is seen by
everybody who sees the run's process. Reading and printing are lines of the 办理记录.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import (
    CaseKeyRow,
    CaseRecord,
    Document,
    Run,
    TimelineEntry,
)
from workflows.cases.timeline import Line, append, body_place
from workflows.documents.make import make_bytes
from workflows.documents.rendering import Renderer
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey

READ_AGAIN = timedelta(minutes=30)
"""Opening the same document again within this time is the same reading."""
MAX_COPIES = 99
MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One document as a reader may know it. Ids are outside ids; `may_print`: None or why not."""

    id: str
    case_id: str
    case_number: str
    case_title: str
    kind: str
    title: Mapping[str, str]
    number: str | None
    state: str
    sha256: str | None
    pages: int | None
    verify_code: str
    run: str
    created_at: datetime
    last_error: str | None
    may_print: Message | None

    @property
    def name(self) -> str:
        """人民调解协议书 西峰镇人调字〔2026〕第17号."""
        return " ".join(filter(None, (self.title["zh"], self.number)))

    @property
    def file_name(self) -> str:
        """What a saved copy is called."""
        return f"{self.name}.pdf"


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """All documents of a case that the reader may open, newest first."""

    case_id: str
    case_number: str
    case_title: str
    documents: tuple[DocumentInfo, ...]


def load_document(platform: Platform, actor: Actor, document_id: str) -> DocumentInfo:
    """Raises NotVisibleError, ForbiddenError `documents.full_sight`."""
    with platform.database.reading(actor) as session:
        return _info(actor, *_load(session, actor, document_id))


def list_documents(platform: Platform, actor: Actor, case_id: str) -> CaseDocuments:
    """What can be printed for a case, newest first. Raises NotVisibleError."""
    with platform.database.reading(actor) as session:
        case = session.scalars(
            select(CaseRecord).where(CaseRecord.id == decode_id(case_id))
        ).one_or_none()
        parts = () if case is None else load_parts(session, case.id)
        if case is None or level_of(actor, parts) is Level.NONE:
            raise NotVisibleError("documents.unknown_case")
        rows = session.execute(
            select(Document, Run)
            .join(Run, Run.id == Document.run_id)
            .where(Document.case_id == case.id)
            .order_by(Document.id.desc())
        ).all()
        infos = tuple(
            _info(actor, row.Document, row.Run, case)
            for row in rows
            if level_of(actor, parts, row.Run.id) is Level.FULL
        )
    return CaseDocuments(encode_id(case.id), case.number, case.title, infos)


def read_document(
    platform: Platform,
    actor: Actor,
    renderer: Renderer,
    document_id: str,
    *,
    verify_base: str | None = None,
) -> tuple[DocumentInfo, BinaryIO]:
    """The document and its PDF, made now if nobody has read it yet. The reading is recorded.

    Raises what `load_document` and `make_bytes` raise.
    """
    info = load_document(platform, actor, document_id)
    made = make_bytes(platform, renderer, decode_id(info.id), verify_base=verify_base)
    note_reading(platform, actor, info)
    return info, platform.files.open(made.sha256)


def note_reading(platform: Platform, actor: Actor, info: DocumentInfo) -> None:
    """The line in the 办理记录 that a document was read."""
    sentence = Message("documents.was_read", {"what": info.name})
    _record(platform, actor, info, "document.read", sentence, None)


def print_document(
    platform: Platform, actor: Actor, document_id: str, *, copies: int, reason: str
) -> DocumentInfo:
    """Records that paper copies leave the house; the browser prints them.

    Raises what `load_document` raises, ForbiddenError without the ability, RuleError for a
    document that no longer counts, InvalidInputError for a wrong number of copies.
    """
    if not 1 <= copies <= MAX_COPIES:
        raise InvalidInputError("documents.copies", most=MAX_COPIES)
    info = load_document(platform, actor, document_id)
    if info.may_print is not None:
        raise ForbiddenError(info.may_print.code, **info.may_print.params)
    if info.state in (SUPERSEDED, VOID):
        raise RuleError(f"documents.{info.state}")
    sentence = Message("documents.was_printed", {"what": info.name, "copies": copies})
    _record(platform, actor, info, "document.print", sentence, reason.strip()[:MAX_REASON] or None)
    return info


def _load(session: Session, actor: Actor, document_id: str) -> tuple[Document, Run, CaseRecord]:
    found = session.execute(
        select(Document, Run, CaseRecord)
        .join(Run, Run.id == Document.run_id)
        .join(CaseRecord, CaseRecord.id == Document.case_id)
        .where(Document.id == decode_id(document_id))
    ).one_or_none()
    if found is None:
        raise NotVisibleError("documents.unknown")
    level = level_of(actor, load_parts(session, found.CaseRecord.id), found.Run.id)
    if level is Level.NONE:
        raise NotVisibleError("documents.unknown")
    if level is not Level.FULL:
        raise ForbiddenError("documents.full_sight")
    return found.Document, found.Run, found.CaseRecord


def _info(actor: Actor, row: Document, run: Run, case: CaseRecord) -> DocumentInfo:
    # Whoever sees the whole run may, from an office of their own too: a court's liaison does.
    may_print = actor.is_system or "print" in actor.abilities
    return DocumentInfo(
        id=encode_id(row.id),
        case_id=encode_id(case.id),
        case_number=case.number,
        case_title=case.title,
        kind=row.kind,
        title=row.title,
        number=row.number,
        state=row.state,
        sha256=row.sha256,
        pages=row.pages,
        verify_code=row.verify_code,
        run=encode_id(run.id),
        created_at=row.created_at,
        last_error=row.last_error,
        may_print=None if may_print else Message("documents.may_not_print"),
    )


def _record(
    platform: Platform,
    actor: Actor,
    info: DocumentInfo,
    action: str,
    sentence: Message,
    detail: str | None,
) -> None:
    """One line in the 办理记录; the same reading twice in a short time is one line."""
    now = platform.clock.now()
    case_id = decode_id(info.case_id)
    line = Line(
        action=action,
        sentence=sentence,
        occurred_at=now,
        kind="document",
        subject=info.name,
        detail=detail,
        run_id=decode_id(info.run),
    )
    with platform.database.transaction(actor) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id == case_id)
            .with_for_update(of=CaseRecord)
        ).one()
        key = platform.vault.open_key(wrapped)
        if detail is None and _read_lately(session, key, case_id, actor, line):
            return
        append(session, case, key, (line,), actor=actor, recorded_at=now)


def _read_lately(session: Session, key: CaseKey, case_id: int, actor: Actor, line: Line) -> bool:
    """Whether the actor's line about this document stands there from a moment ago."""
    if line.action != "document.read":
        return False
    lately = session.scalars(
        select(TimelineEntry)
        .where(
            TimelineEntry.case_id == case_id,
            TimelineEntry.account_id == actor.account_id,
            TimelineEntry.action == line.action,
            TimelineEntry.recorded_at > line.occurred_at - READ_AGAIN,
        )
        .order_by(TimelineEntry.seq.desc())
    )
    return any(
        open_json(key, entry.body, body_place(case_id, entry.seq))["subject"] == line.subject
        for entry in lately
    )
