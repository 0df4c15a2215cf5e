"""A new calendar year changes open clocks: which, from when to when, and doing it.

The row alone knows the due date, so a run is not woken and its state not read. Counting again is
the same for a clock that was counted already: after a crash it is simply done once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.clock_rows import Row, due_values, save_clocks
from workflows.cases.item_rows import save_items, with_clock
from workflows.cases.platform import Platform
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.tables import CaseRecord, ClockRow
from workflows.cases.timeline import Line, append
from workflows.deadlines import RuleBook
from workflows.deadlines.calendar import CalendarYear
from workflows.deadlines.stored import save_year
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.storage import SYSTEM, Session

PAGE = 500
COUNTED = ("final", "provisional", "uncomputable")
"""States of a clock whose date follows from the calendar; a paused one is counted when it goes
on."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock another date follows for. `before`, `after`: last day, None where no date can be
    given; `status` afterwards."""

    run_id: int
    number: int
    case_number: str
    rule: str
    before: date | None
    after: date | None
    status: str


class _UndoneError(Exception):
    """Ends a transaction that was only for looking."""


def preview_year(platform: Platform, unit: str, year: CalendarYear) -> tuple[Moved, ...]:
    """What entering `year` for `unit` ("" = everywhere) would change. Writes nothing."""
    moved: tuple[Moved, ...] = ()
    try:
        with platform.database.transaction(SYSTEM) as session:
            save_year(session, unit, year, at=platform.clock.now())
            session.flush()
            moved = tuple(_moved(session, RuleBook.load(session)))
            raise _UndoneError
    except _UndoneError:
        return moved


def enter_year(platform: Platform, unit: str, year: CalendarYear) -> int:
    """Enters the year, then counts every open clock anew; returns how many moved.

    Each clock in a transaction of its own, with a line in the case's record.
    """
    with platform.database.transaction(SYSTEM) as session:
        save_year(session, unit, year, at=platform.clock.now())
    return count_anew(platform)


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
            select(ClockRow, CaseRecord.number)
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
        for row, case_number in rows:
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
            "due_on": changed["due_on"].isoformat() if changed["due_on"] else "—",
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
