"""The table of signatures on a screen: asked for at a work item, given at the table or by phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Ciphertext, Json, SealedBytes

TABLE, PHONE = "table", "phone"
OPEN, SIGNED, COUNTED, REFUSED, WITHDRAWN = "open", "signed", "counted", "refused", "withdrawn"


class Signature(OfCase, Base):
    """One signature somebody was asked for; its strokes stay under the case's key."""

    __tablename__ = "signature"
    __table_args__ = (
        Index("ix_signature_item", "run_id", "item_number", "field"),
        Index("ix_signature_case", "case_id"),
        Index("ix_signature_document", "document_id"),
        Index("ix_signature_token", "token_hash", unique=True),
        Index("ix_signature_shape", "shape"),
        Index("ix_signature_rhythm", "rhythm"),
        Index("ix_signature_device", "device"),
        Index(
            "ix_signature_flagged",
            "id",
            sqlite_where=text("flagged = 1"),
            postgresql_where=text("flagged = 1"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Also of the file a form binds once it is signed."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    item_number: Mapped[int] = mapped_column(Integer)
    field: Mapped[str] = mapped_column(String(60))
    """Of the item's form."""
    document_id: Mapped[int] = mapped_column(BigInteger)
    document_sha256: Mapped[str] = mapped_column(String(64))
    """Of the PDF that was shown: what was signed."""
    place: Mapped[str] = mapped_column(String(100))
    """Name of the place in the PDF where the strokes go."""
    signer_name: Mapped[str] = mapped_column(String(120))
    party_id: Mapped[int | None] = mapped_column(BigInteger)
    """Whose signature it is; None: the officer's who does the task."""
    way: Mapped[str] = mapped_column(String(10))
    """table (on the office's device) | phone (on the signer's own, by link and code)"""
    state: Mapped[str] = mapped_column(String(12))
    """open | signed | counted (the task was completed with it) | refused | withdrawn"""
    token_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[Ciphertext | None] = mapped_column(SealedBytes)
    """Link and code, under the case's key, while they are needed."""
    tries: Mapped[int] = mapped_column(Integer)
    """Wrong codes so far."""
    device: Mapped[str | None] = mapped_column(String(64))
    """Hash of the device that holds the link; None before one opened it."""
    issued_by: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When it was signed or refused."""
    evidence: Mapped[Ciphertext | None] = mapped_column(SealedBytes)
    """Strokes, the browser's name, or why it was refused."""
    shape: Mapped[str | None] = mapped_column(String(64))
    rhythm: Mapped[str | None] = mapped_column(String(64))
    """Blind indexes of how the strokes run and of their timing: equal ones were replayed."""
    signals: Mapped[Any] = mapped_column(Json)
    """What a human should look at: [[kind, outside id of the other signature], …]."""
    flagged: Mapped[int] = mapped_column(Integer)
    """1 where there are signals."""
    looked_by: Mapped[str | None] = mapped_column(String(80))
    looked_at: Mapped[datetime | None]
    looked_note: Mapped[str | None] = mapped_column(String(300))
