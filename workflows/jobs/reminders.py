"""Reminders: whoever has a work item is told when its clock warns and when it is overdue.

Found by the moment at which it happens, between the last look and now: what is open but not near
its time is never read, however much there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, update

from workflows.cases.news import reminded
from workflows.cases.platform import Platform
from workflows.cases.queries.notices import is_waiting, with_subject
from workflows.cases.queries.scopes import OPEN
from workflows.cases.tables import WorkItem
from workflows.notices.tables import Notice
from workflows.notices.tell import tell
from workflows.storage import SYSTEM
from workflows.storage.installation import load_setting, save_setting

EVERY = timedelta(seconds=20)
SINCE = "notices.reminded_until"
"""Setting: up to which moment everything has been told."""
OVERLAP = timedelta(minutes=2)
"""Looked at again: an item written by a transaction that was still open the last time."""
MOST_BACK = timedelta(days=7)
"""A worker that was away longer tells only of this time; the inbox shows the rest."""
TIDY_PAGE = 500
"""Unread notices looked at in one turn for whether their item is still open."""
ITEM = WorkItem.__table__.c
WANTED = tuple(
    ITEM[name]
    for name in (
        "run_id",
        "number",
        "revision",
        "case_number",
        "title",
        "access_class",
        "role",
        "unit_code",
        "assignee",
        "due_at",
        "warn_at",
    )
)
MOMENTS: dict[str, ColumnElement[datetime]] = {"soon": ITEM.warn_at, "over": ITEM.due_at}


@dataclass(slots=True)
class _Look:
    """One kind of reminder between two moments; `after`: the last row that was told."""

    kind: str
    since: datetime
    until: datetime
    after: tuple[Any, ...] | None = None


@dataclass(slots=True)
class ReminderSource:
    """`soon` and `over` for whoever has the item, and who stands in for them, once each."""

    platform: Platform
    name: str = "reminders"
    _looks: list[_Look] = field(default_factory=list)
    _next: datetime | None = None
    _tidied: tuple[int, int] = (0, 0)

    def run_due(self, limit: int) -> int:
        now = self.platform.clock.now()
        if not self._looks:
            if self._next is not None and now < self._next:
                return 0
            self._tidy(now)
            self._looks = self._begin(now)
        while self._looks:
            told = self._tell(self._looks[0], limit, now)
            if told:
                return told
            self._end(self._looks.pop(0), now)
        return 0

    def _begin(self, now: datetime) -> list[_Look]:
        with self.platform.database.reading(SYSTEM) as session:
            stored = load_setting(session, SINCE, None)
        since = now - MOST_BACK
        if stored is not None:
            since = max(since, datetime.fromisoformat(stored) - OVERLAP)
        return [_Look(kind, since, now) for kind in MOMENTS]

    def _end(self, look: _Look, now: datetime) -> None:
        if self._looks:
            return
        self._next = now + EVERY
        with self.platform.database.transaction(SYSTEM) as session:
            save_setting(session, SINCE, look.until.isoformat())

    def _tell(self, look: _Look, limit: int, now: datetime) -> int:
        moment = MOMENTS[look.kind]
        keys = (moment, ITEM.run_id, ITEM.number)
        due = select(*WANTED).where(
            OPEN, ITEM.assignee != "", moment > look.since, moment <= look.until
        )
        if look.kind == "soon":
            due = due.where(ITEM.due_at > look.until)
        if look.after is not None:
            due = due.where(tuple_(*keys) > tuple_(*look.after))
        with self.platform.database.reading(SYSTEM) as session:
            rows = session.execute(due.order_by(*keys).limit(limit)).mappings().all()
        if rows:
            last = rows[-1]
            look.after = (last[moment], last["run_id"], last["number"])
            news = [reminded(look.kind, dict(row), now) for row in rows]
            with self.platform.database.transaction(SYSTEM) as session:
                tell(session, self.platform.ids, news, mails=self.platform.mails)
        return len(rows)

    def _tidy(self, now: datetime) -> None:
        """Notices of closed items and settled versions count as read; said in the rows, too, a page
        at each turn, so that counting what is unread never has to look past them."""
        keys = (Notice.account_id, Notice.id)
        page = (
            with_subject(select(*keys, is_waiting()))
            .where(Notice.read_at.is_(None), tuple_(*keys) > tuple_(*self._tidied))
            .order_by(*keys)
            .limit(TIDY_PAGE)
        )
        with self.platform.database.reading(SYSTEM) as session:
            rows = session.execute(page).all()
        self._tidied = (rows[-1][0], rows[-1][1]) if len(rows) == TIDY_PAGE else (0, 0)
        closed = [notice for _account, notice, waits in rows if not waits]
        if closed:
            with self.platform.database.transaction(SYSTEM) as session:
                session.execute(
                    update(Notice)
                    .where(Notice.id.in_(closed), Notice.read_at.is_(None))
                    .values(read_at=now)
                    .execution_options(synchronize_session=False)
                )
