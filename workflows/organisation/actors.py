"""From an account to an actor: the posts of a day, own and delegated, in one statement.

Every request begins with it, so the statements are built once: writing one anew costs several
times what the database needs for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    String,
    bindparam,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from workflows.errors import NotSignedInError
from workflows.organisation.tables import (
    Account,
    ApiToken,
    Delegation,
    FeedToken,
    Person,
    Post,
    Role,
    Unit,
)
from workflows.organisation.units import area_path
from workflows.storage import SYSTEM, Actor, Database, HeldPost, Session

ACCOUNT, PERSON = Account.__table__, Person.__table__
TOKEN, FEED = ApiToken.__table__, FeedToken.__table__
POST, UNIT, ROLE, DELEGATION = (
    Post.__table__,
    Unit.__table__,
    Role.__table__,
    Delegation.__table__,
)
WHO: tuple[Any, ...] = (
    *(ACCOUNT.c[name] for name in ("id", "username", "password_hash", "language", "active")),
    PERSON.c.name,
)
HELD: tuple[Any, ...] = (
    POST.c.id,
    POST.c.role,
    POST.c.unit_code,
    UNIT.c.path,
    UNIT.c.kind,
    ROLE.c.reach,
    ROLE.c.abilities,
)


Beside: TypeAlias = Callable[[ColumnElement[int]], ColumnElement[int]]
"""From an account's id to a number wanted with it, made by a room above; a function of a module,
because the statement is kept by it."""


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account with who it is on the day that was asked. `beside`: the number wanted with it."""

    password_hash: str
    active: bool
    actor: Actor
    beside: int = 0


def load_actor(source: Session | Database, account_id: int, on: date) -> Actor:
    """The actor behind an account with the posts of that day; one statement.

    A session must act as the system. NotSignedInError("account.closed") if the account is not
    there or closed.
    """
    if isinstance(source, Database):
        with source.reading(SYSTEM) as session:
            return load_actor(session, account_id, on)
    found = find_account(source, account_id, on)
    if found is None or not found.active:
        raise NotSignedInError("account.closed")
    return found.actor


def find_account(
    session: Session, account_id: int, on: date, beside: Beside | None = None
) -> FoundAccount | None:
    """The account with this id, open or closed, and what is wanted with it; one statement."""
    return _find(session, _by_id(beside), {"account": account_id, "day": on})


def find_token_holder(session: Session, token_hash: str, on: date) -> FoundAccount | None:
    """The account an API token belongs to, open or closed; one statement."""
    return _find(session, _by_token(), {"token": token_hash, "day": on})


def find_feed_holder(session: Session, token_hash: str, on: date) -> FoundAccount | None:
    """The account whose calendar a secret opens, open or closed; one statement."""
    return _find(session, _by_feed(), {"token": token_hash, "day": on})


def _find(
    session: Session, statement: CompoundSelect[Any], values: Mapping[str, Any]
) -> FoundAccount | None:
    """Own posts come first, in the order they were given. One row is the account itself, the
    others are its posts."""
    found = session.execute(statement, values).all()
    rows = sorted(found, key=lambda row: (row[0], row[7] or 0))
    if not rows:
        return None
    account, username, password_hash, language, active, name = rows[0][1:7]
    posts = dict.fromkeys(_held_post(*row[8:-1]) for row in rows[1:])
    actor = Actor(account, username, name, language, tuple(posts))
    return FoundAccount(password_hash, active, actor, rows[0][-1])


@cache
def _by_id(beside: Beside | None) -> CompoundSelect[Any]:
    account = bindparam("account", type_=ACCOUNT.c.id.type)
    number = literal(0) if beside is None else beside(account)
    return _select(ACCOUNT, ACCOUNT.c.id == account, number)


@cache
def _by_token() -> CompoundSelect[Any]:
    holders = ACCOUNT.join(TOKEN, TOKEN.c.account_id == ACCOUNT.c.id)
    return _select(holders, TOKEN.c.token_hash == bindparam("token"), literal(0))


@cache
def _by_feed() -> CompoundSelect[Any]:
    holders = ACCOUNT.join(FEED, FEED.c.account_id == ACCOUNT.c.id)
    return _select(holders, FEED.c.token_hash == bindparam("token"), literal(0))


def _select(
    accounts: FromClause, condition: ColumnElement[bool], beside: ColumnElement[int]
) -> CompoundSelect[Any]:
    """Rows of (order, account or nulls, post or nulls, name and username of who is on leave)."""
    nobody = [type_coerce(null(), String).label(name) for name in ("instead_of", "absent")]
    themselves = (
        select(literal(0).label("place"), *WHO, *_nulls(HELD), *nobody, beside.label("beside"))
        .select_from(accounts.join(PERSON, PERSON.c.id == ACCOUNT.c.person_id))
        .where(condition)
    )
    day = bindparam("day", type_=POST.c.from_on.type)
    counts = (POST.c.from_on <= day, POST.c.to_on >= day, ROLE.c.acts == "staff")
    own = (
        select(literal(1), *_nulls(WHO), *HELD, *nobody, literal(0))
        .select_from(_in_office(accounts.join(POST, POST.c.person_id == ACCOUNT.c.person_id)))
        .where(condition, *counts)
    )
    # Posts of people on leave. What was delegated to them is not passed on.
    leave = accounts.join(DELEGATION, DELEGATION.c.to_person == ACCOUNT.c.person_id)
    leave = leave.join(POST, POST.c.person_id == DELEGATION.c.from_person)
    leave = leave.join(PERSON, PERSON.c.id == DELEGATION.c.from_person)
    absent = ACCOUNT.alias("absent")
    leave = leave.outerjoin(absent, absent.c.person_id == DELEGATION.c.from_person)
    delegated = (
        select(literal(2), *_nulls(WHO), *HELD, PERSON.c.name, absent.c.username, literal(0))
        .select_from(_in_office(leave))
        .where(
            condition,
            *counts,
            DELEGATION.c.from_on <= day,
            DELEGATION.c.to_on >= day,
            or_(DELEGATION.c.role.is_(None), DELEGATION.c.role == POST.c.role),
            or_(DELEGATION.c.unit_code.is_(None), DELEGATION.c.unit_code == POST.c.unit_code),
        )
    )
    return union_all(themselves, own, delegated)


def _in_office(posts: FromClause) -> FromClause:
    return posts.join(UNIT, UNIT.c.code == POST.c.unit_code).join(ROLE, ROLE.c.key == POST.c.role)


def _nulls(columns: tuple[Any, ...]) -> list[ColumnElement[Any]]:
    """NULLs that keep the columns' types: a union reads all rows as its first part says."""
    return [type_coerce(null(), column.type).label(column.name) for column in columns]


def _held_post(
    role: str,
    unit: str,
    path: str,
    kind: str,
    reach: str,
    abilities: list[str],
    instead_of: str | None,
    absent: str | None,
) -> HeldPost:
    """“area” is a subtree that begins at the place the unit serves."""
    if reach == "area":
        path, reach = area_path(path, kind), "subtree"
    return HeldPost(role, unit, path, reach, frozenset(abilities), instead_of, absent)
