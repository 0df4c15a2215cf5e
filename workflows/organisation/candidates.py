"""Who may be asked to do the work of a role in a unit on a day. Pure but for `find_candidates`
and `find_candidates_of`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select

from workflows.organisation.tables import Account, Delegation, Person, Post
from workflows.storage import Session


@dataclass(frozen=True, slots=True)
class HolderRecord:
    """A dated post and who holds it. `username` None: a person without an account."""

    person: int
    name: str
    username: str | None
    role: str
    unit: str
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class DelegationRecord:
    """A leave with its substitute. `role`, `unit` None: every one."""

    from_person: int
    to_person: int
    to_name: str
    to_username: str | None
    role: str | None
    unit: str | None
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may do it. `instead_of`: name of the person on leave, None in an own post."""

    person: int
    name: str
    username: str | None
    instead_of: str | None = None


def candidates(
    role: str,
    unit: str,
    posts: Iterable[HolderRecord],
    delegations: Iterable[DelegationRecord],
    on: date,
) -> tuple[Candidate, ...]:
    """Holders of the role in the unit on that day, each once, in the order of `posts`.

    Whoever is on leave is replaced by the substitutes; substitution is not passed on a second
    time. A substitute who holds the post too stands in the own right.
    """
    leaves = [
        leave
        for leave in delegations
        if leave.from_on <= on <= leave.to_on
        and leave.role in (None, role)
        and leave.unit in (None, unit)
    ]
    absent = {leave.from_person for leave in leaves}
    holders = [
        post
        for post in posts
        if (post.role, post.unit) == (role, unit) and post.from_on <= on <= post.to_on
    ]
    found = {
        post.person: Candidate(post.person, post.name, post.username)
        for post in holders
        if post.person not in absent
    }
    names = {post.person: post.name for post in holders}
    for leave in leaves:
        if leave.from_person in names and leave.to_person not in absent:
            found.setdefault(
                leave.to_person,
                Candidate(
                    leave.to_person, leave.to_name, leave.to_username, names[leave.from_person]
                ),
            )
    return tuple(found.values())


def find_candidates(session: Session, role: str, unit: str, on: date) -> tuple[Candidate, ...]:
    """`candidates` over the tables, by name; two statements."""
    return find_candidates_of(session, [(role, unit)], on)[role, unit]


def find_candidates_of(
    session: Session, pairs: Sequence[tuple[str, str]], on: date
) -> Mapping[tuple[str, str], tuple[Candidate, ...]]:
    """Candidates for each (role, unit), by name; two statements for any number of them."""
    posts = session.execute(
        select(
            Post.person_id,
            Person.name,
            Account.username,
            Post.role,
            Post.unit_code,
            Post.from_on,
            Post.to_on,
        )
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Account, (Account.person_id == Person.id) & Account.active)
        .where(or_(false(), *(_is_post(role, unit) for role, unit in pairs)))
        .order_by(Person.name, Person.id)
    )
    units = sorted({unit for _role, unit in pairs})
    leaves = session.execute(
        select(
            Delegation.from_person,
            Delegation.to_person,
            Person.name,
            Account.username,
            Delegation.role,
            Delegation.unit_code,
            Delegation.from_on,
            Delegation.to_on,
        )
        .join(Person, Person.id == Delegation.to_person)
        .outerjoin(Account, (Account.person_id == Person.id) & Account.active)
        .where(
            Delegation.from_on <= on,
            Delegation.to_on >= on,
            or_(Delegation.unit_code.is_(None), Delegation.unit_code.in_(units)),
        )
        .order_by(Delegation.id)
    )
    holders = [HolderRecord(*row) for row in posts]
    absences = [DelegationRecord(*row) for row in leaves]
    return {(role, unit): candidates(role, unit, holders, absences, on) for role, unit in pairs}


def _is_post(role: str, unit: str) -> ColumnElement[bool]:
    return and_(Post.role == role, Post.unit_code == unit)
