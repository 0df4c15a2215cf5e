"""What is to be done after a commit: written by the transaction that caused it, done by workers.

claim → do → done | fail. A claim is a lease: when the worker dies the row comes back at its end.
After `MAX_ATTEMPTS` failures a row is dead and waits for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from workflows.storage.ids import IdSource
from workflows.storage.session import Session
from workflows.storage.tables import OutboxRow

LEASE = timedelta(minutes=1)
"""How long a worker may take before another one may try."""

MAX_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
MAX_ERROR_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in a worker's hands. `attempt` counts from 1 and fences: `done` and `fail` act only
    while this attempt still holds the row."""

    id: int
    topic: str
    payload: bytes
    attempt: int


def add(
    session: Session,
    topic: str,
    *,
    payload: bytes,
    ids: IdSource,
    now: datetime,
    available_at: datetime | None = None,
) -> int:
    """Writes one row and returns its id; it may be claimed from `available_at` (default: now)."""
    row = OutboxRow(
        id=ids.next(),
        topic=topic,
        payload=payload,
        state="open",
        created_at=now,
        available_at=available_at or now,
        attempts=0,
    )
    session.add(row)
    return row.id


def claim(
    session: Session,
    now: datetime,
    limit: int,
    *,
    worker: str,
    topics: Sequence[str] = (),
    lease: timedelta = LEASE,
) -> tuple[Claimed, ...]:
    """Takes up to `limit` rows that are due, oldest first; `topics` empty: all.

    Rows another worker is just taking are skipped (FOR UPDATE SKIP LOCKED; SQLite has one writer
    at a time anyway). Commit at once, then do the work outside.
    """
    due = (
        select(OutboxRow)
        .where(OutboxRow.state == "open", OutboxRow.available_at <= now)
        .order_by(OutboxRow.available_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if topics:
        due = due.where(OutboxRow.topic.in_(topics))
    rows = session.scalars(due).all()
    for row in rows:
        row.attempts += 1
        row.claimed_by = worker
        row.available_at = now + lease
    return tuple(Claimed(row.id, row.topic, row.payload, row.attempts) for row in rows)


def done(session: Session, claimed: Claimed) -> bool:
    """Removes the finished row. False if the lease ended and somebody else has it: whoever wrote
    results in the same transaction must then roll back."""
    removed = session.execute(
        delete(OutboxRow).where(OutboxRow.id == claimed.id, *_held(claimed)).returning(OutboxRow.id)
    )
    return removed.first() is not None


def fail(session: Session, claimed: Claimed, *, now: datetime, error: str) -> str:
    """Puts the row back for later, or aside as dead; returns its state: open | dead | lost.

    Waits 5 s, 10 s, 20 s … up to one hour between attempts.
    """
    state = "dead" if claimed.attempt >= MAX_ATTEMPTS else "open"
    changed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == claimed.id, *_held(claimed))
        .values(
            state=state,
            available_at=now + retry_after(claimed.attempt),
            claimed_by=None,
            last_error=error[:MAX_ERROR_CHARACTERS],
        )
        .returning(OutboxRow.id)
    )
    return state if changed.first() is not None else "lost"


def give_up(session: Session, claimed: Claimed, *, error: str) -> bool:
    """Puts the row aside as dead at once: trying again cannot help. False if the lease ended."""
    changed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == claimed.id, *_held(claimed))
        .values(state="dead", claimed_by=None, last_error=error[:MAX_ERROR_CHARACTERS])
        .returning(OutboxRow.id)
    )
    return changed.first() is not None


def revive(session: Session, row_id: int, *, now: datetime) -> bool:
    """Gives a dead row a new set of attempts; False if there is no such dead row."""
    changed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state == "dead")
        .values(state="open", attempts=0, available_at=now)
        .returning(OutboxRow.id)
    )
    return changed.first() is not None


def next_due_at(session: Session) -> datetime | None:
    """When the earliest open row may be claimed; None if nothing is open."""
    return session.scalar(select(func.min(OutboxRow.available_at)).where(OutboxRow.state == "open"))


def retry_after(attempt: int) -> timedelta:
    """The pause after failed attempt number `attempt`."""
    doubled: timedelta = FIRST_RETRY * 2 ** (attempt - 1)
    return min(doubled, LONGEST_RETRY)


def _held(claimed: Claimed) -> tuple[ColumnElement[bool], ...]:
    return (OutboxRow.state == "open", OutboxRow.attempts == claimed.attempt)
