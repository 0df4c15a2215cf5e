"""Tables of the print desk: one row a job, one a packet in it, one a paper that was printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Json


class PrintJob(Base):
    """Packets printed in one go, and their one PDF. Only whoever ordered it may open it."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index("ix_print_job_account", "account_id", "id"),
        Index("ix_print_job_key", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    key: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of who ordered what with which form: the same form sent twice makes one job."""
    account_id: Mapped[int] = mapped_column(BigInteger)
    ordered_name: Mapped[str] = mapped_column(String(80))
    ordered_at: Mapped[datetime]
    copies: Mapped[int] = mapped_column(Integer)
    """Of each packet."""
    state: Mapped[str] = mapped_column(String(10))
    """waiting | working | ready | failed"""
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    """Packets looked through, of how many."""
    pages: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[Any | None] = mapped_column(Json)
    """[code, params] of why it failed."""
    made_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    """When its PDF was first opened: from then on its papers count as printed."""


class PrintPacket(OfCase, Base):
    """One run's packet in a job."""

    __tablename__ = "print_packet"
    __table_args__ = (Index("ix_print_packet_run", "run_id", "job_id"),)

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    """From 1, in the order of the PDF."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int | None] = mapped_column(Integer)
    """Of one copy, its separator sheet included; None until made."""
    missing: Mapped[Any] = mapped_column(Json)
    """Titles {"zh", "en"} of required lines without papers."""
    papers: Mapped[Any | None] = mapped_column(Json)
    """[[paper, 1 where it carries the mark 副本], …] as in `printed_paper`; None until made."""


class PrintedPaper(OfCase, Base):
    """The print log: a paper that left the house in some copies."""

    __tablename__ = "printed_paper"
    __table_args__ = (Index("ix_printed_paper_paper", "paper", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    paper: Mapped[str] = mapped_column(String(40))
    """document/… or file/… with its outside id."""
    case_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    job_id: Mapped[int] = mapped_column(BigInteger)
    copies: Mapped[int] = mapped_column(Integer)
    is_reprint: Mapped[int] = mapped_column(Integer)
    """1 where every page carries the mark 副本: it had been printed before."""
    account_id: Mapped[int] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
