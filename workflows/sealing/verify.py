"""What anybody may know of a code or a file: genuine, sealed, replaced, void, revoked, altered.

Answered without names, case numbers and contents. Of restricted matters nothing is told but that
the code or the file is genuine. A file is compared by its digest first; only one that is not known
is read, and that in the process behind the port.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from workflows.cases.platform import Platform
from workflows.cases.tables import NORMAL, CaseRecord, Document, Run
from workflows.documents import states
from workflows.documents.page import grouped
from workflows.documents.verify_code import read_verify_code
from workflows.organisation.names import load_named
from workflows.sealing.own import load_own
from workflows.sealing.signing import Report, Signer
from workflows.sealing.tables import (
    DONE,
    REVOKED,
    ROOT,
    DocumentSeal,
    SealAuthority,
    SealCertificate,
)
from workflows.sealing.view import fingerprint
from workflows.storage import SYSTEM, Session

SEALED, GENUINE, UNDONE = "sealed", "genuine", "unsealed_copy"
REPLACED, VOIDED, REVOKED_SEAL = "superseded", "void", "revoked"
ALTERED, UNKNOWN, UNREADABLE = "altered", "unknown", "unreadable"
"""Outcomes. `unsealed_copy`: the bytes as they were before the seal."""
MOST_BYTES = 25 * 1024 * 1024
"""Of an uploaded file."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a document. Digests hex; `fingerprint`: what stands in the picture of the
    seal; `sha256`, `pages`: None before the file was made; `text_mark`: the 文本指纹 at the foot of
    each page, None of a document from before there were any."""

    title: Mapping[str, str]
    unit_name: str
    number: str | None
    created_at: datetime
    pages: int | None
    sha256: str | None
    sealed_at: datetime | None
    fingerprint: str | None
    revoked_at: datetime | None
    text_mark: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. `told`: None where nothing more may be or can be said. `problem`: of an
    unreadable file, as in `Report.problem`."""

    outcome: str
    told: Told | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    document: Document
    run: Run
    case: CaseRecord
    seal: DocumentSeal | None
    certificate: SealCertificate | None
    unit_name: str

    @property
    def is_restricted(self) -> bool:
        return (self.case.access_class, self.run.access_class) != (NORMAL, NORMAL)


def verify_code(platform: Platform, typed: str) -> Verdict:
    """The verdict on a code, however it was typed. Of what is printed only the code was seen."""
    code = read_verify_code(typed)
    if code is None:
        return Verdict(UNKNOWN)
    with platform.database.reading(SYSTEM) as session:
        found = _find(session, Document.verify_code == code)
    return Verdict(UNKNOWN) if found is None else _verdict(found)


def verify_file(platform: Platform, signer: Signer, pdf: bytes) -> Verdict:
    """The verdict on a file of at most MOST_BYTES. Raises SealingError where nobody could look."""
    digest = hashlib.sha256(pdf).hexdigest()
    with platform.database.reading(SYSTEM) as session:
        found = _find(session, Document.sha256 == digest) or _find(
            session, DocumentSeal.unsigned_sha256 == digest
        )
        roots, lists = _trust(session)
    if found is not None:
        return _verdict(found, is_older=found.document.sha256 != digest)
    report = signer.check(pdf, roots, lists)
    if report.problem is not None:
        return Verdict(UNREADABLE, problem=report.problem)
    with platform.database.reading(SYSTEM) as session:
        return _unlike(session, report)


def _unlike(session: Session, report: Report) -> Verdict:
    """The verdict on a file whose digest is not known: altered where it claims to be of here. A
    seal of ours that holds is believed without a row: the rows may come from an older backup."""
    serials = {one.serial for one in report.signatures}
    issued_here = _is_issued_here(session, serials)
    if report.holds and issued_here:
        return Verdict(REVOKED_SEAL if report.signatures[0].revoked else GENUINE)
    for code in report.codes:
        found = _find(session, Document.verify_code == code)
        if found is not None and found.is_restricted:
            return Verdict(UNKNOWN)
        if found is not None:
            return Verdict(ALTERED, _told(found))
    return Verdict(ALTERED if issued_here else UNKNOWN)


def _is_issued_here(session: Session, serials: Iterable[str]) -> bool:
    known = select(SealCertificate.serial).where(SealCertificate.serial.in_(sorted(serials)))
    return session.scalar(known.limit(1)) is not None


def _trust(session: Session) -> tuple[list[bytes], list[bytes]]:
    """Root and list of this installation; empty where it has never sealed anything."""
    if session.get(SealAuthority, ROOT) is None:
        return [], []
    root = load_own(session, ROOT)
    return [root.certificate], [root.crl] if root.crl else []


def _find(session: Session, condition: ColumnElement[bool]) -> _Found | None:
    """One document with all that is told of it. Of several equal files the one that counts."""
    rows = session.execute(
        select(Document, Run, CaseRecord, DocumentSeal, SealCertificate)
        .join(Run, Run.id == Document.run_id)
        .join(CaseRecord, CaseRecord.id == Document.case_id)
        .outerjoin(DocumentSeal, DocumentSeal.document_id == Document.id)
        .outerjoin(SealCertificate, SealCertificate.serial == DocumentSeal.serial)
        .where(condition)
        .order_by(Document.id.desc())
        .limit(1)
    ).one_or_none()
    if rows is None:
        return None
    document, run, case, seal, certificate = rows
    names = load_named(session, (run.unit_code,))
    return _Found(document, run, case, seal, certificate, names.get(run.unit_code, ""))


def _verdict(found: _Found, *, is_older: bool = False) -> Verdict:
    if found.is_restricted:
        counts = found.document.state not in (states.SUPERSEDED, states.VOID)
        return Verdict(GENUINE if counts else UNKNOWN)
    return Verdict(_outcome(found, is_older=is_older), _told(found))


def _outcome(found: _Found, *, is_older: bool) -> str:
    if found.document.state == states.VOID:
        return VOIDED
    if found.document.state == states.SUPERSEDED:
        return REPLACED
    if found.document.state != states.SEALED:
        return GENUINE
    if found.certificate is not None and found.certificate.state == REVOKED:
        return REVOKED_SEAL
    return UNDONE if is_older else SEALED


def _told(found: _Found) -> Told:
    seal, certificate = found.seal, found.certificate
    is_sealed = seal is not None and seal.state == DONE
    return Told(
        title=found.document.title,
        unit_name=found.unit_name,
        number=found.document.number,
        created_at=found.document.created_at,
        pages=found.document.pages,
        sha256=found.document.sha256,
        sealed_at=seal.sealed_at if seal and is_sealed else None,
        fingerprint=fingerprint(seal.unsigned_sha256) if seal and seal.unsigned_sha256 else None,
        revoked_at=certificate.revoked_at if certificate else None,
        text_mark=grouped(mark) if (mark := found.document.text_mark) else None,
    )
