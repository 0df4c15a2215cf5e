"""Whose page it is: from the codes on a picture to a document and a page of it.

States of a page. `placed`: it counts; `double`: that page is there already; `unplaced`: the
document is known, the page is not (papers from before pages were told); `replaced`: a newer
document counts; `foreign`: of a case the sender does not work on, of which nothing else is kept or
said; `unknown`: no code of this house; `several`: more than one page on one picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.access import Level, Part, level_of
from workflows.cases.scan_tables import DocumentScan
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import NORMAL, CaseRecord, Document, Run
from workflows.documents.states import SUPERSEDED, VOID
from workflows.errors import InvalidInputError
from workflows.scans.codes import read_marks
from workflows.scans.tables import ScanPage
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id

PLACED, DOUBLE, UNPLACED, REPLACED = "placed", "double", "unplaced", "replaced"
FOREIGN, UNKNOWN, SEVERAL = "foreign", "unknown", "several"
LOOSE = (UNPLACED, UNKNOWN, SEVERAL)
"""What somebody may give a place by hand."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a page belongs; ids None where that is not known, or not for the sender."""

    state: str
    code: str = ""
    document_id: int | None = None
    page: int | None = None


def place(session: Session, actor: Actor, codes: Sequence[str]) -> Placement:
    """The place of a page by the codes on it. The session acts as the system."""
    marks = read_marks(codes)
    if not marks:
        return Placement(UNKNOWN)
    if len(marks) > 1:
        return Placement(SEVERAL)
    (mark,) = marks
    document = find_by_code(session, mark.code)
    if document is None:
        return Placement(UNKNOWN, mark.code)
    if not may_file(session, actor, document):
        return Placement(FOREIGN)
    if document.state in (SUPERSEDED, VOID):
        return Placement(REPLACED, mark.code, document.id, mark.page)
    page = mark.page or (1 if document.pages == 1 else None)
    if page is None or not 1 <= page <= (document.pages or 0):
        return Placement(UNPLACED, mark.code, document.id)
    state = DOUBLE if find_placed(session, document.id, page) is not None else PLACED
    return Placement(state, mark.code, document.id, page)


def find_by_code(session: Session, code: str) -> Document | None:
    """The document with this verify code."""
    return session.scalars(select(Document).where(Document.verify_code == code)).one_or_none()


def find_placed(session: Session, document_id: int, page: int) -> ScanPage | None:
    """The page that counts."""
    wanted = select(ScanPage).where(
        ScanPage.document_id == document_id, ScanPage.page == page, ScanPage.state == PLACED
    )
    return session.scalars(wanted.order_by(ScanPage.id).limit(1)).one_or_none()


def may_file(session: Session, actor: Actor, document: Document) -> bool:
    """Whether the actor sees all of the document's run and works on it, and nothing about it is
    restricted: whoever only looks (an archive, a supervising office) files nothing."""
    run, case = session.execute(
        select(Run, CaseRecord)
        .join(CaseRecord, CaseRecord.id == Run.case_id)
        .where(Run.id == document.run_id)
    ).one()
    if (run.access_class, case.access_class) != (NORMAL, NORMAL):
        return False
    parts = load_parts(session, case.id)
    return level_of(actor, parts, run.id) is Level.FULL and _works_on(actor, parts, run)


def _works_on(actor: Actor, parts: Sequence[Part], run: Run) -> bool:
    own = any(part.account_id == actor.account_id and part.run_id in (0, run.id) for part in parts)
    return own or actor.may_in("claim", run.unit_path)


def load_for_hand(session: Session, actor: Actor, document: str) -> Document:
    """A document by its outside id, for whoever may file its pages. InvalidInputError
    `scans.not_yours` for another one, be it there or not."""
    found = session.scalars(
        select(Document).where(Document.id == decode_id(document))
    ).one_or_none()
    if found is None or not may_file(session, actor, found):
        raise InvalidInputError("scans.not_yours")
    return found


def placed_pages(session: Session, document_id: int) -> dict[int, ScanPage]:
    """Page of the document → the row that counts."""
    rows = session.scalars(
        select(ScanPage)
        .where(ScanPage.document_id == document_id, ScanPage.state == PLACED)
        .order_by(ScanPage.id.desc())
    )
    return {row.page: row for row in rows if row.page is not None}


def whole(session: Session, document: Document) -> tuple[ScanPage, ...]:
    """All pages in their order, where all are there and no scan of these very pages was filed;
    empty otherwise."""
    found = placed_pages(session, document.id)
    if not document.pages or len(found) < document.pages:
        return ()
    pages = tuple(found[number] for number in range(1, document.pages + 1))
    last = find_scan(session, document.id)
    return () if last is not None and last.source == source_of(pages) else pages


def find_scan(session: Session, document_id: int) -> DocumentScan | None:
    """The newest scan of a document."""
    wanted = select(DocumentScan).where(DocumentScan.document_id == document_id)
    return session.scalars(wanted.order_by(DocumentScan.number.desc()).limit(1)).one_or_none()


def source_of(pages: Sequence[ScanPage]) -> str:
    """What tells one set of pages from another."""
    return hashlib.sha256("\n".join(page.sha256 for page in pages).encode()).hexdigest()
