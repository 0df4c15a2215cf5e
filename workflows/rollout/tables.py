"""Tables of the rollout room: orders to move running cases or to replay past ones, and what became
of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Json


class Order:
    """Columns of an order the worker carries out piece by piece (`orders.py`)."""

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    """open | stopped | done"""
    account_id: Mapped[int] = mapped_column(BigInteger)
    """Whose order it is: every case is looked at with this person's rights; 0: the system's."""
    ordered_by: Mapped[str] = mapped_column(String(80))
    ordered_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class MigrationJob(Order, Base):
    """Somebody's order to move the running cases of one version, or some of them, to another."""

    __tablename__ = "migration_job"
    __table_args__ = (Index("ix_migration_job_target", "to_version", "id"),)

    from_version: Mapped[int] = mapped_column(BigInteger)
    from_number: Mapped[int] = mapped_column(Integer)
    to_version: Mapped[int] = mapped_column(BigInteger)
    to_number: Mapped[int] = mapped_column(Integer)
    dry_run: Mapped[int] = mapped_column(Integer)
    """1: only says what would become of each case."""


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


class ReplayJob(Order, Base):
    """Somebody's order to walk past cases through a version. Changes no case."""

    __tablename__ = "replay_job"
    __table_args__ = (Index("ix_replay_job_version", "version_id", "id"),)

    version_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    most: Mapped[int] = mapped_column(Integer)
    """How many were asked for; the newest runs the person knows of."""


class ReplayCase(OfCase, Base):
    """One run of a replay. Seen by whoever takes part in its case."""

    __tablename__ = "replay_case"
    __table_args__ = (Index("ix_replay_case_verdict", "job_id", "verdict", "run_id"),)

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(String(16))
    """waiting | same | a value of `walk.Verdict`, the gravest | refused"""
    steps: Mapped[int] = mapped_column(Integer)
    """Lines of the journal that were walked."""
    reason: Mapped[Any | None] = mapped_column(Json)
    """Why it could not be walked (`sealing.message_to_json`)."""
    decided_at: Mapped[datetime | None]


class ReplayDifference(OfCase, Base):
    """One thing that comes out otherwise in a run of a replay. A table of its own, so that what
    thousands of runs come to is counted by the database."""

    __tablename__ = "replay_difference"
    __table_args__ = (
        Index("ix_replay_difference_element", "job_id", "element", "verdict", "run_id"),
    )

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    """0, 1, 2… within the run, as they were found."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(String(16))
    """A value of `walk.Verdict`."""
    step: Mapped[int] = mapped_column(Integer)
    """Line of the journal, from 1."""
    at: Mapped[datetime]
    """When that line was written."""
    element: Mapped[str] = mapped_column(String(120))
    """Where, "" for nowhere in particular."""
    diagram: Mapped[str] = mapped_column(String(120))
    """Process the element is drawn in, "" where the version does not draw it."""
    title: Mapped[Any] = mapped_column(Json)
    """{"zh", "en"} of the element."""
    message: Mapped[Any] = mapped_column(Json)
    """The sentence as data (`sealing.message_to_json`)."""
