"""What pages call units, roles and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, select

from workflows.organisation.tables import OPEN_END, Account, Person, Post, Role, Unit
from workflows.storage import Session


@dataclass(frozen=True, slots=True)
class OrganisationNames:
    """`units`: code → short name. `roles`: Chinese name → English title."""

    units: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PostView:
    """One post for the reader; `to_on` None: without end. `kind`: 任职 | 派驻."""

    role: str
    title_en: str
    unit: str
    unit_name: str
    from_on: date
    to_on: date | None
    kind: str


def load_names(session: Session) -> OrganisationNames:
    """All names; two statements."""
    units = session.execute(select(Unit.code, Unit.short_name))
    roles = session.execute(select(Role.key, Role.title_en))
    return OrganisationNames(
        {code: name for code, name in units}, {key: title for key, title in roles}
    )


def load_named(session: Session, keys: Iterable[str]) -> Mapping[str, str]:
    """Username or unit code → name of those that exist, units by their full name; one
    statement."""
    rows = session.execute(_named(), {"wanted": sorted(set(keys))})
    return {username: name for username, name in rows}


@cache
def _named() -> Executable:
    """Made once: making it takes longer than running it."""
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    people = (
        select(Account.username, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.username.in_(wanted))
    )
    return people.union_all(select(Unit.code, Unit.name).where(Unit.code.in_(wanted)))


def list_posts(session: Session, account_id: int) -> tuple[PostView, ...]:
    """All posts of an account's person, past and coming ones too, the newest first."""
    rows = session.execute(
        select(
            Post.role,
            Role.title_en,
            Post.unit_code,
            Unit.short_name,
            Post.from_on,
            Post.to_on,
            Post.kind,
        )
        .join(Role, Role.key == Post.role)
        .join(Unit, Unit.code == Post.unit_code)
        .join(Account, Account.person_id == Post.person_id)
        .where(Account.id == account_id)
        .order_by(Post.from_on.desc(), Post.id)
    )
    return tuple(
        PostView(role, title, unit, name, start, None if end == OPEN_END else end, kind)
        for role, title, unit, name, start, end, kind in rows
    )
