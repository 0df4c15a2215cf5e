"""Handing one's posts to a substitute for the days of a leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from workflows.errors import (
    FieldError,
    ForbiddenError,
    InvalidFormError,
    NotVisibleError,
    RuleError,
)
from workflows.messages import Message
from workflows.organisation.accounts import load_account
from workflows.organisation.tables import Account, Delegation, Person, Post, Role
from workflows.storage import IdSource, Session

LONGEST = timedelta(days=366)
"""Of a leave people enter themselves: a wrong year must not hand posts away for a century."""
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Leave:
    """Who is away (username), who acts instead (username), on which days, both included.
    `role`, `unit` None: for every post."""

    absent: str
    substitute: str
    from_on: date
    to_on: date
    reason: str
    role: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveView:
    """A current or coming leave. `is_own`: of the reader, who else stands in for `absent`."""

    id: int
    absent: str
    substitute: str
    from_on: date
    to_on: date
    role: str | None
    reason: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could stand in. `same_role`: holds a role of the absent person in its unit."""

    username: str
    name: str
    same_role: bool


def delegate(session: Session, ids: IdSource, leave: Leave) -> Delegation:
    """Adds a delegation. Only the absent person, an administrator or the system may.

    RuleError for turned dates, oneself as substitute, a substitute who is away then, days that
    are handed over already, or a post the person does not hold.
    """
    actor = session.actor
    if not actor.is_system and actor.username != leave.absent and "admin" not in actor.abilities:
        raise ForbiddenError("delegation.not_yours")
    absent, substitute = (
        load_account(session, leave.absent),
        load_account(session, leave.substitute),
    )
    if leave.to_on < leave.from_on:
        raise RuleError("delegation.dates_turned")
    if absent.person_id == substitute.person_id:
        raise RuleError("delegation.to_oneself")
    _check_held(session, absent.person_id, leave)
    _check_free(session, absent.person_id, substitute.person_id, leave)
    row = Delegation(
        id=ids.next(),
        from_person=absent.person_id,
        to_person=substitute.person_id,
        role=leave.role,
        unit_code=leave.unit,
        from_on=leave.from_on,
        to_on=leave.to_on,
        reason=leave.reason,
    )
    session.add(row)
    return row


def take_leave(session: Session, ids: IdSource, leave: Leave, today: date) -> Delegation:
    """A leave people enter for themselves: from today on, for a year at most, with a colleague of
    their own unit as substitute.

    InvalidFormError with every wrong field ("/from_on", "/to_on", "/substitute", "/reason"); else
    raises like `delegate`.
    """
    colleagues = {
        one.username for one in list_substitutes(session, session.actor.account_id, today)
    }
    wrong = list(_wrong_fields(leave, colleagues, today))
    if wrong:
        raise InvalidFormError(wrong)
    return delegate(session, ids, leave)


def end_delegation(session: Session, delegation_id: int, on: date) -> None:
    """The absent person is back: the day before `on` is the last one. A leave that has not begun
    is gone; one that is over already stays as it was.

    Only the absent person, an administrator or the system may (ForbiddenError). NotVisibleError
    if there is no such leave.
    """
    row = session.get(Delegation, delegation_id)
    if row is None:
        raise NotVisibleError("delegation.unknown")
    _check_may_end(session, row)
    if on <= row.from_on:
        session.delete(row)
    elif on <= row.to_on:
        row.to_on = on - timedelta(days=1)


def list_leaves(session: Session, account_id: int, today: date) -> tuple[LeaveView, ...]:
    """Leaves of the account's person, and those in which they stand in, that are not over; the
    next one first. One statement."""
    away, other = aliased(Person), aliased(Person)
    me = select(Account.person_id).where(Account.id == account_id).scalar_subquery()
    rows = session.execute(
        select(Delegation, away.name, other.name, Delegation.from_person == me)
        .join(away, away.id == Delegation.from_person)
        .join(other, other.id == Delegation.to_person)
        .where(
            Delegation.to_on >= today,
            or_(Delegation.from_person == me, Delegation.to_person == me),
        )
        .order_by(Delegation.from_on, Delegation.id)
    )
    return tuple(
        LeaveView(
            row.id, absent, substitute, row.from_on, row.to_on, row.role, row.reason, bool(own)
        )
        for row, absent, substitute, own in rows
    )


def list_substitutes(session: Session, account_id: int, today: date) -> tuple[Colleague, ...]:
    """Who could stand in for an account's person: everybody with an open account and a post in a
    unit of theirs today, those with the same role first. Two statements."""
    person = select(Account.person_id).where(Account.id == account_id).scalar_subquery()
    held = {
        (role, unit)
        for role, unit in session.execute(
            select(Post.role, Post.unit_code).where(Post.person_id == person, *_holds(today))
        )
    }
    rows = session.execute(
        select(Account.username, Person.name, Post.role, Post.unit_code)
        .join(Person, Person.id == Account.person_id)
        .join(Post, Post.person_id == Person.id)
        .join(Role, Role.key == Post.role)
        .where(
            Post.unit_code.in_(sorted({unit for _role, unit in held})),
            Post.person_id != person,
            Account.active,
            Role.acts == "staff",
            *_holds(today),
        )
        .order_by(Person.name, Account.username)
    )
    found: dict[str, Colleague] = {}
    for username, name, role, unit in rows:
        known = found.get(username)
        same = (role, unit) in held or (known is not None and known.same_role)
        found[username] = Colleague(username, name, same)
    return tuple(sorted(found.values(), key=lambda one: not one.same_role))


def _holds(on: date) -> tuple[ColumnElement[bool], ...]:
    return (Post.from_on <= on, Post.to_on >= on)


def _wrong_fields(leave: Leave, colleagues: set[str], today: date) -> Iterator[FieldError]:
    if leave.from_on < today:
        yield FieldError("/from_on", Message("delegation.past"))
    if leave.to_on < leave.from_on:
        yield FieldError("/to_on", Message("delegation.dates_turned"))
    elif leave.to_on - leave.from_on >= LONGEST:
        yield FieldError("/to_on", Message("delegation.too_long", {"most": LONGEST.days}))
    if leave.substitute not in colleagues:
        yield FieldError("/substitute", Message("delegation.no_colleague"))
    if not leave.reason.strip():
        yield FieldError("/reason", Message("delegation.reason_missing"))
    elif len(leave.reason) > MOST_REASON:
        yield FieldError("/reason", Message("delegation.reason_long", {"most": MOST_REASON}))


def _check_held(session: Session, person: int, leave: Leave) -> None:
    held = select(Post.id).where(
        Post.person_id == person,
        Post.from_on <= leave.to_on,
        Post.to_on >= leave.from_on,
    )
    if leave.role is not None:
        held = held.where(Post.role == leave.role)
    if leave.unit is not None:
        held = held.where(Post.unit_code == leave.unit)
    if session.scalar(held.limit(1)) is None:
        raise RuleError("delegation.nothing_held")


def _check_free(session: Session, absent: int, substitute: int, leave: Leave) -> None:
    """Two substitutes for one post would both act; a substitute who is away would not act at all,
    because substitution is not passed on."""
    days = (Delegation.from_on <= leave.to_on, Delegation.to_on >= leave.from_on)
    others = session.scalars(
        select(Delegation).where(Delegation.from_person.in_((absent, substitute)), *days)
    ).all()
    if any(row.from_person == substitute for row in others):
        raise RuleError("delegation.substitute_away")
    if any(
        _meet(row.role, leave.role) and _meet(row.unit_code, leave.unit)
        for row in others
        if row.from_person == absent
    ):
        raise RuleError("delegation.overlaps")


def _meet(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _check_may_end(session: Session, row: Delegation) -> None:
    actor = session.actor
    if actor.is_system or "admin" in actor.abilities:
        return
    account = session.get(Account, actor.account_id)
    if account is None or account.person_id != row.from_person:
        raise ForbiddenError("delegation.not_yours")
