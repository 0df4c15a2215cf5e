"""The worker reads a file: pages are drawn with no transaction open, one then says whose they
are."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.tables import Document
from workflows.documents.orders import READY, UNDER_WAY, WORKING, carry_out, mark_failed
from workflows.organisation.actors import load_actor
from workflows.scans.filing import order_filing
from workflows.scans.placing import PLACED, Placement, place
from workflows.scans.reading import PDF, PICTURE, Reader
from workflows.scans.send import PDF_TYPE
from workflows.scans.tables import ScanPage, ScanUpload
from workflows.storage import SYSTEM, Session
from workflows.storage.files import StoredBlob

TELL_SECONDS = 0.7
"""Between two writes of how far it is."""


@dataclass(frozen=True, slots=True)
class _Order:
    upload_id: int
    sha256: str
    how: str


@dataclass(frozen=True, slots=True)
class _Seen:
    blob: StoredBlob
    codes: tuple[str, ...]


def take_in(platform: Platform, reader: Reader, payload: Mapping[str, Any]) -> None:
    """Handler of `READ_TOPIC`. May be called twice for one file: what was read stays."""
    upload_id = int(payload["upload"])
    carry_out(
        lambda: _take_up(platform, upload_id),
        lambda order: _read(platform, reader, order),
        lambda why: mark_failed(platform, ScanUpload, upload_id, why),
        upload=upload_id,
    )


def _take_up(platform: Platform, upload_id: int) -> _Order | None:
    with platform.database.transaction(SYSTEM) as session:
        row = _lock(session, upload_id)
        if row is None or row.state not in UNDER_WAY or row.sha256 is None:
            return None
        row.state = WORKING
        return _Order(row.id, row.sha256, PDF if row.media_type == PDF_TYPE else PICTURE)


def _lock(session: Session, upload_id: int) -> ScanUpload | None:
    wanted = select(ScanUpload).where(ScanUpload.id == upload_id).with_for_update()
    return session.scalars(wanted).one_or_none()


def _read(platform: Platform, reader: Reader, order: _Order) -> None:
    seen = []
    told = 0.0
    with reader.open(platform.files.read(order.sha256), order.how) as opened:
        for number in range(opened.pages):
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                _tell(platform, order.upload_id, number, opened.pages)
            page = opened.page(number)
            seen.append(_Seen(platform.files.put(page.jpeg), page.codes))
    _record(platform, order, seen)


def _tell(platform: Platform, upload_id: int, done: int, total: int) -> None:
    with platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(ScanUpload)
            .where(ScanUpload.id == upload_id, ScanUpload.state == WORKING)
            .values(done=done, total=total)
        )


def _record(platform: Platform, order: _Order, seen: Sequence[_Seen]) -> None:
    now = platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        row = _lock(session, order.upload_id)
        if row is None or row.state not in UNDER_WAY:
            return
        actor = load_actor(session, row.account_id, today_of(now))
        touched: set[int] = set()
        for number, one in enumerate(seen, start=1):
            placement = place(session, actor, one.codes)
            if placement.state == PLACED and placement.document_id is not None:
                _hold(session, placement.document_id)
                placement = place(session, actor, one.codes)
                touched.add(int(placement.document_id or 0))
            session.add(_page(platform, row, number, one, placement))
            session.flush()
        row.state, row.done, row.total = READY, len(seen), len(seen)
        for document_id in sorted(touched):
            order_filing(session, platform, actor, document_id)


def _hold(session: Session, document_id: int) -> None:
    """Two workers with the same page wait for each other here: one of them finds a double."""
    session.execute(select(Document.id).where(Document.id == document_id).with_for_update())


def _page(
    platform: Platform, upload: ScanUpload, number: int, seen: _Seen, placement: Placement
) -> ScanPage:
    return ScanPage(
        id=platform.ids.next(),
        batch_id=upload.batch_id,
        upload_id=upload.id,
        account_id=upload.account_id,
        number=number,
        sha256=seen.blob.sha256,
        size_bytes=seen.blob.size,
        state=placement.state,
        code=placement.code,
        document_id=placement.document_id,
        page=placement.page,
        by_hand=0,
    )
