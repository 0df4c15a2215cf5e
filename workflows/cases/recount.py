"""A new calendar year changes open clocks: which, from when to when, and doing it.

The row alone knows the due date, so a run is not woken and its state not read. Counting again is
the same for a clock that was counted already: after a crash it is simply done once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.clock_rows import Row, day_words, due_values, save_clocks
from workflows.cases.item_rows import save_items, with_clock
from workflows.cases.platform import Platform
from workflows.cases.queries.records import Titles
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.tables import CaseRecord, ClockRow
from workflows.cases.timeline import Line, append
from workflows.deadlines import RuleBook
from workflows.deadlines.calendar import CalendarYear
from workflows.deadlines.stored import save_year
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.messages import Message
from workflows.storage import SYSTEM, Actor, Session, outbox

PAGE = 500
RECOUNT_TOPIC = "calendar.recount"
"""Outbox: every open clock is to be counted anew. Payload {}."""
OWN_CALENDARS = ("市", "县")
"""Kinds of units that may have holidays of their own: autonomous counties set them
(全国年节及纪念日放假办法, 2024, art. 4)."""
AT_ONCE = timedelta(0)
SETTLED = timedelta(minutes=2)
"""By then every process has read the calendar: what it opened by the old one is set right."""
COUNTED = ("final", "provisional", "uncomputable")
"""States of a clock whose date follows from the calendar; a paused one is counted when it goes
on."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock another date follows for. `before`, `after`: last day, None where no date can be
    given; `status` afterwards. `access_class`: of its case, because whoever enters a calendar need
    not know of restricted ones."""

    run_id: int
    number: int
    case_number: str
    rule: str
    before: date | None
    after: date | None
    status: str
    title: Titles
    access_class: str


def check_may_enter(actor: Actor, unit_path: str | None) -> None:
    """ForbiddenError unless the actor administers the unit; for everybody's calendar (None) the
    top of the tree."""
    posts = [post for post in actor.posts if "admin" in post.abilities]
    if unit_path is None:
        may = any("/" not in post.unit_path.strip("/") for post in posts)
    else:
        may = any(post.covers(unit_path) for post in posts)
    if not may and not actor.is_system:
        raise ForbiddenError("deadline.calendar_not_yours")


def preview_year(platform: Platform, unit: str, year: CalendarYear) -> tuple[Moved, ...]:
    """What entering `year` for `unit` ("" = everywhere) would change. Writes and locks nothing."""
    with platform.database.reading(SYSTEM) as session:
        return tuple(_moved(session, RuleBook.load_as_if(session, unit, year)))


def enter_year(platform: Platform, unit: str, year: CalendarYear) -> int:
    """Enters the year, then counts every open clock anew; returns how many moved.

    Each clock in a transaction of its own, with a line in the case's record.
    """
    _enter(platform, SYSTEM, unit, year, (SETTLED,))
    return count_anew(platform)


def order_year(platform: Platform, actor: Actor, unit: str, year: CalendarYear) -> None:
    """Enters the year and leaves the counting to the worker: there may be thousands of clocks."""
    _enter(platform, actor, unit, year, (AT_ONCE, SETTLED))


def _enter(
    platform: Platform, actor: Actor, unit: str, year: CalendarYear, after: tuple[timedelta, ...]
) -> None:
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        save_year(session, unit, year, at=now)
        for pause in after:
            outbox.add(
                session,
                RECOUNT_TOPIC,
                payload=b"{}",
                ids=platform.ids,
                now=now,
                available_at=now + pause,
            )


def count_anew(platform: Platform) -> int:
    """Sets every open clock to what rules and calendars say today; how many moved."""
    with platform.database.reading(SYSTEM) as session:
        book = RuleBook.load(session)
        wrong = tuple(_moved(session, book))
    return sum(_set_right(platform, book, one) for one in wrong)


def _moved(session: Session, book: RuleBook) -> Iterator[Moved]:
    """Open clocks whose row says something else than the book, by run and number."""
    after = (0, 0)
    while True:
        rows = session.execute(
            select(ClockRow, CaseRecord.number, CaseRecord.access_class)
            .join(CaseRecord, CaseRecord.id == ClockRow.case_id)
            .where(
                ClockRow.is_open == 1,
                ClockRow.status.in_(COUNTED),
                (ClockRow.run_id > after[0])
                | ((ClockRow.run_id == after[0]) & (ClockRow.number > after[1])),
            )
            .order_by(ClockRow.run_id, ClockRow.number)
            .limit(PAGE)
        ).all()
        for row, case_number, access_class in rows:
            found = _counted(book, row.__dict__)
            if found is not None and (found["due_on"], found["status"]) != (row.due_on, row.status):
                yield Moved(
                    row.run_id,
                    row.number,
                    case_number,
                    row.rule,
                    row.due_on,
                    found["due_on"],
                    found["status"],
                    book.rule(row.rule, row.unit_code).title,
                    access_class,
                )
        if len(rows) < PAGE:
            return
        after = (rows[-1][0].run_id, rows[-1][0].number)


def _counted(book: RuleBook, row: Any) -> Row | None:
    """The columns that follow from the book; None where its rule is gone."""
    spans = [
        (date.fromisoformat(first), date.fromisoformat(last)) for first, last, _ in row["excluded"]
    ]
    try:
        due = book.due(
            row["rule"],
            row["base"],
            row["unit_code"],
            excluded=spans,
            extended_days=row["extended_days"],
        )
    except InvalidInputError:
        return None
    return due_values(due)


def _set_right(platform: Platform, book: RuleBook, moved: Moved) -> int:
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        loaded: LoadedRun = load_run(session, platform, moved.run_id)
        row = next((one for one in loaded.clocks if one["number"] == moved.number), None)
        if row is None or not row["is_open"] or row["status"] not in COUNTED:
            return 0
        values = _counted(book, row)
        if values is None or (values["due_on"], values["status"]) == (row["due_on"], row["status"]):
            return 0
        changed = {**row, **values}
        words = {
            "title": book.rule(row["rule"], row["unit_code"]).title,
            "due_on": day_words(changed["due_on"], changed["status"]),
        }
        sentence = Message("cases.did_recount_clock", words)
        line = Line("clock.recount", sentence, now, "clock", run_id=moved.run_id)
        append(session, loaded.case, loaded.key, (line,), actor=SYSTEM, recorded_at=now)
        session.flush()
        save_clocks(session, [changed])
        save_items(
            session,
            [with_clock(i, changed) for i in loaded.items if i["clock_number"] == moved.number],
        )
    return 1
