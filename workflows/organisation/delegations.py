"""Handing one's posts to a substitute for the days of a leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from workflows.errors import ForbiddenError, RuleError
from workflows.organisation.accounts import load_account
from workflows.organisation.tables import Delegation, Post
from workflows.storage import IdSource, Session


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


def delegate(session: Session, ids: IdSource, leave: Leave) -> Delegation:
    """Adds a delegation. Only the absent person, an administrator or the system may.

    RuleError for turned dates, oneself as substitute, or a post the person does not hold.
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
    held = select(Post.id).where(
        Post.person_id == absent.person_id,
        Post.from_on <= leave.to_on,
        Post.to_on >= leave.from_on,
    )
    if leave.role is not None:
        held = held.where(Post.role == leave.role)
    if leave.unit is not None:
        held = held.where(Post.unit_code == leave.unit)
    if session.scalar(held.limit(1)) is None:
        raise RuleError("delegation.nothing_held")
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


def end_delegation(session: Session, delegation_id: int, on: date) -> None:
    """The absent person is back: the day before `on` is the last one."""
    row = session.get_one(Delegation, delegation_id)
    if not session.actor.is_system and "admin" not in session.actor.abilities:
        raise ForbiddenError("delegation.not_yours")
    if on <= row.from_on:
        session.delete(row)
    else:
        row.to_on = on - timedelta(days=1)
