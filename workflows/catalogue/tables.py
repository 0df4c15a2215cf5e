"""Versions of packages and what happened to them. A published row is never edited, only retired
and published again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage.base import Base
from workflows.storage.types import LongBytes, UtcDateTime

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class PackageVersion(Base):
    """One version of a package for one unit and everything below it."""

    __tablename__ = "package_version"
    __table_args__ = (
        UniqueConstraint("key", "unit_code", "number"),
        Index("ix_package_version_current", "key", "state"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64), default="")
    """The unit whose own way this is; empty for the common package of the installation."""
    number: Mapped[int] = mapped_column(Integer)
    """1, 2, 3… within (key, unit_code)."""
    state: Mapped[str] = mapped_column(String(16))
    """draft | published | retired"""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the tree (`PackageSource.digest`)."""
    source: Mapped[bytes] = mapped_column(LongBytes, deferred=True)
    """The tree as a zip."""
    compiled: Mapped[bytes | None] = mapped_column(LongBytes, deferred=True)
    """The process, ready to run (`ProcessVersion.to_bytes`), so that no process of the site has to
    read the diagrams again."""
    compiled_by: Mapped[str | None] = mapped_column(String(64))
    """`maker()` of those bytes; those of another are not used."""
    notes: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    """Account of the author, None for versions that are older than this column or came from the
    command line."""
    approver_id: Mapped[int | None] = mapped_column(BigInteger)
    approver: Mapped[str | None] = mapped_column(String(120))
    """Who looked at it last as the second person."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_digest: Mapped[str | None] = mapped_column(String(64))
    """`digest` of what was approved; an approval of other bytes does not count."""
    approved_against: Mapped[int | None] = mapped_column(BigInteger)
    """Id of the version it was compared with, 0 where there was none; an approval against another
    one does not count."""
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    """Of a unit's own way: the version of a higher unit, or the common one, it was made from or
    last took over; None for common packages and for own ways that are older than this column."""


class PackageEvent(Base):
    """One act on a version. Rows are only added."""

    __tablename__ = "package_event"
    __table_args__ = (Index("ix_package_event_version", "version_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version_id: Mapped[int] = mapped_column(BigInteger)
    act: Mapped[str] = mapped_column(String(16))
    """drafted | asked | approved | published | restored"""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(120))
    notes: Mapped[str] = mapped_column(Text)
    replaced_id: Mapped[int | None] = mapped_column(BigInteger)
    """Version that counted until then."""
    reasons: Mapped[str] = mapped_column(String(200))
    """Codes of the powers the difference touches, with spaces between."""
