"""The board of clocks: every running time limit of the cases a reader may know of, by age.

Two statements, one for the page and one for the counts. Who reaches no further than some offices
starts from their participations; who reads a county or more walks the clocks in the order of their
due dates and looks at each: most are theirs, and a page is met soon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_, union

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.filters import current_packages, list_kinds
from workflows.cases.queries.records import ClockView, Titles
from workflows.cases.queries.scopes import Condition, tops
from workflows.cases.queries.views import Reading, clock_view
from workflows.cases.rows_json import rows_as_json
from workflows.cases.snapshot import CLOCK_COLUMNS, PART_COLUMNS, read_parts
from workflows.cases.tables import (
    FAR,
    NOBODY,
    NORMAL,
    CaseRecord,
    ClockRow,
    Participation,
    Run,
)
from workflows.deadlines import Calendar
from workflows.deadlines.calendar import UnknownYearError
from workflows.deadlines.compute import end_of_day, local_day
from workflows.errors import InvalidInputError
from workflows.organisation.tables import Unit
from workflows.storage import Actor
from workflows.storage.ids import encode_id

AGES = ("over", "today", "near", "week", "later", "paused", "unsure")
"""over · ends today · within three working days · within seven days · later · paused; `unsure`:
without a sure date, so that a provisional one stands in another age as well."""
MOST_COUNTED = 100
"""Counts stop here and are shown as 99+."""
MOST_ROWS = 200
ORDER = "due_at"
NEAR_WORKING_DAYS = 3
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
LONGEST_REST_DAYS = 30
"""No run of holidays is longer; a calendar that says otherwise is not waited for."""
WIDE = 2
"""A post over a path of at most so many units reads a county or more."""

CLOCK = ClockRow.__table__.c
IS_OPEN: Condition = CLOCK.is_open == literal_column("1")
"""Written out: a partial index is only used where its condition stands in the statement."""
PLACE = (CLOCK.due_at, CLOCK.run_id, CLOCK.number)


@dataclass(frozen=True, slots=True)
class ClockBoardQuery:
    """What to list. `age`: one of AGES, None for all. `rule`: key, `process`: package key, `unit`:
    code of the unit whose clock it is, `kind`: dispute kind; exact."""

    age: str | None = None
    rule: str | None = None
    process: str | None = None
    unit: str | None = None
    kind: str | None = None
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One running clock. `case`: outside id, None where the reader may not open it; then `title`
    is "", too. `age`: where it stands now, never `unsure` for a clock that has a date.
    `paused_for`, `paused_on`: reason and first day of the pause it is in."""

    clock: ClockView
    age: str
    case: str | None
    number: str
    title: str
    kind_title: Titles
    process: str
    process_title: Titles
    unit: str
    unit_name: str
    extended_days: int
    paused_for: str | None
    paused_on: date | None


@dataclass(frozen=True, slots=True)
class ClockBoard:
    """A page of the board. `counts`: age → clocks that meet the filters, 100 for more. `next`:
    keyset cursor or None. `rules`, `processes`, `kinds`: what can be asked for, key and title."""

    rows: tuple[BoardRow, ...]
    counts: Mapping[str, int]
    next: str | None
    now: datetime
    rules: tuple[tuple[str, Titles], ...]
    processes: tuple[tuple[str, Titles], ...]
    kinds: tuple[tuple[str, Titles], ...]


@dataclass(frozen=True, slots=True)
class Ages:
    """The moments between the ages: now, the ends of today, of the third working day, of the
    seventh day."""

    now: datetime
    today: datetime
    near: datetime
    week: datetime

    def condition(self, age: str) -> Condition:
        """Clocks of that age."""
        status: ColumnElement[str] = CLOCK.status
        if age == "paused":
            return status == "paused"
        if age == "unsure":
            return status.in_(("provisional", "uncomputable"))
        runs = status.in_(("final", "provisional"))
        after, until = self._bounds()[age]
        bounds = [CLOCK.due_at > after] if after else []
        return and_(runs, *bounds, CLOCK.due_at <= until)

    def of(self, row: Mapping[str, Any]) -> str:
        """The age of one row."""
        if row["status"] == "paused":
            return "paused"
        if row["due_on"] is None:
            return "unsure"
        return next(age for age, (_, until) in self._bounds().items() if row["due_at"] <= until)

    def _bounds(self) -> Mapping[str, tuple[datetime | None, datetime]]:
        """age → (after, until)."""
        return {
            "over": (None, self.now),
            "today": (self.now, self.today),
            "near": (self.today, self.near),
            "week": (self.near, self.week),
            "later": (self.week, FAR),
        }


def list_clocks(platform: Platform, actor: Actor, query: ClockBoardQuery) -> ClockBoard:
    """One page, soonest due first, and how many there are of each age. Raises InvalidInputError
    for an unknown age, a malformed cursor, a page size outside 1…200."""
    _check(query)
    now = platform.clock.now()
    with platform.database.reading(actor) as session:
        reading = Reading(actor, now, platform.rules(session))
        ages = find_ages(now, reading.book.calendar(actor.posts[0].unit if actor.posts else None))
        found = session.raw(_page(actor, query, ages)).all()
        counts = session.raw(_counts(actor, query, ages)).one()
        packages = current_packages(platform, session, actor)
        kinds = list_kinds(platform, session, actor)
    titles = {package.manifest.key: package.manifest.title for package in packages}
    shown = found[: query.page_size]
    more = len(found) > query.page_size
    return ClockBoard(
        rows=tuple(_row(row, reading, ages, titles) for row in shown),
        counts=dict(counts._mapping),
        next=write_cursor(ORDER, [shown[-1]._mapping[c.name] for c in PLACE]) if more else None,
        now=now,
        rules=tuple((key, reading.book.rule(key).title) for key in reading.book.keys),
        processes=tuple(titles.items()),
        kinds=kinds,
    )


def find_ages(now: datetime, calendar: Calendar) -> Ages:
    """The ages of a moment. Where the calendar ends, days are counted as they come."""
    today = local_day(now)
    near, left = today, NEAR_WORKING_DAYS
    while left and (near - today).days < LONGEST_REST_DAYS:
        near += DAY
        try:
            left -= not calendar.is_rest(near)
        except UnknownYearError:
            left -= 1
    return Ages(
        now=now,
        today=end_of_day(today),
        near=end_of_day(near),
        week=max(end_of_day(today + WEEK), end_of_day(near)),
    )


def _check(query: ClockBoardQuery) -> None:
    if query.age is not None and query.age not in AGES:
        raise InvalidInputError("cases.unknown_age", known=", ".join(AGES))
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)


def _page(actor: Actor, query: ClockBoardQuery, ages: Ages) -> Select[Any]:
    """The page's clocks and one more, each with its case and what the reader may see of it."""
    limit = query.page_size + 1
    keys = _wanted(actor, query, PLACE)
    if query.age:
        keys = keys.where(ages.condition(query.age))
    if query.cursor:
        behind = read_cursor(query.cursor, ORDER, (datetime, int, int))
        keys = keys.where(tuple_(*PLACE) > tuple_(*behind))
    first = keys.order_by(*PLACE).limit(limit).subquery()
    clock, matter, part = ClockRow.__table__, CaseRecord.__table__, PART_COLUMNS[0].table.c
    parts = rows_as_json(PART_COLUMNS, and_(part.case_id == matter.c.id, part.to_at == FAR))
    return (
        select(
            *CLOCK_COLUMNS,
            matter.c.number.label("case_number"),
            matter.c.title.label("case_title"),
            matter.c.kind_title,
            Run.process,
            Unit.short_name.label("unit_name"),
            parts.label("parts"),
        )
        .select_from(first)
        .join(clock, and_(CLOCK.run_id == first.c.run_id, CLOCK.number == first.c.number))
        .join(matter, matter.c.id == CLOCK.case_id)
        .join(Run, Run.id == CLOCK.run_id)
        .join(Unit, Unit.code == CLOCK.unit_code)
        .order_by(*(first.c[column.name] for column in PLACE))
    )


def _counts(actor: Actor, query: ClockBoardQuery, ages: Ages) -> Select[Any]:
    """One row: how many of each age, each cut at MOST_COUNTED."""
    wanted = _wanted(actor, query, (literal_column("1").label("one"),))
    counts = (
        select(func.count())
        .select_from(wanted.where(ages.condition(age)).limit(MOST_COUNTED).subquery())
        .scalar_subquery()
        .label(age)
        for age in AGES
    )
    return select(*counts)


def _wanted(
    actor: Actor, query: ClockBoardQuery, columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """Open clocks the reader may know of and asks for."""
    statement = select(*columns).select_from(ClockRow.__table__).where(IS_OPEN)
    if not actor.is_system:
        statement = statement.where(_seen(actor))
    if query.rule:
        statement = statement.where(CLOCK.rule == query.rule)
    if query.unit:
        statement = statement.where(CLOCK.unit_code == query.unit)
    if query.process:
        statement = statement.join(Run, Run.id == CLOCK.run_id).where(Run.process == query.process)
    if query.kind:
        matter = CaseRecord.__table__.c
        of_kind = and_(matter.id == CLOCK.case_id, matter.kind == query.kind)
        statement = statement.where(select(1).where(of_kind).exists())
    return statement


def _seen(actor: Actor) -> Condition:
    """Clocks of cases some participation shows the reader: their own of any class, their offices'
    of the normal class. As in the list of cases, posts without sight show nothing."""
    part = Participation.__table__.alias("seen").c
    sighted = [post for post in actor.posts if post.abilities & {"see_index", "see_full"}]
    units = sorted({post.unit for post in sighted if post.reach == "unit"})
    trees = tops(sighted)
    everybody = and_(part.account_id == NOBODY, part.access_class == NORMAL)
    reached = [part.unit_code == unit for unit in units]
    if any(tree.strip("/").count("/") < WIDE for tree in trees):
        reached += [part.unit_path.startswith(tree, autoescape=True) for tree in trees]
        covered = or_(part.account_id == actor.account_id, and_(everybody, or_(*reached)))
        mine = select(1).where(part.case_id == CLOCK.case_id, part.to_at == FAR, covered)
        # Asked for each clock: a bare EXISTS PostgreSQL may answer from a hash of everything.
        return select(mine.correlate(ClockRow.__table__).exists()).scalar_subquery()
    below = [Unit.path.startswith(tree, autoescape=True) for tree in trees]
    reached += [part.unit_code.in_(select(Unit.code).where(condition)) for condition in below]
    branches = [part.account_id == actor.account_id, *(and_(everybody, one) for one in reached)]
    # One branch an index: joined by OR, all participations there ever were would be read.
    case_id: ColumnElement[int] = CLOCK.case_id
    return case_id.in_(
        union(*(select(part.case_id).where(branch, part.to_at == FAR) for branch in branches))
    )


def _row(row: Any, reading: Reading, ages: Ages, titles: Mapping[str, Titles]) -> BoardRow:
    found = row._mapping
    may_open = level_of(reading.actor, read_parts(found["parts"])) > Level.NONE
    view = clock_view(found, reading)
    pause = found["excluded"][-1] if found["status"] == "paused" else None
    return BoardRow(
        clock=view,
        age=ages.of(found),
        case=encode_id(found["case_id"]) if may_open else None,
        number=found["case_number"],
        title=found["case_title"] if may_open else "",
        kind_title=found["kind_title"],
        process=found["process"],
        process_title=titles.get(found["process"], {"zh": found["process"], "en": ""}),
        unit=found["unit_code"],
        unit_name=found["unit_name"],
        extended_days=found["extended_days"],
        paused_for=pause[2] if pause else None,
        paused_on=date.fromisoformat(pause[0]) if pause else None,
    )
