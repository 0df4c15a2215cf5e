"""Actors, and two scoped tables that only tests have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, MetaData, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows.storage import Actor, ActorScoped, Base, Database, HeldPost
from workflows.storage.tables import OutboxRow


class ProbeBase(Base):
    """Base of tables that must not reach the product's metadata."""

    __abstract__ = True
    metadata = MetaData()


class Drawer(ProbeBase):
    """Seen by everybody."""

    __tablename__ = "probe_drawer"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(20))
    letters: Mapped[list[Letter]] = relationship(back_populates="drawer", order_by="Letter.id")


class Letter(ActorScoped, ProbeBase):
    """Seen by its owner only."""

    __tablename__ = "probe_letter"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(50))
    drawer_id: Mapped[int | None] = mapped_column(ForeignKey("probe_drawer.id"))
    drawer: Mapped[Drawer | None] = relationship(back_populates="letters")
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("probe_letter.id"))
    reply_to: Mapped[Letter | None] = relationship(remote_side=[id])

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        return None if actor.is_system else cls.owner == actor.username


def user(username: str, *posts: HeldPost) -> Actor:
    """A person who is signed in."""
    return Actor(len(username) + 1, username, username, "zh-Hans", posts)


ANNA, BERT = user("anna"), user("bertram")


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Collects the statements sent to the database while the block runs."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def outbox_row(number: int, available_at: datetime) -> OutboxRow:
    """An open row that may be claimed from then on."""
    return OutboxRow(
        id=number,
        topic="test",
        payload=b"",
        state="open",
        created_at=available_at,
        available_at=available_at,
        attempts=0,
    )
