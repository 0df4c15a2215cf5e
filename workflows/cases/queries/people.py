"""The people of an actor's units: what they hold, what they have in hand, and who is away.

For whoever hands out work there (`assign`) or keeps accounts (`admin`). A person who holds no post
any more is shown as long as work is still theirs. What one of them has in hand: `desk.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
)

from workflows.cases.platform import Platform
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.scopes import OPEN
from workflows.cases.tables import WorkItem
from workflows.deadlines.compute import local_day
from workflows.errors import ForbiddenError
from workflows.organisation.tables import (
    OPEN_END,
    Account,
    Delegation,
    Person,
    Post,
    Role,
    Unit,
)
from workflows.storage import Actor, HeldPost, Session

MANAGES = ("assign", "admin")
"""Abilities that let somebody see the people of a unit."""
MOST_COUNTED = 100
"""Counts stop here and are shown as 99+."""
PAGE_SIZE = 50
ORDER = "people"
ITEM = WorkItem.__table__.c


@dataclass(frozen=True, slots=True)
class HeldView:
    """One post. `to_on` None: without end. `may_end`: the reader may end it on a day."""

    id: int
    role: str
    unit: str
    unit_name: str
    from_on: date
    to_on: date | None
    may_end: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person. `open_items`: in hand in the reader's units, at most 100; None where the reader
    only keeps accounts. `away`: (last day, substitute) of a leave that runs today. `is_active`:
    the account is open."""

    username: str
    name: str
    is_active: bool
    posts: tuple[HeldView, ...]
    open_items: int | None
    away: tuple[date, str] | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page, by name. `next`: keyset cursor or None."""

    rows: tuple[PersonView, ...]
    next: str | None


def manages_people(actor: Actor) -> bool:
    """Whether there is anybody whose work or posts the actor looks after."""
    return actor.is_system or any(ability in actor.abilities for ability in MANAGES)


def list_people(
    platform: Platform, actor: Actor, *, q: str = "", cursor: str | None = None
) -> PeoplePage:
    """One page; three statements. `q`: part of a name or username.

    ForbiddenError without a post that looks after people, InvalidInputError for a bad cursor.
    """
    today = local_day(platform.clock.now())
    statement = people_of(actor, today).order_by(Person.name, Account.id).limit(PAGE_SIZE + 1)
    if q:
        word = q.strip()
        statement = statement.where(
            or_(
                Person.name.contains(word, autoescape=True),
                Account.username.contains(word.lower(), autoescape=True),
            )
        )
    if cursor:
        behind = read_cursor(cursor, ORDER, (str, int))
        statement = statement.where(tuple_(Person.name, Account.id) > tuple_(*behind))
    with platform.database.reading(actor) as session:
        rows = session.execute(statement).all()
        shown = rows[:PAGE_SIZE]
        people = person_views(session, actor, shown, today)
    more = len(rows) > PAGE_SIZE
    following = write_cursor(ORDER, [shown[-1].name, shown[-1].id]) if more else None
    return PeoplePage(people, following)


def people_of(actor: Actor, today: date, *, username: str | None = None) -> Any:
    """A SELECT of the accounts of people with a post in the actor's units, today or later, or with
    work in hand. `username`: of that one alone, whatever they hold or held.

    ForbiddenError without a post that looks after people.
    """
    if not manages_people(actor):
        raise ForbiddenError("cases.no_people")
    post = (
        select(Post.id)
        .join(Unit, Unit.code == Post.unit_code)
        .join(Role, Role.key == Post.role)
        .where(
            Post.person_id == Account.person_id,
            Role.acts == "staff",
            covered(actor, Unit.path, MANAGES),
        )
    )
    works = and_(post.where(Post.to_on >= today).exists(), Account.active)
    has_work = exists().where(OPEN, ITEM.assignee == Account.username)
    wanted = Account.username == username if username else or_(works, has_work)
    return (
        select(
            Account.id,
            Account.username,
            Account.active,
            Account.person_id,
            Person.name,
            _count(actor).label("open_items"),
        )
        .join(Person, Person.id == Account.person_id)
        .where(wanted, post.exists())
    )


def _count(actor: Actor) -> ColumnElement[int]:
    """How much an account has in hand in the actor's units."""
    some = (
        select(ITEM.number)
        .where(OPEN, ITEM.assignee == Account.username)
        .where(covered(actor, ITEM.unit_path, ("assign",)))
        .limit(MOST_COUNTED)
        .correlate(Account)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def covered(
    actor: Actor, path: SQLColumnExpression[str], abilities: Iterable[str]
) -> ColumnElement[bool]:
    """Whether a path lies in the reach of one of the actor's posts with one of the abilities."""
    if actor.is_system:
        return path.is_not(None)
    posts = [post for post in actor.posts if post.abilities.intersection(abilities)]
    return or_(false(), *(_reaches(post, path) for post in posts))


def _reaches(post: HeldPost, path: SQLColumnExpression[str]) -> ColumnElement[bool]:
    if post.reach == "subtree":
        return path.startswith(post.unit_path, autoescape=True)
    return path == post.unit_path


def person_views(
    session: Session, actor: Actor, rows: Sequence[Any], today: date, *, past: bool = False
) -> tuple[PersonView, ...]:
    persons = [row.person_id for row in rows]
    posts = _posts(session, actor, persons, today, past=past)
    away = _away(session, persons, today)
    counts = actor.is_system or "assign" in actor.abilities
    return tuple(
        PersonView(
            username=row.username,
            name=row.name,
            is_active=row.active,
            posts=tuple(posts.get(row.person_id, ())),
            open_items=row.open_items if counts else None,
            away=away.get(row.person_id),
        )
        for row in rows
    )


def _posts(
    session: Session, actor: Actor, persons: Sequence[int], today: date, *, past: bool
) -> Mapping[int, list[HeldView]]:
    """Posts in the actor's units by person, present and coming ones; `past`: all."""
    found: dict[int, list[HeldView]] = {}
    rows = session.execute(
        select(Post, Unit.short_name, Unit.path)
        .join(Unit, Unit.code == Post.unit_code)
        .join(Role, Role.key == Post.role)
        .where(
            Post.person_id.in_(persons),
            Role.acts == "staff",
            covered(actor, Unit.path, MANAGES),
            *(() if past else (Post.to_on >= today,)),
        )
        .order_by(Post.to_on.desc(), Post.id)
    )
    for post, unit_name, path in rows:
        admin = actor.is_system or actor.may_in("admin", path)
        found.setdefault(post.person_id, []).append(
            HeldView(
                id=post.id,
                role=post.role,
                unit=post.unit_code,
                unit_name=unit_name,
                from_on=post.from_on,
                to_on=None if post.to_on == OPEN_END else post.to_on,
                may_end=admin and post.to_on >= today,
            )
        )
    return found


def _away(session: Session, persons: Sequence[int], today: date) -> Mapping[int, tuple[date, str]]:
    """Who is on leave today: until when, and who stands in."""
    rows = session.execute(
        select(Delegation.from_person, Delegation.to_on, Person.name)
        .join(Person, Person.id == Delegation.to_person)
        .where(
            Delegation.from_person.in_(persons),
            Delegation.from_on <= today,
            Delegation.to_on >= today,
        )
        .order_by(Delegation.id)
    )
    return {person: (to_on, name) for person, to_on, name in rows}
