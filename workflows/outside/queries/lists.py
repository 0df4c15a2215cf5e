"""Files that came in and their rows, as pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_

from workflows.cases.platform import Platform
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.tables import CaseRecord
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.organisation.tables import Unit
from workflows.outside.apply import Opened, open_rows
from workflows.outside.findings import Finding
from workflows.outside.store import load_file, open_name, row_id
from workflows.outside.tables import ABILITY, OutsideExport, OutsideFile, OutsideRow
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

MOST_ROWS = 200
NEWEST_FILES = 20
NEWEST_EXPORTS = 10
MOST_COUNTED = 100
STATES = ("preview", "open", "done", "dismissed")
ORDER = "lines"


@dataclass(frozen=True, slots=True)
class FileView:
    """One file. `name`: "" once it is discarded; `left`: rows not applied yet."""

    id: str
    name: str
    system: str
    unit: str
    unit_name: str
    state: str
    rows: int
    left: int
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. `title`: its number and the names it gives; `case`: outside id of the case it was
    written to; `cells` only on the row's own page. `candidates`: outside ids."""

    id: str
    file: str
    line: int
    system: str
    state: str
    finding: str
    number: str
    names: tuple[str, ...]
    reason: Message
    note: str
    case: str | None
    changed_at: datetime
    changed_by: str
    cells: Mapping[str, str]
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """Which rows. `file`: outside id or None for all; `state`, `finding`, `system`: "" for any."""

    file: str | None = None
    state: str = ""
    finding: str = ""
    system: str = ""
    cursor: str | None = None
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows in the order of files and lines. `next`: keyset cursor or None."""

    rows: tuple[RowView, ...]
    next: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class FilePage:
    """One file with a page of its rows and how many there are of each finding."""

    file: FileView
    counts: Mapping[str, int]
    rows: RowsPage


@dataclass(frozen=True, slots=True)
class ExportView:
    """One list that went out. `is_whole`: with whole ID numbers."""

    system: str
    unit_name: str
    cases: int
    is_whole: bool
    reason: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody begins: files, how many rows wait (counting stops at 100), own units, and what
    went out lately."""

    files: tuple[FileView, ...]
    waiting: int
    units: tuple[tuple[str, str], ...]
    exports: tuple[ExportView, ...]


def load_desk(platform: Platform, actor: Actor) -> Desk:
    """The newest lists of the actor's units. Four statements."""
    with platform.database.reading(actor) as session:
        files = session.execute(_files().order_by(OutsideFile.id.desc()).limit(NEWEST_FILES)).all()
        some = select(OutsideRow.line).where(OutsideRow.state == "open").limit(MOST_COUNTED)
        waiting = session.scalar(select(func.count()).select_from(some.subquery())) or 0
        units = list_units(session, actor)
        views = tuple(_file(platform, row) for row in files)
        exports = tuple(_exports(session))
    return Desk(views, waiting, units, exports)


def _exports(session: Session) -> Iterator[ExportView]:
    found = session.execute(
        select(OutsideExport, Unit.short_name)
        .join(Unit, Unit.code == OutsideExport.unit_code)
        .order_by(OutsideExport.id.desc())
        .limit(NEWEST_EXPORTS)
    )
    for row, unit_name in found:
        yield ExportView(
            system=row.system,
            unit_name=unit_name,
            cases=row.cases,
            is_whole=bool(row.whole_numbers),
            reason=row.reason,
            created_at=row.created_at,
            created_by=row.created_by_name,
        )


def list_units(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """(code, short name) of the units for which the actor handles lists, in order of posts."""
    codes = list(dict.fromkeys(p.unit for p in actor.posts if ABILITY in p.abilities))
    names = dict(
        session.execute(select(Unit.code, Unit.short_name).where(Unit.code.in_(codes))).all()
    )
    return tuple((code, names[code]) for code in codes if code in names)


def load_file_page(platform: Platform, actor: Actor, query: RowsQuery) -> FilePage:
    """One file. Raises NotVisibleError, InvalidInputError."""
    assert query.file is not None
    with platform.database.reading(actor) as session:
        kept = load_file(session, query.file)
        found = session.execute(_files().where(OutsideFile.id == kept.id)).one()
        counts = dict(
            session.execute(
                select(OutsideRow.finding, func.count())
                .where(OutsideRow.file_id == kept.id)
                .group_by(OutsideRow.finding)
            ).all()
        )
        rows = _page(session, platform, query, kept.id)
        return FilePage(_file(platform, found), counts, rows)


def list_rows(platform: Platform, actor: Actor, query: RowsQuery) -> RowsPage:
    """Rows of all files. Raises InvalidInputError: unknown state or finding, malformed cursor, a
    page size outside 1…200."""
    with platform.database.reading(actor) as session:
        file_id = None if query.file is None else load_file(session, query.file).id
        return _page(session, platform, query, file_id)


def _page(session: Session, platform: Platform, query: RowsQuery, file_id: int | None) -> RowsPage:
    _check(query)
    statement = select(OutsideRow)
    exact = {
        OutsideRow.file_id: file_id,
        OutsideRow.state: query.state,
        OutsideRow.finding: query.finding,
        OutsideRow.system: query.system,
    }
    statement = statement.where(*(column == one for column, one in exact.items() if one))
    if query.cursor:
        behind = tuple_(*read_cursor(query.cursor, ORDER, (int, int)))
        statement = statement.where(tuple_(OutsideRow.file_id, OutsideRow.line) > behind)
    found = session.scalars(
        statement.order_by(OutsideRow.file_id, OutsideRow.line).limit(query.page_size + 1)
    ).all()
    shown = found[: query.page_size]
    following = None
    if len(found) > query.page_size:
        following = write_cursor(ORDER, [shown[-1].file_id, shown[-1].line])
    return RowsPage(row_views(session, platform, shown), following, platform.clock.now())


def row_views(
    session: Session, platform: Platform, rows: Sequence[OutsideRow], *, whole: bool = False
) -> tuple[RowView, ...]:
    """The rows as pages show them; with their cells where `whole`. Colleagues share the list: what
    the one who matched said of a case another does not know of is not said to that other one."""
    opened = open_rows(session, platform, rows)
    meant = {one for each in opened for one in _cases_of(each)}
    known = set(session.scalars(select(CaseRecord.id).where(CaseRecord.id.in_(meant))))
    return tuple(_row(one, whole, set(_cases_of(one)) <= known) for one in opened)


def _cases_of(one: Opened) -> tuple[int, ...]:
    """Cases a row speaks of."""
    found = one.body.candidates
    return found if one.row.case_id is None else (*found, one.row.case_id)


def _row(one: Opened, whole: bool, is_known: bool) -> RowView:
    row, body = one.row, one.body
    return RowView(
        id=row_id(row),
        file=encode_id(row.file_id),
        line=row.line,
        system=row.system,
        state=row.state,
        finding=row.finding,
        number=body.facts.number,
        names=body.facts.names,
        reason=body.reason if is_known else Message("outside.of_hidden_case"),
        note=body.note,
        case=_case_of(row) if is_known else None,
        changed_at=row.changed_at,
        changed_by=row.changed_by_name,
        cells=body.cells if whole else {},
        candidates=body.candidates,
    )


def _case_of(row: OutsideRow) -> str | None:
    """The case that has the number now."""
    return encode_id(row.case_id) if row.case_id is not None and row.state == "done" else None


def _check(query: RowsQuery) -> None:
    if query.state not in ("", *STATES) or query.finding not in ("", *Finding):
        raise InvalidInputError("outside.unknown_state", known=", ".join((*STATES, *Finding)))
    if not 1 <= query.page_size <= MOST_ROWS:
        raise InvalidInputError("cases.page_size", most=MOST_ROWS)


def _files() -> Any:
    left = (
        select(func.count())
        .select_from(OutsideRow)
        .where(OutsideRow.file_id == OutsideFile.id, OutsideRow.state == "preview")
        .correlate(OutsideFile)
        .scalar_subquery()
    )
    return select(OutsideFile, Unit.short_name, left.label("left")).join(
        Unit, Unit.code == OutsideFile.unit_code
    )


def _file(platform: Platform, found: Any) -> FileView:
    file: OutsideFile = found.OutsideFile
    return FileView(
        id=encode_id(file.id),
        name=open_name(platform, file),
        system=file.system,
        unit=file.unit_code,
        unit_name=found.short_name,
        state=file.state,
        rows=file.row_count,
        left=found.left,
        created_at=file.created_at,
        created_by=file.created_by_name,
    )
