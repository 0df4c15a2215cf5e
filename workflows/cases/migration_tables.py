"""The table of states that were left behind: what a run goes back to with one click."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import OfCase
from workflows.storage import Base
from workflows.storage.types import Ciphertext, SealedBytes


class KeptState(OfCase, Base):
    """What a run was before it last went to another version."""

    __tablename__ = "kept_state"

    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[int] = mapped_column(BigInteger)
    """The version it came from."""
    revision: Mapped[int] = mapped_column(Integer)
    """The run's revision just after it went; a higher one means that something was done since."""
    state: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """The engine's bytes as they were, under the case's key."""
    moved_at: Mapped[datetime]
    moved_by: Mapped[str] = mapped_column(String(80))
    """Name of whoever ordered it."""
