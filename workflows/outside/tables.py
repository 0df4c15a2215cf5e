"""Tables of the outside room: a file that came in, each of its rows, and each list that went out.

A row holds names and ID numbers of people who may have no case here yet, so no case's key can
seal it: every file has a data key of its own, and destroying that erases the file. A row whose
number stands with a case needs its cells no more and loses them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, Integer, String, false, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Actor, ActorScoped, Base
from workflows.storage.types import Ciphertext, Json, SealedBytes

ABILITY = "outside"
"""What a post needs to import, to export, and to see what waits."""
WAITING = text("state = 'open'")


class OfUnit(ActorScoped):
    """Rows of a unit, for those of its people who handle outside lists."""

    __abstract__ = True

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.is_system:
            return None
        row = cls.__table__.c
        posts = [post for post in actor.posts if ABILITY in post.abilities]
        trees = sorted({post.unit_path for post in posts if post.reach == "subtree"})
        units = sorted({post.unit for post in posts if post.reach == "unit"})
        below = [row.unit_path.startswith(path, autoescape=True) for path in trees]
        return or_(false(), row.unit_code.in_(units), *below)


class OutsideFile(OfUnit, Base):
    """One list that came in."""

    __tablename__ = "outside_file"
    __table_args__ = (
        Index("ix_outside_file_unit", "unit_code", "id"),
        Index("ix_outside_file_content", "content_index"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    system: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    """preview | applied | discarded"""
    wrapped: Mapped[bytes | None]
    """The file's data key; None once destroyed."""
    body: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """{"name"} under the file's key: names of files name people."""
    content_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the content: the same file is taken once."""
    row_count: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(80))
    applied_at: Mapped[datetime | None]


class OutsideRow(OfUnit, Base):
    """One row of a list, until its number stands with a case, and after as a mark that it does."""

    __tablename__ = "outside_row"
    __table_args__ = (
        Index(
            "ix_outside_row_open",
            "unit_code",
            "file_id",
            "line",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index("ix_outside_row_number", "number_index"),
    )

    file_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    """As the office counts in the file."""
    system: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    """preview | open (waits for a person) | done | dismissed"""
    finding: Mapped[str] = mapped_column(String(12))
    """A value of `Finding`."""
    number_index: Mapped[str] = mapped_column(String(64))
    """Blind index of system and number, "" without a number."""
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    """The case that has the number now."""
    body: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """Cells, facts, reason, candidates: JSON under the file's key."""
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str] = mapped_column(String(80))


class OutsideExport(OfUnit, Base):
    """One list that went out: who took which cases with them, for what."""

    __tablename__ = "outside_export"
    __table_args__ = (Index("ix_outside_export_unit", "unit_code", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    system: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    unit_path: Mapped[str] = mapped_column(String(300))
    format: Mapped[str] = mapped_column(String(12))
    filters: Mapped[Any] = mapped_column(Json)
    """What was asked: state, kind, days; never the words searched for."""
    cases: Mapped[int] = mapped_column(Integer)
    whole_numbers: Mapped[int] = mapped_column(Integer)
    """1 where ID numbers went out whole."""
    reason: Mapped[str] = mapped_column(String(500))
    """Why, "" where none was needed."""
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(80))
