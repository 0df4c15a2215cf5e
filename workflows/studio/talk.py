"""What people say to each other about a working copy, and who has it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from workflows.cases.platform import Platform
from workflows.errors import FieldError, InvalidFormError, NotVisibleError
from workflows.messages import Message
from workflows.rollout.places import READERS, Place, check_place, read_place
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.storage.upsert import upsert
from workflows.studio.tables import StudioComment, StudioPresence

LONGEST_COMMENT = 2000
PRESENT = timedelta(seconds=50)
"""Somebody not heard of for so long has gone; pages tell every twenty seconds."""
LONGEST_FILE, LONGEST_ELEMENT = 200, 120


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on an element, on a file where `element` is "". `id`: as addresses write it."""

    id: str
    file: str
    element: str
    text: str
    who: str
    at: datetime
    settled_by: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else who has the working copy open. `file`: "" where nobody knows."""

    who: str
    file: str


def list_comments(platform: Platform, actor: Actor, package: str) -> tuple[Comment, ...]:
    """All remarks, the oldest first. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        rows = session.scalars(
            select(StudioComment)
            .where(StudioComment.key == place.key, StudioComment.unit_code == place.unit)
            .order_by(StudioComment.at, StudioComment.id)
        )
        return tuple(_view(row) for row in rows)


def add_comment(
    platform: Platform, actor: Actor, package: str, file: str, element: str, text: str
) -> Comment:
    """Raises InvalidFormError (`/text`: empty or too long), ForbiddenError."""
    place, text = read_place(package), text.strip()
    if not 0 < len(text) <= LONGEST_COMMENT:
        told = Message("studio.comment_length", {"most": LONGEST_COMMENT})
        raise InvalidFormError([FieldError("/text", told)])
    with platform.database.transaction(actor) as session:
        check_place(session, place, READERS)
        row = StudioComment(
            id=platform.ids.next(),
            key=place.key,
            unit_code=place.unit,
            file=file[:LONGEST_FILE],
            element=element[:LONGEST_ELEMENT],
            text=text,
            account_id=actor.account_id,
            who=actor.name,
            at=platform.clock.now(),
            settled_by=None,
            settled_at=None,
        )
        session.add(row)
        session.flush()
        return _view(row)


def settle_comment(
    platform: Platform, actor: Actor, package: str, comment_id: int, *, settled: bool
) -> Comment:
    """Marks a remark as dealt with, or as open again. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, READERS)
        row = session.get(StudioComment, comment_id)
        if row is None or (row.key, row.unit_code) != (place.key, place.unit):
            raise NotVisibleError("studio.comment_unknown")
        row.settled_by = actor.name if settled else None
        row.settled_at = platform.clock.now() if settled else None
        return _view(row)


def tell_presence(platform: Platform, actor: Actor, package: str, file: str) -> tuple[Present, ...]:
    """Notes that the actor has it open, and says who else has. Raises NotVisibleError,
    ForbiddenError."""
    place, now = read_place(package), platform.clock.now()
    with platform.database.transaction(actor) as session:
        check_place(session, place, READERS)
        session.execute(delete(StudioPresence).where(StudioPresence.seen_at < now - PRESENT))
        _note(session, place, file, now)
        others = session.scalars(
            select(StudioPresence)
            .where(
                StudioPresence.key == place.key,
                StudioPresence.unit_code == place.unit,
                StudioPresence.account_id != actor.account_id,
            )
            .order_by(StudioPresence.who, StudioPresence.account_id)
        )
        return tuple(Present(row.who, row.file) for row in others)


def _note(session: Session, place: Place, file: str, now: datetime) -> None:
    row = {
        "key": place.key,
        "unit_code": place.unit,
        "account_id": session.actor.account_id,
        "who": session.actor.name,
        "file": file[:LONGEST_FILE],
        "seen_at": now,
    }
    upsert(session, StudioPresence.__table__, [row])


def _view(row: StudioComment) -> Comment:
    return Comment(
        id=encode_id(row.id),
        file=row.file,
        element=row.element,
        text=row.text,
        who=row.who,
        at=row.at,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )
