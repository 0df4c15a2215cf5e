"""What one person has in hand, as far as the reader may hand it out, and who could take it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_

from workflows.cases.platform import Platform
from workflows.cases.queries.deadlines import is_provisional
from workflows.cases.queries.people import ITEM, PersonView, covered, people_of, person_views
from workflows.cases.queries.records import Titles
from workflows.cases.queries.scopes import OPEN
from workflows.cases.queries.views import due_day
from workflows.cases.tables import FAR, NORMAL, Participation
from workflows.deadlines.compute import local_day
from workflows.errors import NotVisibleError
from workflows.organisation.candidates import Candidate, find_candidates_of
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_item, encode_item


@dataclass(frozen=True, slots=True)
class Heap:
    """Open items of one task, role and unit: how many, the next due day or None, and who may do
    them instead. `is_final`: false where that day can still move, its calendar being missing.

    `title` None: of restricted cases. `is_closed`: the reader takes no part in those, so that only
    who does can hand them over.
    """

    title: Titles | None
    role: str
    unit: str
    unit_name: str
    is_closed: bool
    count: int
    due_on: date | None
    candidates: tuple[Candidate, ...]
    is_final: bool = True

    def may_go_to(self, username: str | None) -> bool:
        """Whether somebody may be handed these; None: whether they can go back to everybody."""
        if self.is_closed:
            return False
        return username is None or any(one.username == username for one in self.candidates)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person has in hand: the next due heap first."""

    person: PersonView
    heaps: tuple[Heap, ...]

    @property
    def total(self) -> int:
        """How many items there are."""
        return sum(heap.count for heap in self.heaps)

    def movable(self, username: str | None) -> int:
        """How many may be handed to somebody, or (None) back to everybody."""
        return sum(heap.count for heap in self.heaps if heap.may_go_to(username))

    def takers(self) -> tuple[Candidate, ...]:
        """Who could take over some of it, each once; who may do the most first."""
        found = {
            one.username: one
            for heap in self.heaps
            if not heap.is_closed
            for one in heap.candidates
            if one.username not in (None, self.person.username)
        }
        return tuple(
            sorted(found.values(), key=lambda one: (-self.movable(one.username), one.name))
        )


def load_desk(platform: Platform, actor: Actor, username: str) -> Desk:
    """Six statements, whatever there is. NotVisibleError for somebody who is in none of the
    actor's units, ForbiddenError without a post that looks after people."""
    today = local_day(platform.clock.now())
    with platform.database.reading(actor) as session:
        found = session.execute(people_of(actor, today, username=username)).all()
        if not found:
            raise NotVisibleError("cases.unknown_person")
        person = person_views(session, actor, found, today, past=True)[0]
        rows = session.raw(_heaps(actor, username)).all()
        pairs = list(dict.fromkeys((row.role, row.unit_code) for row in rows))
        who = find_candidates_of(session, pairs, today) if pairs else {}
    return Desk(person, tuple(_heap(row, who) for row in rows))


def next_items(
    session: Session, username: str, pairs: Sequence[tuple[str, str]], after: str | None, limit: int
) -> list[str]:
    """Outside ids of items of these (role, unit) that the session's actor may hand over, in the
    order of their keys, behind `after`. One statement."""
    keys, actor = (ITEM.run_id, ITEM.number), session.actor
    wanted = select(*keys).where(
        _in_hand(actor, username),
        _may_be_known(actor),
        tuple_(ITEM.role, ITEM.unit_code).in_(pairs),
    )
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*decode_item(after)))
    rows = session.raw(wanted.order_by(*keys).limit(limit))
    return [encode_item(row.run_id, row.number) for row in rows]


def _in_hand(actor: Actor, username: str) -> ColumnElement[bool]:
    """Open items somebody has in units where the actor hands out work."""
    return and_(OPEN, ITEM.assignee == username, covered(actor, ITEM.unit_path, ("assign",)))


def _may_be_known(actor: Actor) -> ColumnElement[bool]:
    """Whether an item's case is open to the actor: restricted ones to who takes part in person."""
    part = Participation
    granted = exists().where(
        part.case_id == ITEM.case_id, part.account_id == actor.account_id, part.to_at == FAR
    )
    return or_(ITEM.access_class == NORMAL, granted)


def _heaps(actor: Actor, username: str) -> Select[Any]:
    """Open items by task, role and unit, the next due first."""
    items = (
        select(
            *(ITEM[name] for name in ("title", "role", "unit_code", "unit_name", "access_class")),
            ITEM.due_at,
            is_provisional(),
            _may_be_known(actor).label("known"),
        )
        .where(_in_hand(actor, username))
        .subquery()
        .c
    )
    keys = (
        items.title,
        items.role,
        items.unit_code,
        items.unit_name,
        items.access_class,
        items.known,
    )
    return (
        select(
            *keys,
            func.count().label("size"),
            func.min(items.due_at).label("first_due"),
            func.min(case((items.provisional, items.due_at))).label("first_provisional"),
        )
        .group_by(*keys)
        .order_by(func.min(items.due_at), items.role, items.unit_code)
    )


def _heap(row: Any, who: Mapping[tuple[str, str], tuple[Candidate, ...]]) -> Heap:
    return Heap(
        title=row.title if row.access_class == NORMAL else None,
        role=row.role,
        unit=row.unit_code,
        unit_name=row.unit_name,
        is_closed=not row.known,
        count=row.size,
        due_on=due_day(row.first_due),
        candidates=who[row.role, row.unit_code],
        is_final=row.first_provisional is None or row.first_provisional > row.first_due,
    )
