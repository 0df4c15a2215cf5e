"""The worker's side of a seal: read, make, sign, store; then everything else in one transaction.

Whoever dies before that transaction leaves the document as it was and the order waiting; whoever
dies after it leaves a finished document. What cannot be done now says why and is tried again, for
as long as it may still succeed: a passphrase may come back tomorrow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.cases.signatures import strokes_of
from workflows.cases.strokes import in_own_box
from workflows.cases.tables import FAR, CaseKeyRow, CaseRecord, Document, Run
from workflows.cases.timeline import Line, append
from workflows.documents import states
from workflows.documents.make import make_bytes
from workflows.documents.rendering import Renderer
from workflows.errors import ConflictError, FengqiaoError, RuleError
from workflows.messages import Message
from workflows.organisation.names import load_named
from workflows.sealing.authority import certificate_for, list_due, list_lacks, renew_due
from workflows.sealing.keyring import Keyring
from workflows.sealing.own import load_own, local_text
from workflows.sealing.signing import Drawing, KeyMaterial, SealingError, SealPicture, Signer
from workflows.sealing.tables import DONE, FAILED, PENDING, ROOT, TIMESTAMP, DocumentSeal
from workflows.storage import SYSTEM
from workflows.storage.files import StoredBlob

log = structlog.get_logger("fengqiao.sealing")

LEASE = timedelta(minutes=3)
"""How long a worker may take for a seal before another one may try."""
FIRST_RETRY, LAST_RETRY = timedelta(seconds=10), timedelta(hours=1)
REASON = "防篡改印：证明文件盖印后未被改动的完整性证据，不是法定电子印章"
"""Stands in the signature itself, where every reader of PDFs shows it."""
DATE_PLACE = "sign-date"
"""Where a text leaves room for the day (see `Drawing`)."""
FINAL = frozenset({"documents.void", "documents.superseded", "documents.erased"})
"""Refusals that no waiting will change."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What sealing needs of the world."""

    platform: Platform
    keyring: Keyring
    signer: Signer
    renderer: Renderer


@dataclass(frozen=True, slots=True)
class _Order:
    case_id: int
    unit_code: str
    unit_name: str
    created_at: datetime
    ordered_on: date


@dataclass(frozen=True, slots=True)
class _Signing:
    serial: str
    material: KeyMaterial
    root: bytes
    revoked: bytes


def seal_due(desk: Desk, limit: int) -> int:
    """Makes up to `limit` seals that are due; how many were made or put off."""
    claimed = _claim(desk.platform, limit)
    for document_id, attempt in claimed:
        try:
            seal_document(desk, document_id)
        except FengqiaoError as error:
            log.warning("seal not made", document=document_id, code=error.message.code)
            _put_off(desk.platform, document_id, attempt, error.message)
    return len(claimed)


def sign_list(desk: Desk) -> bool:
    """Signs the list of revoked certificates anew where it lacks one; whether it did. Raises
    PassphraseError."""
    with desk.platform.database.reading(SYSTEM) as session:
        if not list_lacks(session):
            return False
    with desk.platform.database.transaction(SYSTEM) as session:
        return list_due(session, desk.keyring, desk.platform.clock.now())


def renew(desk: Desk) -> int:
    """Replaces certificates that end soon; how many. Raises PassphraseError."""
    with desk.platform.database.transaction(SYSTEM) as session:
        return renew_due(session, desk.keyring, desk.platform.clock.now())


def seal_document(desk: Desk, document_id: int) -> None:
    """Makes the seal that was ordered for a document.

    Raises RuleError (void, superseded, clock set back, certificate revoked), PassphraseError,
    RenderError, SealingError, ConflictError (the file is damaged, or others were faster): the
    document and the order are as they were.
    """
    order = _read(desk.platform, document_id)
    made = make_bytes(desk.platform, desk.renderer, document_id)
    moment = desk.platform.clock.now()
    if moment < order.created_at:
        raise RuleError("sealing.clock_backwards", moment=local_text(moment))
    signing = _prepare(desk, order, moment)
    pdf = desk.platform.files.read(made.sha256)
    if hashlib.sha256(pdf).hexdigest() != made.sha256:
        raise ConflictError("sealing.damaged")
    sealed = desk.signer.seal(
        pdf,
        signing.material,
        SealPicture(order.unit_name, made.sha256),
        reason=REASON,
        moment=moment,
        drawings=_drawings(desk.platform, document_id, made.sha256, order.ordered_on),
    )
    report = desk.signer.check(sealed, [signing.root], [signing.revoked])
    if not (report.holds and sealed.startswith(pdf)):
        raise SealingError("sealing.signer_failed", detail="check")
    blob = desk.platform.files.put(sealed)
    _record(desk.platform, document_id, made.sha256, blob, signing.serial, moment)


def _read(platform: Platform, document_id: int) -> _Order:
    with platform.database.reading(SYSTEM) as session:
        row, run, ordered_at = session.execute(
            select(Document, Run, DocumentSeal.ordered_at)
            .join(Run, Run.id == Document.run_id)
            .join(DocumentSeal, DocumentSeal.document_id == Document.id)
            .where(Document.id == document_id)
        ).one()
        if row.state in (states.SUPERSEDED, states.VOID):
            raise RuleError(f"documents.{row.state}")
        names = load_named(session, (run.unit_code,))
        name = names.get(run.unit_code, run.unit_code)
        return _Order(row.case_id, run.unit_code, name, row.created_at, today_of(ordered_at))


def _drawings(platform: Platform, document_id: int, sha256: str, day: date) -> tuple[Drawing, ...]:
    """What people signed on a screen, and the day of the last act, the consent to the seal. Raises
    ConflictError where it was not this file they saw."""
    with platform.database.reading(SYSTEM) as session:
        wrapped = session.scalars(
            select(CaseKeyRow.wrapped)
            .join(Document, Document.case_id == CaseKeyRow.case_id)
            .where(Document.id == document_id)
        ).one()
        signed = strokes_of(session, platform.vault.open_key(wrapped), document_id)
    if any(one.sha256 != sha256 for one in signed):
        raise ConflictError("sealing.signed_another")
    drawn = tuple(Drawing(one.place, *in_own_box(one.strokes)) for one in signed)
    dated = Drawing(DATE_PLACE, text=f"{day.year}年{day.month}月{day.day}日")
    return (*drawn, dated) if drawn else ()


def _prepare(desk: Desk, order: _Order, moment: datetime) -> _Signing:
    """Certificate and open keys; a certificate issued here stays, whatever becomes of the seal."""
    with desk.platform.database.transaction(SYSTEM) as session:
        root, stamp = load_own(session, ROOT), load_own(session, TIMESTAMP)
        row = certificate_for(session, desk.keyring, order.unit_code, order.unit_name, moment)
        material = KeyMaterial(
            certificate=row.certificate,
            key=desk.keyring.open(row.serial, row.key),
            chain=(root.certificate,),
            timestamp_certificate=stamp.certificate,
            timestamp_key=desk.keyring.open(stamp.serial, stamp.key),
        )
        return _Signing(row.serial, material, root.certificate, root.crl or b"")


def _record(
    platform: Platform,
    document_id: int,
    unsigned: str,
    blob: StoredBlob,
    serial: str,
    moment: datetime,
) -> None:
    """The document is sealed, the order done, the record says so: all or nothing. Nothing is
    written where somebody sealed, replaced or voided it meanwhile (ConflictError, RuleError)."""
    with platform.database.transaction(SYSTEM) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .join(Document, Document.case_id == CaseRecord.id)
            .where(Document.id == document_id)
            .with_for_update(of=CaseRecord)
        ).one()
        row = session.scalars(
            select(Document).where(Document.id == document_id).with_for_update()
        ).one()
        seal = session.scalars(
            select(DocumentSeal).where(DocumentSeal.document_id == document_id).with_for_update()
        ).one()
        if row.state in (states.SUPERSEDED, states.VOID):
            raise RuleError(f"documents.{row.state}")
        if row.state != states.READY or row.sha256 != unsigned or seal.state != PENDING:
            raise ConflictError("sealing.overtaken")
        row.state, row.sha256, row.size_bytes = states.SEALED, blob.sha256, blob.size
        seal.state, seal.serial, seal.error, seal.available_at = DONE, serial, None, FAR
        seal.unsigned_sha256, seal.sealed_sha256 = unsigned, blob.sha256
        seal.sealed_at = moment.replace(microsecond=0)
        name = " ".join(filter(None, (row.title["zh"], row.number)))
        line = Line(
            action="document.sealed",
            sentence=Message("sealing.was_sealed", {"what": name}),
            occurred_at=moment,
            kind="document",
            subject=name,
            run_id=row.run_id,
        )
        key = platform.vault.open_key(wrapped)
        append(session, case, key, (line,), actor=SYSTEM, recorded_at=moment)


def _claim(platform: Platform, limit: int) -> list[tuple[int, int]]:
    """(document, attempt) of orders that are due, leased to this worker."""
    now = platform.clock.now()
    due = DocumentSeal.state == PENDING, DocumentSeal.available_at <= now
    with platform.database.reading(SYSTEM) as session:
        if session.scalar(select(DocumentSeal.document_id).where(*due).limit(1)) is None:
            return []
    with platform.database.transaction(SYSTEM) as session:
        rows = session.scalars(
            select(DocumentSeal)
            .where(*due)
            .order_by(DocumentSeal.available_at, DocumentSeal.document_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.attempts += 1
            row.available_at = now + LEASE
        return [(row.document_id, row.attempts) for row in rows]


def _put_off(platform: Platform, document_id: int, attempt: int, why: Message) -> None:
    """Tried again after twice the pause, an hour at most; given up where it cannot succeed."""
    pause = min(FIRST_RETRY * 2 ** min(attempt - 1, 12), LAST_RETRY)
    with platform.database.transaction(SYSTEM) as session:
        row = session.scalars(
            select(DocumentSeal).where(DocumentSeal.document_id == document_id).with_for_update()
        ).one()
        if row.state != PENDING:
            return
        row.error = message_to_json(why)
        row.available_at = platform.clock.now() + pause
        if why.code in FINAL:
            row.state, row.available_at = FAILED, FAR
