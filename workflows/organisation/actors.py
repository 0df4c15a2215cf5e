"""From an account to an actor: the posts of a day, own and delegated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, literal, null, or_, select

from workflows.errors import NotSignedInError
from workflows.organisation.tables import Account, Delegation, Person, Post, Role, Unit
from workflows.organisation.units import area_path
from workflows.storage import SYSTEM, Actor, Database, HeldPost, Session


def load_actor(source: Session | Database, account_id: int, on: date) -> Actor:
    """The actor behind an account with the posts of that day; two statements.

    A session must act as the system. NotSignedInError("account.closed") if the account is not
    there or closed.
    """
    if isinstance(source, Database):
        with source.reading(SYSTEM) as session:
            return load_actor(session, account_id, on)
    found = source.execute(
        select(Account, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id == account_id)
    ).one_or_none()
    if found is None or not found[0].active:
        raise NotSignedInError("account.closed")
    account, name = found
    return build_actor(source, account, name, on)


def build_actor(session: Session, account: Account, name: str, on: date) -> Actor:
    """The actor of an account row in hand; one statement. Own posts come first, by role."""
    rows = session.execute(
        _held(account.person_id, on).union_all(_delegated(account.person_id, on))
    ).all()
    posts = dict.fromkeys(_held_post(*row[1:]) for row in sorted(rows, key=lambda row: row[0]))
    return Actor(account.id, account.username, name, account.language, tuple(posts))


def _columns(order: int, instead_of: Any) -> Select[Any]:
    return (
        select(
            literal(order),
            Post.role,
            Post.unit_code,
            Unit.path,
            Unit.kind,
            Role.reach,
            Role.abilities,
            instead_of,
        )
        .join(Unit, Unit.code == Post.unit_code)
        .join(Role, Role.key == Post.role)
    )


def _held(person: int, on: date) -> Select[Any]:
    return _columns(0, null()).where(
        Post.person_id == person, Post.from_on <= on, Post.to_on >= on, Role.acts == "staff"
    )


def _delegated(person: int, on: date) -> Select[Any]:
    """Posts of people on leave. What was delegated to them is not passed on."""
    return (
        _columns(1, Person.name)
        .join(Delegation, Delegation.from_person == Post.person_id)
        .join(Person, Person.id == Post.person_id)
        .where(
            Delegation.to_person == person,
            Delegation.from_on <= on,
            Delegation.to_on >= on,
            or_(Delegation.role.is_(None), Delegation.role == Post.role),
            or_(Delegation.unit_code.is_(None), Delegation.unit_code == Post.unit_code),
            Post.from_on <= on,
            Post.to_on >= on,
            Role.acts == "staff",
        )
    )


def _held_post(
    role: str,
    unit: str,
    path: str,
    kind: str,
    reach: str,
    abilities: list[str],
    instead_of: str | None,
) -> HeldPost:
    """“area” is a subtree that begins at the place the unit serves."""
    if reach == "area":
        path, reach = area_path(path, kind), "subtree"
    return HeldPost(role, unit, path, reach, frozenset(abilities), instead_of)
