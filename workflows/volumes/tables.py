"""Tables of the volumes room: one row a volume, its lines, its scores, and holds on cases.

Names of papers and whatever somebody wrote stand under the case's key: they go when the case's
contents go.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Ciphertext, Json, SealedBytes


class Volume(OfCase, Base):
    """One making of a run's 卷宗. Its PDF never changes; a later paper makes the next number."""

    __tablename__ = "volume"
    __table_args__ = (
        Index("ix_volume_run", "run_id", "number", unique=True),
        Index("ix_volume_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    """Counts the run's volumes from 1."""
    state: Mapped[str] = mapped_column(String(10))
    """waiting | working | ready | failed"""
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    """How far the worker is: papers looked at and pages bound, of how many; 0 of 0 before."""
    retention: Mapped[str] = mapped_column(String(10))
    """short | long | permanent"""
    missing: Mapped[Any] = mapped_column(Json)
    """[[line key, {"zh", "en"}], …] of required lines without papers: not empty means 未齐."""
    pages: Mapped[int | None] = mapped_column(Integer)
    """Numbered pages; cover, list and back cover are not."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[Any | None] = mapped_column(Json)
    """[code, params] of why it failed."""
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    ordered_by: Mapped[int] = mapped_column(BigInteger)
    ordered_name: Mapped[str] = mapped_column(String(80))
    ordered_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(BigInteger)
    accepted_name: Mapped[str] = mapped_column(String(80))
    accepted_at: Mapped[datetime | None]


class VolumeLineRow(OfCase, Base):
    """One line of a finished volume's 卷内目录."""

    __tablename__ = "volume_line"

    volume_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    """From 1."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[Any] = mapped_column(Json)
    required: Mapped[int] = mapped_column(Integer)
    """1 where the volume is 未齐 without it."""
    first_page: Mapped[int | None] = mapped_column(Integer)
    pages: Mapped[int] = mapped_column(Integer)
    papers: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """[{"id", "title", "sha256", "first", "pages", "problem"}, …] as JSON; `id`: document/… or
    file/… with the outside id."""


class VolumeReview(OfCase, Base):
    """卷宗评查: points somebody gave a volume; the newest counts."""

    __tablename__ = "volume_review"
    __table_args__ = (Index("ix_volume_review_volume", "volume_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    volume_id: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[Any] = mapped_column(Json)
    """Item key → points given."""
    total: Mapped[int] = mapped_column(Integer)
    note: Mapped[Ciphertext | None] = mapped_column(SealedBytes)
    by_account: Mapped[int] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class LegalHold(OfCase, Base):
    """A case whose contents may not be erased until the hold is lifted."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[Ciphertext] = mapped_column(SealedBytes)
    placed_by: Mapped[int] = mapped_column(BigInteger)
    placed_name: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]
    lifted_name: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None]
