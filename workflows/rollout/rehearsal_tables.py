"""Rehearsals that are under way: how far each account has walked each version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Base
from workflows.storage.types import Json


class RehearsalRow(Base):
    """One account's walk of one version. What it holds is invented; nobody else reads it."""

    __tablename__ = "rehearsal"

    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    content: Mapped[Any] = mapped_column(Json)
    """The scenario so far (`workflows.rollout.scenarios.rehearsal`), `{}` before it begins."""
    revision: Mapped[int] = mapped_column(Integer)
    """Counts the steps that were stored, also those taken back."""
    updated_at: Mapped[datetime]
