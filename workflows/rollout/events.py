"""What happened to the versions of packages: who drafted, approved, published, brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflows.catalogue.tables import PackageEvent, PackageVersion
from workflows.storage import Session

LONGEST_NOTES = 2000
LONGEST_REASONS = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One act: drafted | asked | approved | published | restored. `replaced_id`: version that
    counted until then; `reasons`: codes of the powers the difference touches."""

    act: str
    notes: str = ""
    replaced_id: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """One act as it is read."""

    act: str
    at: datetime
    who: str
    notes: str


def note_event(
    session: Session, row: PackageVersion, event: Event, *, event_id: int, now: datetime
) -> None:
    """Writes an act down, in its transaction, by the session's actor."""
    session.add(
        PackageEvent(
            id=event_id,
            version_id=row.id,
            act=event.act,
            at=now,
            account_id=session.actor.account_id,
            who=session.actor.name,
            notes=event.notes.strip()[:LONGEST_NOTES],
            replaced_id=event.replaced_id,
            reasons=" ".join(event.reasons)[:LONGEST_REASONS],
        )
    )


def list_events(session: Session, version_id: int) -> tuple[Noted, ...]:
    """The acts on a version, the newest first."""
    rows = session.scalars(
        select(PackageEvent)
        .where(PackageEvent.version_id == version_id)
        .order_by(PackageEvent.at.desc(), PackageEvent.id.desc())
    )
    return tuple(Noted(row.act, row.at, row.who, row.notes) for row in rows)
