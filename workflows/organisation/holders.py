"""Who holds a post that carries an ability at a place: whom one may turn to there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, cast, select

from workflows.organisation.tables import Account, Person, Post, Role, Unit
from workflows.organisation.units import area_path
from workflows.storage import Session


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with an open account. `role`, `unit_code`: of the post that reaches the place."""

    account_id: int
    username: str
    name: str
    role: str
    unit_code: str
    unit_name: str


def list_holders(
    session: Session,
    ability: str,
    paths: Collection[str],
    on: date,
    *,
    but: Collection[int] = (),
) -> tuple[Holder, ...]:
    """Accounts whose own post of that day carries the ability at one of the units, by name, each
    once; one statement. `but`: accounts whose people are left out, under whatever account."""
    barred = select(Account.person_id).where(Account.id.in_(but))
    rows = session.execute(
        select(Account.id, Account.username, Person.name, Role, Unit)
        .join(Person, Person.id == Account.person_id)
        .join(Post, Post.person_id == Person.id)
        .join(Role, Role.key == Post.role)
        .join(Unit, Unit.code == Post.unit_code)
        .where(Account.active, Person.id.not_in(barred))
        .where(Role.acts == "staff", cast(Role.abilities, String).contains(f'"{ability}"'))
        .where(Post.from_on <= on, Post.to_on >= on)
        .order_by(Person.name, Account.id, Post.id)
    )
    found: dict[int, Holder] = {}
    for account, username, name, role, unit in rows:
        if any(_reaches(role.reach, unit, path) for path in paths):
            holder = Holder(account, username, name, role.key, unit.code, unit.name)
            found.setdefault(account, holder)
    return tuple(found.values())


def _reaches(reach: str, unit: Unit, path: str) -> bool:
    """As `HeldPost.covers` says of a post of an actor."""
    if reach == "unit":
        return path == unit.path
    own = area_path(unit.path, unit.kind) if reach == "area" else unit.path
    return path.startswith(own)
