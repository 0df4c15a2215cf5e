"""All pages of a document are there: one PDF of them becomes a file of the case, its 签署件."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from sqlalchemy import select

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.scan_tables import DocumentScan
from workflows.cases.tables import CaseKeyRow, CaseRecord, Document, Run, StoredFile
from workflows.cases.timeline import Line, append
from workflows.catalogue.package import Package
from workflows.documents.orders import carry_out
from workflows.documents.states import SUPERSEDED, VOID
from workflows.messages import Message
from workflows.organisation.actors import load_actor
from workflows.scans.placing import find_scan, may_file, source_of, whole
from workflows.scans.reading import Reader
from workflows.storage import SYSTEM, Actor, Session, outbox
from workflows.storage.files import StoredBlob
from workflows.storage.vault import KeyDestroyedError

log = structlog.get_logger("fengqiao.scans")

FILE_TOPIC = "scans.file"
"""Outbox: a document may be whole. Payload {"document", "account"}."""
PDF_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Order:
    document_id: int
    actor: Actor
    digests: tuple[str, ...]


def order_filing(session: Session, platform: Platform, actor: Actor, document_id: int) -> bool:
    """Has the worker file a document where all its pages are there. Whether it will."""
    document = session.get_one(Document, document_id)
    if not whole(session, document):
        return False
    payload = orjson.dumps({"document": document_id, "account": actor.account_id})
    now = platform.clock.now()
    outbox.add(session, FILE_TOPIC, payload=payload, ids=platform.ids, now=now)
    return True


def file_scan(platform: Platform, reader: Reader, payload: Mapping[str, Any]) -> None:
    """Handler of `FILE_TOPIC`. May be called twice: the same pages are filed once."""
    document_id, account_id = int(payload["document"]), int(payload["account"])
    carry_out(
        lambda: _take_up(platform, document_id, account_id),
        lambda order: _make(platform, reader, order),
        lambda _why: None,  # the log has it; the pages stay where they are and the page says so
        document=document_id,
    )


def _take_up(platform: Platform, document_id: int, account_id: int) -> _Order | None:
    with platform.database.reading(SYSTEM) as session:
        actor = load_actor(session, account_id, today_of(platform.clock.now()))
        digests = _digests(session, actor, session.get_one(Document, document_id))
    return _Order(document_id, actor, digests) if digests else None


def _digests(session: Session, actor: Actor, document: Document) -> tuple[str, ...]:
    """Of all pages, where they may be filed now."""
    if document.state in (SUPERSEDED, VOID) or not may_file(session, actor, document):
        return ()
    return tuple(page.sha256 for page in whole(session, document))


def _make(platform: Platform, reader: Reader, order: _Order) -> None:
    pdf = reader.bind([platform.files.read(digest) for digest in order.digests])
    blob = platform.files.put(pdf)
    with platform.database.transaction(SYSTEM) as session:
        _record(session, platform, order, blob)


def _record(session: Session, platform: Platform, order: _Order, blob: StoredBlob) -> None:
    document = session.get_one(Document, order.document_id)
    case, wrapped = session.execute(
        select(CaseRecord, CaseKeyRow.wrapped)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .where(CaseRecord.id == document.case_id)
        .with_for_update(of=CaseRecord)
    ).one()
    if _digests(session, order.actor, document) != order.digests:
        return
    try:
        key = platform.vault.open_key(wrapped)
    except KeyDestroyedError:
        return
    file = _file(session, platform, order, document, blob)
    scan = _scan(session, platform, order, document, file.id)
    session.add_all((file, scan))
    what = " ".join(filter(None, (document.title["zh"], document.number)))
    line = Line(
        "document.scan",
        Message("scans.was_filed", {"what": dict(document.title), "pages": scan.pages}),
        scan.filed_at,
        kind="document",
        subject=what,
        run_id=document.run_id,
    )
    append(session, case, key, (line,), actor=order.actor, recorded_at=scan.filed_at)


def _file(
    session: Session, platform: Platform, order: _Order, document: Document, blob: StoredBlob
) -> StoredFile:
    version = session.scalars(select(Run.version_id).where(Run.id == document.run_id)).one()
    name = " ".join(filter(None, ("签署件", document.title["zh"], document.number)))
    return StoredFile(
        id=platform.ids.next(),
        sha256=blob.sha256,
        size_bytes=blob.size,
        name=f"{name[:190]}.pdf",
        media_type=PDF_TYPE,
        uploaded_by=order.actor.account_id,
        uploaded_at=platform.clock.now(),
        case_id=document.case_id,
        run_id=document.run_id,
        field=field_of(platform.catalogue.load(session, version), document.kind),
    )


def field_of(package: Package, kind: str) -> str:
    """The form field that takes scans of such a document (`x-scan-of`), "" without one: there it
    stands in volumes and packets."""
    fields = (field for form in package.forms.values() for field in form.fields)
    return next((field.name for field in fields if field.scan_of == kind), "")


def _scan(
    session: Session, platform: Platform, order: _Order, document: Document, file_id: int
) -> DocumentScan:
    last = find_scan(session, document.id)
    return DocumentScan(
        id=platform.ids.next(),
        document_id=document.id,
        number=last.number + 1 if last else 1,
        case_id=document.case_id,
        run_id=document.run_id,
        kind=document.kind,
        file_id=file_id,
        source=source_of(whole(session, document)),
        pages=len(order.digests),
        filed_by=order.actor.account_id,
        filed_name=order.actor.name,
        filed_at=platform.clock.now(),
    )
