"""What the studio keeps: every save of a working copy, what people say to each other about it,
and who has it open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Base
from workflows.storage.types import LongBytes


class StudioRevision(Base):
    """One save of the working copy of (key, unit). Rows are added, and later thinned
    (`thinning.py`); none is ever changed."""

    __tablename__ = "studio_revision"
    __table_args__ = (UniqueConstraint("key", "unit_code", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    """As of `package_version`: "" for the common package."""
    number: Mapped[int] = mapped_column(Integer)
    """1, 2, 3… within (key, unit)."""
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[bytes] = mapped_column(LongBytes, deferred=True)
    """The tree as a zip."""
    account_id: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    notes: Mapped[str] = mapped_column(Text)
    from_version: Mapped[int] = mapped_column(Integer)
    """Number of the version the working copy goes by; 0: of none, it began here."""
    restored: Mapped[int] = mapped_column(Integer)
    """Number of the save that was brought back, 0 for an ordinary one."""


class StudioComment(Base):
    """A remark on an element, or on a file where `element` is ""."""

    __tablename__ = "studio_comment"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40), index=True)
    unit_code: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(200))
    element: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(String(120))
    settled_at: Mapped[datetime | None]


class StudioPresence(Base):
    """Who had a working copy open a moment ago, and what of it."""

    __tablename__ = "studio_presence"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    who: Mapped[str] = mapped_column(String(120))
    file: Mapped[str] = mapped_column(String(200))
    seen_at: Mapped[datetime]
