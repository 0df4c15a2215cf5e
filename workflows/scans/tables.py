"""Tables of the room: one row an upload of several files, one a file, one a page.

Rows belong to whoever sent them, not to a case: papers of several cases come in one heap, and what
nobody recognises belongs to none. Only `document_scan` (workflows/cases) is a matter of the case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Base
from workflows.storage.types import Json


class ScanBatch(Base):
    """Files dropped at once."""

    __tablename__ = "scan_batch"
    __table_args__ = (Index("ix_scan_batch_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    sent_at: Mapped[datetime]
    document_id: Mapped[int | None] = mapped_column(BigInteger)
    """From whose page they were sent: what is proposed for pages nobody recognises."""


class ScanUpload(Base):
    """One file as it came. The original stays in the file store."""

    __tablename__ = "scan_upload"
    __table_args__ = (Index("ix_scan_upload_batch", "batch_id", "position"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    batch_id: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(Integer)
    """From 1, as they were chosen."""
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the original; None of one that was too large to be kept."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(10))
    """waiting | working | ready | failed"""
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    """Pages read, of how many; 0 of 0 before."""
    problem: Mapped[Any | None] = mapped_column(Json)
    """[code, params] of why nothing of it was read."""


class ScanPage(Base):
    """One page, upright, as a JPEG of its own."""

    __tablename__ = "scan_page"
    __table_args__ = (
        Index("ix_scan_page_upload", "upload_id", "number", unique=True),
        Index("ix_scan_page_batch", "batch_id", "id"),
        Index("ix_scan_page_document", "document_id", "page"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    batch_id: Mapped[int] = mapped_column(BigInteger)
    upload_id: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    """In its file, from 1."""
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    """placed | double | unplaced | replaced | foreign | unknown | several; see `placing.py`"""
    code: Mapped[str] = mapped_column(String(40))
    """The verify code on it; "" without one, and of a case that is not the sender's."""
    document_id: Mapped[int | None] = mapped_column(BigInteger)
    page: Mapped[int | None] = mapped_column(Integer)
    """Of the document, from 1."""
    by_hand: Mapped[int] = mapped_column(Integer)
    """1 where somebody said which page it is."""
