"""Somebody says which page it is, where no code did."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.tables import Document
from workflows.documents.states import SUPERSEDED, VOID
from workflows.documents.verify_code import read_verify_code
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.scans.filing import order_filing
from workflows.scans.placing import DOUBLE, FOREIGN, PLACED, find_by_code, find_placed, may_file
from workflows.scans.tables import ScanPage
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.ids import decode_id, encode_id


@dataclass(frozen=True, slots=True)
class PlacePage:
    """`scan`: outside id of the scanned page; `code`: as somebody typed it; `page`: of the
    document, from 1."""

    scan: str
    code: str
    page: int


def place_page(platform: Platform, actor: Actor, command: PlacePage) -> str:
    """Gives a scanned page its place; the batch's outside id. A page that was there before becomes
    a double.

    NotVisibleError (a page of somebody else), InvalidInputError (`scans.no_code`,
    `scans.not_yours`, `scans.no_such_page`, `scans.replaced`); nothing is changed then.
    """
    code = read_verify_code(command.code)
    if code is None:
        raise InvalidInputError("scans.no_code")
    with platform.database.transaction(SYSTEM) as session:
        row = load_own(session, actor, command.scan)
        document = _document(session, actor, code, command.page)
        session.execute(select(Document.id).where(Document.id == document.id).with_for_update())
        before = find_placed(session, document.id, command.page)
        if before is not None and before.id != row.id:
            before.state = DOUBLE
        row.state, row.code, row.by_hand = PLACED, code, 1
        row.document_id, row.page = document.id, command.page
        session.flush()
        order_filing(session, platform, actor, document.id)
        return encode_id(row.batch_id)


def load_own(session: Session, actor: Actor, scan: str) -> ScanPage:
    """A page the actor sent. NotVisibleError for another's, and for one of a case that is not the
    actor's."""
    row = session.get(ScanPage, decode_id(scan))
    if row is None or row.account_id != actor.account_id or row.state == FOREIGN:
        raise NotVisibleError("scans.unknown_page")
    return row


def _document(session: Session, actor: Actor, code: str, page: int) -> Document:
    document = find_by_code(session, code)
    if document is None or not may_file(session, actor, document):
        raise InvalidInputError("scans.not_yours")
    if document.state in (SUPERSEDED, VOID):
        raise InvalidInputError("scans.replaced")
    if not 1 <= page <= (document.pages or 0):
        raise InvalidInputError("scans.no_such_page", most=document.pages or 0)
    return document
