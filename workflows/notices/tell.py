"""Telling people: one statement for all that one act has to say, whoever acts.

The accounts are found by the statement itself: the holder of a work item by username and, while
the holder is on leave, who stands in for this role in this unit. So an act that concerns nobody
else costs nothing, and any other act one INSERT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, case, null, or_, select

from workflows.notices.tables import Notice
from workflows.organisation.tables import Account, Delegation
from workflows.storage import IdSource, Session
from workflows.storage.clock import local_day
from workflows.storage.upsert import insert_into

APPROVAL, APPROVED, DOUBT = "approval", "approved", "doubt"
KINDS = ("assigned", "taken", "soon", "over", APPROVAL, APPROVED, DOUBT)
"""Somebody else gave me work · took it from me · its time limit is near · has passed · asks me to
approve a version of a package · has approved one of mine · a signature should be looked at."""

NOTICE = Notice.__table__
_GIVEN = ("kind", "run_id", "number", "round", "case_number", "title", "at")
"""Columns that come from the news as they are."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened to one work item, for whoever has or had it (`username`); or to a version of a
    package: then `run_id`, `number` are its id and number, `case_number` the package.

    `round`: see `Notice`. `title`: of the task or package by language, None in a restricted case.
    `role`, `unit_code`: of the item or the post, to find who stands in for somebody on leave.
    """

    kind: str
    username: str
    run_id: int
    number: int
    round: int
    case_number: str
    title: Mapping[str, str] | None
    role: str
    unit_code: str
    at: datetime


def tell(session: Session, ids: IdSource, news: Sequence[News], *, mails: bool) -> None:
    """Writes the notices; nobody is told what they did themselves, or the same thing twice.

    `mails`: whether e-mail is set up here; then those who want it get one, too. A substitute is
    told of new work and of time limits, but not in a restricted case, which is granted in person.
    At most one statement; none without news.
    """
    if not news:
        return
    statement = _insert_notice(session.dialect)
    actor = session.actor.account_id
    rows = [
        {**_values(one), "id": ids.next(), "stands_in": place, "actor": actor, "mails": int(mails)}
        for one in news
        for place in _whom(one)
    ]
    session.raw(statement, rows)


def told_of(session: Session, kind: str, run_id: int, round_: int) -> frozenset[int]:
    """Accounts that were told this already; one statement."""
    rows = session.raw(
        select(NOTICE.c.account_id).where(
            NOTICE.c.kind == kind, NOTICE.c.run_id == run_id, NOTICE.c.round == round_
        )
    )
    return frozenset(rows.scalars())


def _whom(news: News) -> Iterator[int]:
    """0: the holder, 1: who stands in."""
    yield 0
    if news.kind not in ("taken", APPROVED) and news.title is not None:
        yield 1


def _values(news: News) -> dict[str, Any]:
    given = {name: getattr(news, name) for name in _GIVEN}
    given["title"] = None if news.title is None else dict(news.title)
    return {
        **given,
        "username": news.username,
        "role": news.role,
        "unit_code": news.unit_code,
        "day": local_day(news.at),
    }


@cache
def _insert_notice(dialect: str) -> Any:
    """INSERT … SELECT of one notice for one account, found by the username of the holder."""
    table = Notice.__table__
    owner, told = Account.__table__.alias("owner"), Account.__table__.alias("told")
    account = case(
        (bindparam("stands_in", type_=Integer()) == 0, owner.c.id), else_=_substitute(owner)
    )
    wants = and_(
        told.c.mail_notices,
        told.c.email.is_not(None),
        bindparam("mails", type_=Integer()) == 1,
    )
    columns = {name: bindparam(name, type_=table.c[name].type) for name in ("id", *_GIVEN)}
    values = {
        **columns,
        "account_id": told.c.id,
        "read_at": null(),
        "mail": case((wants, 1), else_=0),
    }
    found = (
        select(*(value.label(name) for name, value in values.items()))
        .select_from(owner.join(told, told.c.id == account))
        .where(
            owner.c.username == bindparam("username", type_=String()),
            told.c.active,
            told.c.id != bindparam("actor", type_=table.c.id.type),
        )
    )
    return insert_into(dialect, table).from_select(list(values), found).on_conflict_do_nothing()


def _substitute(owner: Any) -> Any:
    """The account that stands in for the owner today, in this role and unit; NULL without one."""
    leave, other = Delegation.__table__, Account.__table__.alias("other")
    day = bindparam("day", type_=leave.c.from_on.type)
    return (
        select(other.c.id)
        .select_from(leave.join(other, other.c.person_id == leave.c.to_person))
        .where(
            leave.c.from_person == owner.c.person_id,
            leave.c.from_on <= day,
            leave.c.to_on >= day,
            or_(leave.c.role.is_(None), leave.c.role == bindparam("role", type_=String())),
            or_(
                leave.c.unit_code.is_(None),
                leave.c.unit_code == bindparam("unit_code", type_=String()),
            ),
            other.c.active,
        )
        .order_by(leave.c.id)
        .limit(1)
        .correlate(owner)
        .scalar_subquery()
    )
