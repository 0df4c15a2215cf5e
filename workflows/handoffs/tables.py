"""Tables of the handoffs room: one row a handoff, one a word that came back.

A row belongs to two cases and shows each side no more of the other than its number, title and
state. What went over is sealed twice, under the key of either case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, Integer, String, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.cases.tables import takes_part
from workflows.storage import Actor, ActorScoped, Base
from workflows.storage.types import Ciphertext, Json, SealedBytes

DEAD = text("state = 'dead'")
SIGHT = frozenset({"see_index", "see_full"})
"""Abilities by which a post knows of its unit's cases."""


class Handoff(ActorScoped, Base):
    """One matter handed over. Seen by whoever takes part in one of its two cases and sees at least
    that one's title and state. Operations of a run read it past that: whoever does the work may
    see less of the case than the work changes."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_message", "message_id", unique=True),
        Index("ix_handoff_from_case", "from_case"),
        Index("ix_handoff_to_case", "to_case"),
        Index("ix_handoff_out", "from_unit", "sent_at", "id"),
        Index("ix_handoff_in", "to_unit", "sent_at", "id"),
        Index("ix_handoff_sent", "sent_at", "id"),
        Index("ix_handoff_dead", "sent_at", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80))
    """Run and number of the call that sent it: it is sent once."""
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[Any] = mapped_column(Json)
    """{"zh", "en"} of the kind."""
    process: Mapped[str] = mapped_column(String(60))
    """Package key of the receiving side."""
    start: Mapped[str] = mapped_column(String(60))
    element: Mapped[str] = mapped_column(String(120))
    """BPMN element that sent it."""
    from_case: Mapped[int] = mapped_column(BigInteger)
    from_run: Mapped[int] = mapped_column(BigInteger)
    from_unit: Mapped[str] = mapped_column(String(64))
    from_path: Mapped[str] = mapped_column(String(300))
    from_name: Mapped[str] = mapped_column(String(120))
    from_number: Mapped[str] = mapped_column(String(120))
    """受理号 of the sender's case."""
    to_unit: Mapped[str] = mapped_column(String(64))
    """"" where the other side has no desk here."""
    to_path: Mapped[str] = mapped_column(String(300))
    to_name: Mapped[str] = mapped_column(String(120))
    to_case: Mapped[int | None] = mapped_column(BigInteger)
    to_run: Mapped[int | None] = mapped_column(BigInteger)
    to_number: Mapped[str] = mapped_column(String(120))
    """受理号 of the receiver's case, "" before."""
    access_class: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(60))
    """The last word of the other side."""
    reason: Mapped[str | None] = mapped_column(String(60))
    """Reason code that came with it; None where the matter is restricted."""
    returns: Mapped[int] = mapped_column(Integer)
    """How often the matter had come back from a handoff of this kind before."""
    letter_out: Mapped[int | None] = mapped_column(BigInteger)
    letter_back: Mapped[int | None] = mapped_column(BigInteger)
    documents: Mapped[Any] = mapped_column(Json)
    """Row ids of the sender's documents that go over, oldest first."""
    manifest: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """What goes over: JSON under the key of the sender's case."""
    received: Mapped[Ciphertext | None] = mapped_column(SealedBytes)
    """The same under the key of the receiver's case."""
    answers: Mapped[int] = mapped_column(Integer)
    problem: Mapped[Any | None] = mapped_column(Json)
    """[code, params] of why it is dead, null otherwise."""
    sent_at: Mapped[datetime]
    """When the sending act took place; `recorded_at`: when we were told."""
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When the last word was said."""
    withdrawn_at: Mapped[datetime | None]
    """When the sender went on without it."""

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.is_system:
            return None
        sighted = tuple(post for post in actor.posts if post.abilities & SIGHT)
        looking = replace(actor, posts=sighted)
        row = cls.__table__.c
        return or_(
            *(
                _each(takes_part(looking, case), cls.__table__)
                for case in (row.from_case, row.to_case)
            )
        )


def _each(condition: Any, letters: Any) -> ColumnElement[bool]:
    """The condition asked for each letter. Two EXISTS joined by OR PostgreSQL answers from a hash
    of all participations of the actor, made anew for every page: 0.1 to 0.4 s with 160,000."""
    return select(condition.correlate(letters)).scalar_subquery()


class HandoffAnswer(Base):
    """One word of the other side: a receipt, a refusal, an answer. Reached through its handoff."""

    __tablename__ = "handoff_answer"

    handoff_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Counts from 1."""
    outcome: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(String(60))
    case_id: Mapped[int] = mapped_column(BigInteger)
    """Under whose key the body is: the receiver's case, or the sender's where its own liaison
    wrote the answer down."""
    body: Mapped[Ciphertext] = mapped_column(SealedBytes)
    """{"data": {…}, "reason"} as JSON."""
    documents: Mapped[Any] = mapped_column(Json)
    """Row ids of the receiver's documents that come back."""
    files: Mapped[Any] = mapped_column(Json)
    """Outside ids of the files they became in the sender's case; [] before."""
    state: Mapped[str] = mapped_column(String(10))
    """open | delivered | waiting | dead"""
    by_account: Mapped[int] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(80))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
