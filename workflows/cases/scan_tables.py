"""The table of signed papers that came back whole; filled by `workflows/scans`, read by forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base


class DocumentScan(OfCase, Base):
    """签署件: all pages of a printed document as one PDF, a file of its case."""

    __tablename__ = "document_scan"
    __table_args__ = (
        Index("ix_document_scan_document", "document_id", "number", unique=True),
        Index("ix_document_scan_run", "run_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    document_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    """Counts the document's scans from 1; the newest counts."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(60))
    """Of the document."""
    file_id: Mapped[int] = mapped_column(BigInteger)
    """The `stored_file` of the case."""
    source: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the digests of its pages, in their order."""
    pages: Mapped[int] = mapped_column(Integer)
    filed_by: Mapped[int] = mapped_column(BigInteger)
    filed_name: Mapped[str] = mapped_column(String(80))
    filed_at: Mapped[datetime]
