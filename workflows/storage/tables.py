"""Tables of the storage room: settings of the installation and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage.base import Base
from workflows.storage.types import Json


class InstallationSetting(Base):
    """One value that all processes of the installation share."""

    __tablename__ = "installation_setting"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class OutboxRow(Base):
    """Something to be done after the transaction that wrote it: a remote call, a wake-up, a mail.

    A claim pushes `available_at` to the end of the lease, so that a row whose worker died comes
    back by itself, and one index finds everything that is to be done.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "available_at",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    payload: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(10))
    """open | dead"""
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    """Claims so far; also the fence: a worker whose lease ended cannot finish the row."""
    claimed_by: Mapped[str | None] = mapped_column(String(100))
    last_error: Mapped[str | None] = mapped_column(Text)
