"""Tables of the sealing room: the installation's authority, the units' certificates, the seals.

Private keys stand here under the passphrase of `keyring.py`, which is no part of any database or
backup: whoever has only these rows can check seals and make none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Ciphertext, Json, LongBytes, SealedBytes

ROOT, TIMESTAMP = "root", "timestamp"
ACTIVE, REPLACED, REVOKED = "active", "replaced", "revoked"
PENDING, DONE, FAILED = "pending", "done", "failed"
WAITING = text("state = 'pending'")


class SealAuthority(Base):
    """One of the installation's two own certificates: `root` signs certificates and the list of
    revoked ones, `timestamp` says when a seal was made."""

    __tablename__ = "seal_authority"

    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    serial: Mapped[str] = mapped_column(String(40))
    """Hex, as certificates print it."""
    certificate: Mapped[bytes] = mapped_column(LongBytes)
    """X.509, DER."""
    key: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """PKCS#8, DER, under the passphrase."""
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    crl: Mapped[bytes | None] = mapped_column(LongBytes)
    """The root's newest list of revoked certificates (DER); None of the time-stamp authority."""
    crl_number: Mapped[int] = mapped_column(Integer)


class SealCertificate(Base):
    """A unit's certificate. One is `active`; those before it stay for the sake of their seals."""

    __tablename__ = "seal_certificate"
    __table_args__ = (Index("ix_seal_certificate_unit", "unit_code", "state"),)

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_name: Mapped[str] = mapped_column(String(120))
    """As it was when the certificate was issued: that name is drawn in the seal."""
    certificate: Mapped[bytes] = mapped_column(LongBytes)
    key: Mapped[Ciphertext] = mapped_column(SealedBytes)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    """active | replaced | revoked"""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(80))
    cause: Mapped[str | None] = mapped_column(String(24))
    """key_compromise | affiliation_changed | cessation_of_operation (RFC 5280 5.3.1)."""
    reason: Mapped[str | None] = mapped_column(String(300))


class DocumentSeal(OfCase, Base):
    """One seal on one document: ordered, then made. A document has one."""

    __tablename__ = "document_seal"
    __table_args__ = (
        Index("ix_document_seal_case", "case_id"),
        Index("ix_document_seal_sealed", "sealed_sha256"),
        Index("ix_document_seal_unsigned", "unsigned_sha256"),
        Index(
            "ix_document_seal_pending",
            "available_at",
            "document_id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    document_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger)
    unit_code: Mapped[str] = mapped_column(String(64))
    """The unit whose seal it is."""
    state: Mapped[str] = mapped_column(String(10))
    """pending | done | failed"""
    ordered_by: Mapped[int] = mapped_column(BigInteger)
    ordered_at: Mapped[datetime]
    available_at: Mapped[datetime]
    """From when the worker may (try again to) make it."""
    attempts: Mapped[int] = mapped_column(Integer)
    serial: Mapped[str | None] = mapped_column(String(40))
    unsigned_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the bytes below the seal; its beginning is drawn in the seal."""
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None]
    """The moment in the time stamp."""
    error: Mapped[Any | None] = mapped_column(Json)
    """[code, params] of why it was not made, null otherwise."""
