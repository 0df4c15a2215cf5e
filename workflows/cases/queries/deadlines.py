"""Due moments of what somebody has in hand, for a calendar: no names, nothing of the matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from workflows.cases.platform import Platform
from workflows.cases.queries.records import Titles
from workflows.cases.queries.scopes import mine
from workflows.cases.tables import FAR, NORMAL, ClockRow, WorkItem
from workflows.storage import Actor
from workflows.storage.ids import encode_item

MOST = 500
"""Nobody's calendar shows more; the inbox does."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One open work item that is due. `title`: None in a restricted case. `is_final`: false where
    the year's calendar is missing and the date can still move."""

    item: str
    case_number: str
    title: Titles | None
    due_at: datetime
    is_final: bool = True


def is_provisional() -> ColumnElement[bool]:
    """Whether the clock of the statement's work item is provisional, named `provisional`."""
    clock, item = ClockRow, WorkItem
    return (
        exists()
        .where(
            clock.run_id == item.run_id,
            clock.number == item.clock_number,
            clock.status == "provisional",
        )
        .label("provisional")
    )


def list_deadlines(platform: Platform, actor: Actor) -> tuple[Deadline, ...]:
    """The actor's own, and those of people on leave for whom the actor stands in; soonest first.
    What is paused or has no limit has no date. One statement."""
    item = WorkItem
    statement = (
        select(
            item.run_id,
            item.number,
            item.case_number,
            item.title,
            item.access_class,
            item.due_at,
            is_provisional(),
        )
        .where(or_(*mine(actor)), item.due_at < FAR)
        .order_by(item.due_at, item.run_id, item.number)
        .limit(MOST)
    )
    with platform.database.reading(actor) as session:
        rows = session.execute(statement).all()
    return tuple(
        Deadline(
            item=encode_item(row.run_id, row.number),
            case_number=row.case_number,
            title=row.title if row.access_class == NORMAL else None,
            due_at=row.due_at,
            is_final=not row.provisional,
        )
        for row in rows
    )
