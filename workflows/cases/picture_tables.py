"""The table of pictures: contents, not files of cases. A copy of a file in another case shows the
same picture, so rows go by digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Base


class StoredPicture(Base):
    """One original and the copy people see. Reached through a file somebody may open."""

    __tablename__ = "stored_picture"
    __table_args__ = (Index("ix_stored_picture_original", "original_sha256"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the copy: what `stored_file.sha256` says."""
    original_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    keeps_place: Mapped[int] = mapped_column(Integer, primary_key=True)
    """1 where the copy still tells where it was taken, because that was asked for."""
    original_bytes: Mapped[int] = mapped_column(BigInteger)
    original_type: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    thumbnail_sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    taken_at: Mapped[datetime]
