"""What became of a heap of papers, as whoever sent it sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import case, func, select

from workflows.cases.platform import Platform
from workflows.cases.scan_tables import DocumentScan
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import CaseRecord, Document
from workflows.documents.orders import FAILED, UNDER_WAY
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import NotVisibleError
from workflows.formspec.fields import Titles
from workflows.messages import Message
from workflows.scans.by_hand import load_own
from workflows.scans.placing import (
    DOUBLE,
    FOREIGN,
    LOOSE,
    find_scan,
    may_file,
    placed_pages,
)
from workflows.scans.tables import ScanBatch, ScanPage, ScanUpload
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_id, encode_id

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class FileView:
    """One file. `problem`: why nothing of it was read."""

    name: str
    state: str
    done: int
    total: int
    problem: Message | None


@dataclass(frozen=True, slots=True)
class PageView:
    """A scanned page. `file`, `number`: where it came from; `page`: of its document."""

    id: str
    file: str
    number: int
    state: str
    code: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A page of a document; `scan`: outside id of the scanned one, None while it is missing or was
    sent by somebody else (then `is_there` says so)."""

    number: int
    is_there: bool
    scan: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of which pages came. `file`: outside id of its 签署件, None until it is whole."""

    id: str
    title: Titles
    number: str | None
    case: str
    case_title: str
    code: str
    slots: tuple[Slot, ...]
    doubles: tuple[PageView, ...]
    file: str | None
    filed_at: datetime | None
    is_replaced: bool

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the pages that are not there."""
        return tuple(slot.number for slot in self.slots if not slot.is_there)


@dataclass(frozen=True, slots=True)
class BatchView:
    """Everything the page of a heap tells. `loose`: pages nobody recognises; `foreign`: pages of
    cases that are not the sender's; `proposed`: code of the document it was sent for."""

    id: str
    sent_at: datetime
    files: tuple[FileView, ...]
    documents: tuple[DocumentView, ...]
    loose: tuple[PageView, ...]
    foreign: tuple[PageView, ...]
    proposed: str

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to be read or filed."""
        waits = any(file.state in UNDER_WAY for file in self.files)
        return waits or any(
            not one.missing and one.file is None and not one.is_replaced for one in self.documents
        )

    @property
    def failed(self) -> tuple[FileView, ...]:
        """Files of which nothing was read."""
        return tuple(file for file in self.files if file.state == FAILED)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A heap in the list."""

    id: str
    sent_at: datetime
    files: int
    waiting: int


def list_batches(platform: Platform, actor: Actor) -> tuple[BatchRow, ...]:
    """The actor's own heaps, newest first, at most MOST_LISTED."""
    waits = func.sum(case((ScanUpload.state.in_(UNDER_WAY), 1), else_=0))
    with platform.database.reading(SYSTEM) as session:
        rows = session.execute(
            select(ScanBatch.id, ScanBatch.sent_at, func.count(), waits)
            .join(ScanUpload, ScanUpload.batch_id == ScanBatch.id)
            .where(ScanBatch.account_id == actor.account_id)
            .group_by(ScanBatch.id, ScanBatch.sent_at)
            .order_by(ScanBatch.id.desc())
            .limit(MOST_LISTED)
        )
        return tuple(
            BatchRow(encode_id(key), at, int(files), int(waiting))
            for key, at, files, waiting in rows
        )


def load_batch(platform: Platform, actor: Actor, batch: str) -> BatchView:
    """One heap. NotVisibleError for one of somebody else."""
    with platform.database.reading(SYSTEM) as session:
        row = session.get(ScanBatch, decode_id(batch))
        if row is None or row.account_id != actor.account_id:
            raise NotVisibleError("scans.unknown")
        files = session.scalars(
            select(ScanUpload).where(ScanUpload.batch_id == row.id).order_by(ScanUpload.position)
        ).all()
        names = {file.id: file.name for file in files}
        pages = session.scalars(
            select(ScanPage).where(ScanPage.batch_id == row.id).order_by(ScanPage.id)
        ).all()
        documents = _documents(session, actor, pages)
        views = [(page, _page(page, names)) for page in pages]
        return BatchView(
            id=batch,
            sent_at=row.sent_at,
            files=tuple(_file(file) for file in files),
            documents=tuple(
                _document(session, document, owner, views) for document, owner in documents.values()
            ),
            loose=tuple(view for page, view in views if page.state in LOOSE),
            foreign=tuple(
                view
                for page, view in views
                if page.state == FOREIGN
                or (page.document_id is not None and page.document_id not in documents)
            ),
            proposed=_proposed(session, row),
        )


def batch_of(platform: Platform, actor: Actor, scan: str) -> str:
    """The outside id of the heap a page came in. NotVisibleError."""
    with platform.database.reading(SYSTEM) as session:
        return encode_id(load_own(session, actor, scan).batch_id)


def open_page(platform: Platform, actor: Actor, scan: str) -> BinaryIO:
    """The picture of a page, for whoever sent it, as long as its case is theirs.

    NotVisibleError, FileLostError.
    """
    with platform.database.reading(SYSTEM) as session:
        row = load_own(session, actor, scan)
        if row.document_id is not None and not may_file(
            session, actor, session.get_one(Document, row.document_id)
        ):
            raise NotVisibleError("scans.unknown_page")
    return platform.files.open(row.sha256)


def _proposed(session: Session, batch: ScanBatch) -> str:
    if batch.document_id is None:
        return ""
    return session.get_one(Document, batch.document_id).verify_code


def _documents(
    session: Session, actor: Actor, pages: Iterable[ScanPage]
) -> Mapping[int, tuple[Document, CaseRecord]]:
    """Those the actor may still work on, in the order their pages came."""
    ids = list(dict.fromkeys(page.document_id for page in pages if page.document_id is not None))
    rows = session.execute(
        select(Document, CaseRecord)
        .join(CaseRecord, CaseRecord.id == Document.case_id)
        .where(Document.id.in_(ids))
    )
    found = {document.id: (document, owner) for document, owner in rows}
    return {key: found[key] for key in ids if may_file(session, actor, found[key][0])}


def _document(
    session: Session,
    document: Document,
    owner: CaseRecord,
    views: Sequence[tuple[ScanPage, PageView]],
) -> DocumentView:
    placed = placed_pages(session, document.id)
    own = {page.id for page, _view in views}
    scan: DocumentScan | None = find_scan(session, document.id)
    mine = [(page, view) for page, view in views if page.document_id == document.id]
    return DocumentView(
        id=encode_id(document.id),
        title=document.title,
        number=document.number,
        case=encode_id(owner.id),
        case_title=owner.title,
        code=document.verify_code,
        slots=tuple(
            _slot(number, placed.get(number), own) for number in range(1, (document.pages or 0) + 1)
        ),
        doubles=tuple(view for page, view in mine if page.state == DOUBLE),
        file=encode_id(scan.file_id) if scan else None,
        filed_at=scan.filed_at if scan else None,
        is_replaced=document.state in (SUPERSEDED, VOID),
    )


def _slot(number: int, placed: ScanPage | None, own: Set[int]) -> Slot:
    is_own = placed is not None and placed.id in own
    return Slot(number, placed is not None, encode_id(placed.id) if placed and is_own else None)


def _file(row: ScanUpload) -> FileView:
    problem = message_from_json(row.problem) if row.problem else None
    return FileView(row.name, row.state, row.done, row.total, problem)


def _page(row: ScanPage, names: Mapping[int, str]) -> PageView:
    return PageView(
        encode_id(row.id), names[row.upload_id], row.number, row.state, row.code, row.page
    )
