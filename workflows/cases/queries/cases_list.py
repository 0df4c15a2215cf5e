"""The list of cases: newest first, one statement at any size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, union

from workflows.cases.access import Level, level_of
from workflows.cases.facts import names_in
from workflows.cases.item_rows import stage_of
from workflows.cases.platform import Platform
from workflows.cases.queries import scopes
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.records import CaseRow, ClockView, Titles
from workflows.cases.queries.views import Reading, clock_view
from workflows.cases.rows_json import read_rows, rows_as_json
from workflows.cases.search import matching_cases
from workflows.cases.snapshot import (
    CLOCK_COLUMNS,
    PART_COLUMNS,
    RUN_COLUMNS,
    read_numbered,
    read_parts,
)
from workflows.cases.tables import FAR, CaseRecord, Participation
from workflows.deadlines.compute import end_of_day, start_of_day
from workflows.errors import InvalidInputError
from workflows.organisation.tables import Unit
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

MOST_ROWS = 200
STATUSES = ("open", "closed", "voided", "merged")
ORDER = "newest"
CLOCK = {column.name: column for column in CLOCK_COLUMNS}
RUN = {column.name: column for column in RUN_COLUMNS}


@dataclass(frozen=True, slots=True)
class CasesQuery:
    """What to list. `q`: number, party or words; `status`: open | closed | voided | merged;
    `unit`: code of the case's unit; `opened_from`, `opened_to`: local days, both included."""

    q: str = ""
    status: str | None = None
    kind: str | None = None
    process: str | None = None
    unit: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class CasesPage:
    """A page of the list. `next`: keyset cursor or None."""

    rows: tuple[CaseRow, ...]
    next: str | None
    now: datetime


def list_cases(platform: Platform, actor: Actor, query: CasesQuery) -> CasesPage:
    """One page of the cases the actor may know of. Raises InvalidInputError for an unknown
    status, a malformed cursor, a page size outside 1…200."""
    _check(query)
    now = platform.clock.now()
    with platform.database.reading(actor) as session:
        reading = Reading(actor, now, platform.rules(session))
        statement = _page(session, actor, query)
        found = [] if statement is None else session.execute(statement).all()
        shown = found[: query.page_size]
        rows = tuple(_row(session, platform, row, reading) for row in shown)
    more = len(found) > query.page_size
    last = write_cursor(ORDER, [shown[-1].CaseRecord.id]) if more else None
    return CasesPage(rows=rows, next=last, now=now)


def _check(query: CasesQuery) -> None:
    if query.status is not None and query.status not in STATUSES:
        raise InvalidInputError("cases.unknown_status", known=", ".join(STATUSES))
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)


def _page(session: Session, actor: Actor, query: CasesQuery) -> Select[Any] | None:
    """The page's cases and one more, each with its runs, clocks and participations."""
    filters = _filters(query)
    if query.q.strip():
        units = scopes.units_of(actor)
        matches = matching_cases(session.dialect, query.q, units)
        if matches is None:
            return None
        found = matches.subquery("found")
        filters.append(Participation.case_id.in_(select(found.c.case_id)))
    limit = query.page_size + 1
    branches = [
        select(Participation.case_id)
        .join(CaseRecord, CaseRecord.id == Participation.case_id)
        .where(branch, Participation.to_at == FAR, *filters)
        .distinct()
        .order_by(Participation.case_id.desc())
        .limit(limit)
        .subquery()
        for branch in scopes.participations(actor)
    ]
    ids = union(*(select(branch.c.case_id) for branch in branches)).subquery()
    return (
        select(
            CaseRecord,
            Unit.short_name.label("unit_name"),
            rows_as_json(RUN_COLUMNS, RUN["case_id"] == CaseRecord.id).label("runs"),
            rows_as_json(
                CLOCK_COLUMNS, and_(CLOCK["case_id"] == CaseRecord.id, CLOCK["is_open"] == 1)
            ).label("clocks"),
            rows_as_json(PART_COLUMNS, _parts_of_case()).label("parts"),
        )
        .join(ids, ids.c.case_id == CaseRecord.id)
        .join(Unit, Unit.code == CaseRecord.unit_code)
        .order_by(CaseRecord.id.desc())
        .limit(limit)
    )


def _parts_of_case() -> ColumnElement[bool]:
    part = PART_COLUMNS[0].table.c
    return and_(part.case_id == CaseRecord.id, part.to_at == FAR)


def _filters(query: CasesQuery) -> list[ColumnElement[bool]]:
    exact = {
        CaseRecord.status: query.status,
        CaseRecord.kind: query.kind,
        CaseRecord.process: query.process,
        CaseRecord.unit_code: query.unit,
    }
    filters = [column == value for column, value in exact.items() if value]
    if query.opened_from is not None:
        filters.append(CaseRecord.opened_at >= start_of_day(query.opened_from))
    if query.opened_to is not None:
        filters.append(CaseRecord.opened_at < end_of_day(query.opened_to))
    if query.cursor:
        (last,) = read_cursor(query.cursor, ORDER, (int,))
        filters.append(Participation.case_id < last)
    return filters


def _row(session: Session, platform: Platform, row: Any, reading: Reading) -> CaseRow:
    case: CaseRecord = row.CaseRecord
    level = level_of(reading.actor, read_parts(row.parts))
    return CaseRow(
        id=encode_id(case.id),
        number=case.number,
        title=case.title,
        kind=case.kind,
        kind_title=case.kind_title,
        status=case.status,
        stage=_stage(session, platform, read_rows(RUN_COLUMNS, row.runs)),
        parties=names_in(case.parties_text) if level is Level.FULL else (),
        unit=case.unit_code,
        unit_name=row.unit_name,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        clock=_next_clock(read_numbered(CLOCK_COLUMNS, row.clocks), reading),
    )


def _stage(session: Session, platform: Platform, runs: Sequence[Mapping[str, Any]]) -> Titles:
    """The stage of the newest open run."""
    for run in sorted(runs, key=lambda run: int(run["id"]), reverse=True):
        if run["status"] == "open":
            package = platform.catalogue.load(session, run["version_id"])
            return stage_of(package.manifest, run["stage"])[1]
    return {"zh": "", "en": ""}


def _next_clock(clocks: Sequence[Mapping[str, Any]], reading: Reading) -> ClockView | None:
    """The open clock that is due first."""
    if not clocks:
        return None
    return clock_view(min(clocks, key=lambda clock: clock["due_at"]), reading)
