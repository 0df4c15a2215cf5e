"""Tables of the rollout room: an order to move running cases, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Json


class MigrationJob(Base):
    """Somebody's order to move the running cases of one version, or some of them, to another."""

    __tablename__ = "migration_job"
    __table_args__ = (Index("ix_migration_job_target", "to_version", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    from_version: Mapped[int] = mapped_column(BigInteger)
    from_number: Mapped[int] = mapped_column(Integer)
    to_version: Mapped[int] = mapped_column(BigInteger)
    to_number: Mapped[int] = mapped_column(Integer)
    dry_run: Mapped[int] = mapped_column(Integer)
    """1: only says what would become of each case."""
    state: Mapped[str] = mapped_column(String(10))
    """open | stopped | done"""
    account_id: Mapped[int] = mapped_column(BigInteger)
    """Whose order it is: every case is moved with this person's rights; 0: the system's."""
    ordered_by: Mapped[str] = mapped_column(String(80))
    ordered_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class MigrationCase(OfCase, Base):
    """One run of an order. Seen by whoever takes part in its case."""

    __tablename__ = "migration_case"
    __table_args__ = (Index("ix_migration_case_verdict", "job_id", "verdict", "run_id"),)

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(String(10))
    """waiting | can (dry run) | moved | stays | reverted"""
    code: Mapped[str] = mapped_column(String(60))
    """Of the reason why it stays, "" otherwise."""
    element: Mapped[str] = mapped_column(String(120))
    """Where it stays, "" where the reason is none of an element."""
    reason: Mapped[Any | None] = mapped_column(Json)
    """The reason as data (`sealing.message_to_json`)."""
    decided_at: Mapped[datetime | None]
