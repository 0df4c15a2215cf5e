"""Bytes of a document: made once, by the worker or by the first reader, kept by their digest.

Nothing is held while a page is laid out: facts are read in one transaction, the PDF is made and
stored outside, the digest is recorded in another. Two makers at once converge, because the same
facts give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.tables import FAR, CaseKeyRow, Document
from workflows.catalogue.package import Package
from workflows.documents.compose import Composed, DocumentFacts, compose
from workflows.documents.freeze import Frozen, open_facts
from workflows.documents.rendering import Rendered, Renderer
from workflows.documents.states import PENDING, READY, SEALED, VOID
from workflows.errors import ConflictError, FengqiaoError, NotVisibleError, RuleError
from workflows.storage import SYSTEM, Session
from workflows.storage.files import StoredBlob
from workflows.storage.vault import KeyDestroyedError

log = structlog.get_logger("fengqiao.documents")

LEASE = timedelta(minutes=2)
"""How long a worker may take for a document before another one may try."""
FIRST_RETRY = timedelta(seconds=10)
MAX_ATTEMPTS = 8
"""After so many failures the worker leaves a document to its readers, who see why it fails."""
MAX_ERROR_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Made:
    """A document whose bytes are in the file store."""

    document_id: int
    sha256: str
    size_bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class Source:
    """A document's row (read only, its session is over), version, own facts and frozen facts."""

    row: Document
    package: Package
    facts: DocumentFacts
    frozen: Frozen


@dataclass(frozen=True, slots=True)
class _Order:
    """All that is needed to make one document, read in one transaction."""

    composed: Composed
    created_at: datetime
    state: str
    known: Made | None


def make_bytes(
    platform: Platform, renderer: Renderer, document_id: int, *, verify_base: str | None = None
) -> Made:
    """The document's bytes, made now unless they are in the store already.

    Works as the system: whoever asks for a person has checked access before. Raises
    NotVisibleError (no such document), RuleError `documents.void` or `documents.erased`,
    ProcessFaultError (template), RenderError; nothing is changed then.
    """
    order = _read_order(platform, document_id, verify_base)
    if order.known is not None and platform.files.holds(order.known.sha256):
        return order.known
    rendered = renderer.render(
        order.composed.html,
        title=order.composed.title,
        created=order.created_at,
        author=order.composed.author,
    )
    if rendered.missing:
        log.warning("no font draws these characters", document=document_id, text=rendered.missing)
    blob = platform.files.put(rendered.pdf)
    with platform.database.transaction(SYSTEM) as session:
        return _record(session, document_id, blob, rendered, platform.clock.now())


def _read_order(platform: Platform, document_id: int, verify_base: str | None) -> _Order:
    source = open_source(platform, document_id)
    base = verify_base or platform.public_url
    return _Order(
        composed=compose(source.package, source.frozen, source.facts, verify_base=base),
        created_at=source.row.created_at,
        state=source.row.state,
        known=_known(source.row),
    )


def open_source(platform: Platform, document_id: int) -> Source:
    """What a document is made from. Works as the system, reads and writes nothing else. Raises
    NotVisibleError, RuleError `documents.void` or `documents.erased`."""
    with platform.database.reading(SYSTEM) as session:
        row, wrapped = _load(session, document_id)
        if row.state == VOID:
            raise RuleError("documents.void")
        try:
            key = platform.vault.open_key(wrapped)
        except KeyDestroyedError as error:
            raise RuleError("documents.erased") from error
        facts = DocumentFacts(
            kind=row.kind,
            number=row.number,
            created_on=today_of(row.created_at),
            verify_code=row.verify_code,
            text_mark=row.text_mark,
        )
        package = platform.catalogue.load(session, row.version_id)
        return Source(row, package, facts, open_facts(key, row.id, row.facts))


def _load(session: Session, document_id: int) -> tuple[Document, bytes | None]:
    found = session.execute(
        select(Document, CaseKeyRow.wrapped)
        .join(CaseKeyRow, CaseKeyRow.case_id == Document.case_id)
        .where(Document.id == document_id)
        .options(undefer(Document.facts))
    ).one_or_none()
    if found is None:
        raise NotVisibleError("documents.unknown")
    return found.Document, found.wrapped


def _known(row: Document) -> Made | None:
    if row.sha256 is None or row.size_bytes is None or row.pages is None:
        return None
    return Made(row.id, row.sha256, row.size_bytes, row.pages)


def _record(
    session: Session, document_id: int, blob: StoredBlob, rendered: Rendered, now: datetime
) -> Made:
    """Writes the digest. A document that was ready and lost its bytes gets the new ones, unless
    it is sealed and they differ: then only the original will do (ConflictError)."""
    row = session.scalars(
        select(Document).where(Document.id == document_id).with_for_update()
    ).one()
    if row.state == SEALED and row.sha256 != blob.sha256:
        raise ConflictError("documents.changed")
    if row.sha256 not in (None, blob.sha256):
        log.warning("document made again with other bytes", document=document_id, was=row.sha256)
    row.sha256, row.size_bytes, row.pages = blob.sha256, blob.size, rendered.pages
    row.last_error = None
    row.available_at = FAR
    row.ready_at = row.ready_at or now
    if row.state == PENDING:
        row.state = READY
    return Made(document_id, blob.sha256, blob.size, rendered.pages)


def make_due(
    platform: Platform, renderer: Renderer, limit: int, *, verify_base: str | None = None
) -> int:
    """Makes up to `limit` documents that nobody has read yet; the worker's source.

    Returns how many were made or put off. A failure is kept with the row and tried again later,
    each time after twice the pause.
    """
    claimed = _claim(platform, limit)
    for document_id, attempt in claimed:
        try:
            make_bytes(platform, renderer, document_id, verify_base=verify_base)
        except FengqiaoError as error:
            log.warning("document not made", document=document_id, code=error.message.code)
            _put_off(platform, document_id, attempt, str(error))
    return len(claimed)


def _claim(platform: Platform, limit: int) -> list[tuple[int, int]]:
    """(id, attempt) of documents that are due, leased to this worker."""
    now = platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        rows = session.scalars(
            select(Document)
            .where(Document.state == PENDING, Document.available_at <= now)
            .order_by(Document.available_at, Document.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.attempts += 1
            row.available_at = now + LEASE
        return [(row.id, row.attempts) for row in rows]


def _put_off(platform: Platform, document_id: int, attempt: int, why: str) -> None:
    pause = FIRST_RETRY * 2 ** (attempt - 1)
    later = platform.clock.now() + pause if attempt < MAX_ATTEMPTS else FAR
    with platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(Document)
            .where(Document.id == document_id, Document.state == PENDING)
            .values(available_at=later, last_error=why[:MAX_ERROR_CHARACTERS])
        )
