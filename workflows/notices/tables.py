"""The table of notices: who was told what about which work item or version of a package, and
whether they have seen it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflows.storage import Actor, ActorScoped, Base
from workflows.storage.types import Json

UNREAD, TO_MAIL = text("read_at IS NULL"), text("mail = 1")


class Notice(ActorScoped, Base):
    """One thing one account is told. Seen by its owner only.

    The same state of affairs is told once: `round` is what makes it another one, the revision of
    the item for what people do, the due moment (seconds since 1970) for what a clock says, of a
    version the id of the one that counted then.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "run_id", "number", "kind", "round"),
        Index("ix_notice_newest", "account_id", "at", "id"),
        Index("ix_notice_unread", "account_id", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notice_mail", "id", sqlite_where=TO_MAIL, postgresql_where=TO_MAIL),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(10))
    """assigned | taken | soon | over | approval | approved | doubt"""
    run_id: Mapped[int] = mapped_column(BigInteger)
    """Of the last two kinds: the id of a version."""
    number: Mapped[int] = mapped_column(Integer)
    """Of the work item within its run; of the version."""
    round: Mapped[int] = mapped_column(BigInteger)
    case_number: Mapped[str] = mapped_column(String(120))
    """Of a version: the package, as addresses write it."""
    title: Mapped[Any | None] = mapped_column(Json)
    """Of the task, or the package: {"zh", "en"}; NULL where the case is restricted."""
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail: Mapped[int] = mapped_column(Integer)
    """1 while an e-mail about it has still to be handed to the outbox."""

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        return None if actor.is_system else cls.account_id == actor.account_id
