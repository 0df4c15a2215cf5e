"""The table of package versions. A published row is never edited, only retired."""

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
