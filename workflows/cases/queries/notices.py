"""What somebody was told, newest first, with what has become of the work item, or the version of a
package, since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_

from workflows.cases.access import may
from workflows.cases.platform import Platform
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.records import Titles
from workflows.cases.queries.views import item_subject
from workflows.cases.tables import NORMAL, CaseRecord, WorkItem
from workflows.catalogue.tables import PUBLISHED, PackageVersion
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.notices.tables import Notice
from workflows.notices.tell import APPROVAL, DOUBT
from workflows.storage import Actor
from workflows.storage.ids import decode_id, encode_id, encode_item

Columns = TypeVarTuple("Columns")
MOST_COUNTED = 100
"""Counts stop here and are shown as 99+."""
MOST_ROWS = 200
ORDER = "notices"
SUBJECT = tuple(
    WorkItem.__table__.c[name].label(name)
    for name in (
        "case_id",
        "role",
        "unit_path",
        "unit_name",
        "assignee",
        "assignee_name",
        "state",
        "access_class",
    )
)
ITEM, VERSION = WorkItem.__table__.c, PackageVersion.__table__.c


@dataclass(frozen=True, slots=True)
class NoticesQuery:
    """Which notices. `unread`: only those."""

    unread: bool = False
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice. `kind`: assigned | taken | soon | over | doubt; approval | approved are about
    version `version` of `package`, "" and 0 for the others. `title`: of the task (None in a
    restricted case) or of the package.

    `is_unread`: not looked at and its work item still open, its version still waiting. `leads_to`:
    "task" while the reader can open it, else "case"; "nowhere" (said by `load_notice` only) if the
    case is out of sight, too; "version". `item`, `case_id` "" without a case.
    """

    id: str
    kind: str
    case_number: str
    title: Titles | None
    at: datetime
    is_unread: bool
    item: str
    case_id: str
    leads_to: str
    package: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """One page. `unread`: of all pages, counting stops at 100. `next`: keyset cursor or None."""

    rows: tuple[NoticeView, ...]
    unread: int
    next: str | None


def unread_of(account: ColumnElement[int]) -> ColumnElement[int]:
    """How many notices an account has not read, as an expression for another statement: what asks
    who is there asks this, too. Those of closed work items and settled versions count as read."""
    waiting = (
        with_subject(select(Notice.id))
        .where(Notice.account_id == account, Notice.read_at.is_(None), is_waiting())
        .limit(MOST_COUNTED)
        .subquery()
    )
    return select(func.count()).select_from(waiting).scalar_subquery()


def list_notices(platform: Platform, actor: Actor, query: NoticesQuery) -> NoticesPage:
    """One page; two statements. Raises InvalidInputError for a malformed cursor or a page size
    outside 1…200."""
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)
    statement = _notices(actor).order_by(Notice.at.desc(), Notice.id.desc())
    if query.unread:
        statement = statement.where(Notice.read_at.is_(None), is_waiting())
    if query.cursor:
        behind = read_cursor(query.cursor, ORDER, (datetime, int))
        statement = statement.where(tuple_(Notice.at, Notice.id) < tuple_(*behind))
    with platform.database.reading(actor) as session:
        rows = session.execute(statement.limit(query.page_size + 1)).all()
        unread = session.scalar(_unread_of(actor)) or 0
    shown = rows[: query.page_size]
    following = None
    if len(rows) > query.page_size:
        last = shown[-1].Notice
        following = write_cursor(ORDER, [last.at, last.id])
    return NoticesPage(tuple(_view(row, actor) for row in shown), unread, following)


def count_unread(platform: Platform, actor: Actor) -> int:
    """How many the actor has not read, at most 100; one statement."""
    with platform.database.reading(actor) as session:
        return session.scalar(_unread_of(actor)) or 0


def load_notice(platform: Platform, actor: Actor, notice: str) -> NoticeView:
    """One of the actor's own. Raises NotVisibleError for any other, InvalidInputError for a
    malformed id."""
    wanted = decode_id(notice)
    with platform.database.reading(actor) as session:
        row = session.execute(_notices(actor).where(Notice.id == wanted)).one_or_none()
        if row is None:
            raise NotVisibleError("notices.unknown")
        view = _view(row, actor)
        seen = select(CaseRecord.id).where(CaseRecord.id == row.case_id)
        if view.leads_to == "case" and session.scalar(seen) is None:
            return replace(view, leads_to="nowhere")
    return view


def _notices(actor: Actor) -> Select[Any]:
    told = select(Notice, *SUBJECT, is_waiting().label("waiting"))
    known = or_(ITEM.run_id.is_not(None), VERSION.id.is_not(None))
    return with_subject(told).where(Notice.account_id == actor.account_id, known)


def _unread_of(actor: Actor) -> Select[Any]:
    return select(func.count()).select_from(
        _notices(actor)
        .where(Notice.read_at.is_(None), is_waiting())
        .with_only_columns(Notice.id)
        .limit(MOST_COUNTED)
        .subquery()
    )


def with_subject(statement: Select[*Columns]) -> Select[*Columns]:
    """A select over notices, with the work item or the version each is about beside it."""
    item = and_(ITEM.run_id == Notice.run_id, ITEM.number == Notice.number)
    return statement.outerjoin(WorkItem, item).outerjoin(
        PackageVersion, VERSION.id == Notice.run_id
    )


def is_waiting() -> ColumnElement[bool]:
    """Whether what a notice is about still goes on: an open work item; a signature that should be
    looked at, whatever became of its task; a version that is not in
    use and, where an approval was asked for, has none against what counted then."""
    approved = and_(
        func.coalesce(VERSION.approved_digest, "") == VERSION.digest,
        func.coalesce(VERSION.approved_against, -1) == Notice.round,
    )
    version = and_(
        VERSION.state != PUBLISHED,
        or_(Notice.kind != APPROVAL, not_(approved)),
    )
    return or_(ITEM.state == "open", Notice.kind == DOUBT, version)


def _view(row: Any, actor: Actor) -> NoticeView:
    notice, item = row.Notice, row._mapping
    if item["case_id"] is None:
        return _of_version(notice, is_waiting=bool(row.waiting))
    is_open = item["state"] == "open"
    opens = is_open and may(actor, "open", item_subject(item)) is None
    return NoticeView(
        id=encode_id(notice.id),
        kind=notice.kind,
        case_number=notice.case_number,
        title=notice.title if item["access_class"] == NORMAL else None,
        at=notice.at,
        is_unread=(is_open or notice.kind == DOUBT) and notice.read_at is None,
        item=encode_item(notice.run_id, notice.number),
        case_id=encode_id(item["case_id"]),
        leads_to="task" if opens else "case",
    )


def _of_version(notice: Notice, *, is_waiting: bool) -> NoticeView:
    return NoticeView(
        id=encode_id(notice.id),
        kind=notice.kind,
        case_number=notice.case_number,
        title=notice.title,
        at=notice.at,
        is_unread=is_waiting and notice.read_at is None,
        item="",
        case_id="",
        leads_to="version",
        package=notice.case_number,
        version=notice.number,
    )
