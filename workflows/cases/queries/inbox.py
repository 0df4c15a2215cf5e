"""The inbox: work items of one reader, soonest due first, in two statements at any size; a search
is a third."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from workflows.cases.platform import Platform
from workflows.cases.queries import scopes
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.filters import list_kinds, list_stages
from workflows.cases.queries.records import InboxPage, ViewRow
from workflows.cases.queries.scopes import ITEM, Condition
from workflows.cases.queries.views import Reading, item_view
from workflows.cases.rows_json import read_rows, rows_as_json
from workflows.cases.search import matching_cases
from workflows.cases.snapshot import CLOCK_COLUMNS, ITEM_COLUMNS
from workflows.cases.tables import ClockRow, WorkItem
from workflows.deadlines.compute import end_of_day
from workflows.errors import InvalidInputError
from workflows.organisation.tables import SavedView
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

TABS = ("mine", "claimable", "soon", "over", "visible", "done")
COUNTED = ("mine", "claimable", "soon", "over")
MOST_COUNTED = 100
"""Counts stop here and are shown as 99+."""
MOST_ROWS = 200
VIEW_COLUMNS = tuple(SavedView.__table__.c[name] for name in ("id", "name", "address", "is_first"))


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """What to list. `tab`: mine | claimable | soon | over (of both) | visible | done (by me).

    `q`: number, party or words, all must be found. `kind`: dispute kind, `stage`: stage key,
    `process`: package key, `role`, `unit`: exact. `due_before`: last local day a due date may have.
    `sort`: due_at (soonest first) | created_at (newest first) | priority (highest first).
    """

    tab: str = "mine"
    q: str = ""
    kind: str | None = None
    stage: str | None = None
    process: str | None = None
    role: str | None = None
    unit: str | None = None
    due_before: date | None = None
    sort: str = "due_at"
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order with a unique end, all columns in one direction."""

    name: str
    keys: tuple[ColumnElement[Any], ...]
    types: tuple[type, ...]
    descending: bool = False

    def apply(self, statement: Select[Any], columns: Any, limit: int) -> Select[Any]:
        """Sorted and cut, by the same columns of `columns`."""
        keys = [columns[key.name] for key in self.keys]
        ordered = [key.desc() for key in keys] if self.descending else keys
        return statement.order_by(*ordered).limit(limit)

    def after(self, cursor: str) -> Condition:
        """Rows behind the cursor."""
        row, values = tuple_(*self.keys), tuple_(*read_cursor(cursor, self.name, self.types))
        return row < values if self.descending else row > values


_END = (ITEM.run_id, ITEM.number)
ORDERS = {
    "due_at": Order("due_at", (ITEM.due_at, *_END), (datetime, int, int)),
    "created_at": Order("created_at", (ITEM.opened_at, *_END), (datetime, int, int), True),
    "priority": Order("priority", (ITEM.priority, *_END), (int, int, int), True),
}
DONE = Order("done_at", (ITEM.done_at, *_END), (datetime, int, int), True)


def list_inbox(platform: Platform, actor: Actor, query: InboxQuery) -> InboxPage:
    """One page and the tabs' counts. Raises InvalidInputError for an unknown tab or order, a
    malformed cursor, a page size outside 1…200."""
    _check(query)
    now = platform.clock.now()
    order = DONE if query.tab == "done" else ORDERS[query.sort]
    with platform.database.reading(actor) as session:
        reading = Reading(actor, now, platform.rules(session))
        statement = _page(session, actor, query, order, now)
        rows = [] if statement is None else session.raw(statement).all()
        row = session.raw(_counts_and_views(actor, now)).one()
        kinds, stages = list_kinds(platform, session, actor), list_stages(platform, session, actor)
    shown = rows[: query.page_size]
    more = len(rows) > query.page_size
    return InboxPage(
        rows=tuple(item_view(*split_row(row), reading) for row in shown),
        counts={tab: row._mapping[tab] for tab in COUNTED},
        next=_cursor_behind(shown[-1], order) if more else None,
        now=now,
        kinds=kinds,
        stages=stages,
        views=_saved(row.views),
    )


def _with_clock(keys: Any) -> Select[Any]:
    """The work items of a sub-select of keys, each with its clock; read with `split_row`."""
    item, clock = WorkItem.__table__, ClockRow.__table__
    same_item = and_(item.c.run_id == keys.c.run_id, item.c.number == keys.c.number)
    its_clock = and_(clock.c.run_id == item.c.run_id, clock.c.number == item.c.clock_number)
    return select(
        *ITEM_COLUMNS, *(column.label(f"clock_{column.name}_") for column in CLOCK_COLUMNS)
    ).select_from(keys.join(item, same_item).outerjoin(clock, its_clock))


def split_row(row: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A row of `_with_clock` → (item, clock or None), by column name."""
    found = row._mapping
    item = {column.name: found[column.name] for column in ITEM_COLUMNS}
    if found["clock_number_"] is None:
        return item, None
    return item, {column.name: found[f"clock_{column.name}_"] for column in CLOCK_COLUMNS}


def _check(query: InboxQuery) -> None:
    if query.tab not in TABS:
        raise InvalidInputError("cases.unknown_tab", known=", ".join(TABS))
    if query.sort not in ORDERS:
        raise InvalidInputError("cases.unknown_order", known=", ".join(ORDERS))
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)


def _page(
    session: Session, actor: Actor, query: InboxQuery, order: Order, now: datetime
) -> Select[Any] | None:
    branches = _branches(actor, query.tab, now)
    filters = _filters(query)
    if query.cursor:
        filters.append(order.after(query.cursor))
    limit = query.page_size + 1
    if query.q.strip():
        found = _search(session, actor, query)
        filters += [ITEM.case_id.in_(found), *_state_of(query.tab)]
        branches = [_checked_last(or_(false(), *branches))]
        if not found:
            return None
    if not branches:
        return None
    keys = _first_keys(branches, filters, order, limit)
    return order.apply(_with_clock(keys), keys.c, limit)


def _first_keys(
    branches: Sequence[Condition], filters: Sequence[Condition], order: Order, limit: int
) -> Any:
    """Which rows the page has: the first of every branch, merged, each once, and cut.

    Keys only, because an index holds them: the columns of a list are forty, and of twenty
    branches with fifty rows each all but fifty rows are thrown away.
    """
    item = WorkItem.__table__
    parts = [
        order.apply(select(*order.keys).where(branch, *filters), item.c, limit).subquery()
        for branch in branches
    ]
    if len(parts) == 1:
        return parts[0]
    merged = union(*(select(part) for part in parts)).subquery()
    return order.apply(select(merged), merged.c, limit).subquery()


def _branches(actor: Actor, tab: str, now: datetime) -> list[Condition]:
    if tab == "done":
        return [and_(ITEM.state == "done", ITEM.done_by == actor.account_id)]
    if tab == "mine":
        return scopes.mine(actor)
    if tab == "claimable":
        return scopes.claimable(actor)
    if tab == "visible":
        return scopes.visible(actor)
    both = [*scopes.mine(actor), *scopes.claimable(actor)]
    if tab == "over":
        return [and_(branch, ITEM.due_at <= now) for branch in both]
    return [and_(branch, ITEM.due_at > now, ITEM.warn_at <= now) for branch in both]


def _filters(query: InboxQuery) -> list[Condition]:
    exact = {
        ITEM.case_kind: query.kind,
        ITEM.stage: query.stage,
        ITEM.process: query.process,
        ITEM.role: query.role,
        ITEM.unit_code: query.unit,
    }
    filters = [column == value for column, value in exact.items() if value]
    if query.due_before is not None:
        filters.append(ITEM.due_at <= end_of_day(query.due_before))
    return filters


def _checked_last(condition: Condition) -> Condition:
    """The condition in a form no index serves: else SQLite takes the indexes of units and roles
    and reads all their items, where those of a few cases are wanted."""
    return case((condition, 1), else_=0) == 1


def _state_of(tab: str) -> list[Condition]:
    """Said once beside the branches, too: the index of open items by case is not used for a
    condition that only stands inside an OR."""
    return [] if tab == "done" else [scopes.OPEN]


def _search(session: Session, actor: Actor, query: InboxQuery) -> list[int]:
    """Ids of the cases that are found. A statement of its own: knowing how few they are, both
    databases look up their items instead of walking a list until fifty are met."""
    units = None if query.tab in ("mine", "done") else scopes.units_of(actor)
    matches = matching_cases(session.dialect, query.q, units)
    return [] if matches is None else [case_id for (case_id,) in session.raw(matches)]


def _counts_and_views(actor: Actor, now: datetime) -> Select[Any]:
    """One row: the four counts, each cut at MOST_COUNTED, and the actor's saved views."""
    counts = (_count(_branches(actor, tab, now)).label(tab) for tab in COUNTED)
    mine = SavedView.account_id == actor.account_id
    return select(*counts, rows_as_json(VIEW_COLUMNS, mine).label("views"))


def _saved(raw: str | None) -> tuple[ViewRow, ...]:
    rows = sorted(read_rows(VIEW_COLUMNS, raw), key=lambda row: int(row["id"]))
    return tuple(
        ViewRow(encode_id(row["id"]), row["name"], row["address"], bool(row["is_first"]))
        for row in rows
    )


def _count(branches: Sequence[Condition]) -> Any:
    """In the order of the lists, which their indexes have: PostgreSQL would rather walk the table
    until it has met enough rows, and where an office is rare that is most of the table."""
    if not branches:
        return select(func.count()).where(false()).scalar_subquery()
    item = WorkItem.__table__
    parts = [
        select(
            ORDERS["due_at"]
            .apply(select(ITEM.number).where(branch), item.c, MOST_COUNTED)
            .subquery()
        )
        for branch in branches
    ]
    rows = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()
    capped = select(rows).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()


def _cursor_behind(row: Any, order: Order) -> str:
    return write_cursor(order.name, [row._mapping[key.name] for key in order.keys])
