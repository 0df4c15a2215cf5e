"""Outside lists for programs: what calls send, what they are answered, how records become it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from flask import Response, current_app, send_file
from pydantic import Field
from typing_extensions import TypedDict

from webapp.api.fields import Asked, Cursor, Day, Id, Name, PageSize, Sent, Text
from webapp.api.reading import read_file
from webapp.house import outside_systems
from webapp.pages.formats import spoken, titled
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.queries.cases_list import CasesQuery
from workflows.outside.apply import Applied
from workflows.outside.copying import CopyPage
from workflows.outside.export import ExportQuery, export_cases
from workflows.outside.queries.lists import RowsPage, RowsQuery, RowView
from workflows.outside.row_acts import GiveRow
from workflows.outside.sheet import MOST_BYTES
from workflows.outside.systems import System, Systems
from workflows.outside.take_file import TakeFile, Taken
from workflows.outside.writers import FORMATS

IN_MEMORY_BYTES = 2**20
RowState: TypeAlias = Literal["preview", "open", "done", "dismissed"]
RowFinding: TypeAlias = Literal[
    "new",
    "same",
    "conflict",
    "ambiguous",
    "unknown",
    "forbidden",
    "bad",
    "listed",
    "written",
    "by_hand",
    "dismissed",
]


class TakeOutsideFile(Asked):
    """For which system and unit a file is."""

    outside_system: Name | None = None
    unit: Name | None = None

    def command(self) -> TakeFile:
        """The use case's command, with the file of the request."""
        sent = read_file()
        content = sent.stream.read(MOST_BYTES + 1)
        return TakeFile(sent.filename or "", content, self.unit, self.outside_system or "")


class FindOutsideRows(Asked):
    """Which rows."""

    outside_file: Id | None = None
    row_state: RowState | None = None
    row_finding: RowFinding | None = None
    outside_system: Name | None = None
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> RowsQuery:
        """The question to the outside room."""
        return RowsQuery(
            file=self.outside_file,
            state=self.row_state or "",
            finding=self.row_finding or "",
            system=self.outside_system or "",
            cursor=self.cursor,
            page_size=self.page_size,
        )


class OutsideGive(Sent):
    """The case a row belongs to: its id or its 受理号; `number` where the row's is wrong."""

    case: Id | None = None
    our_number: Name | None = None
    number: Name | None = None

    def command(self, row: str) -> GiveRow:
        """The use case's command."""
        return GiveRow(row, self.case or "", self.our_number or "", self.number or "")


class OutsideDismissal(Sent):
    """Why a row needs nothing."""

    reason: Text


class ExportOutside(Asked):
    """What goes out."""

    list_format: Literal["csv", "csv-gb18030", "xlsx"] = "csv"
    status: Literal["open", "closed", "voided", "merged"] | None = None
    opened_from: Day | None = None
    opened_to: Day | None = None
    unit: Name | None = None
    restricted: Literal["yes", "no"] = "no"
    whole_numbers: Literal["yes", "no"] = "no"
    export_reason: str = Field("", max_length=500)

    def query(self) -> ExportQuery:
        """The question to the outside room."""
        return ExportQuery(
            cases=CasesQuery(
                status=self.status, opened_from=self.opened_from, opened_to=self.opened_to
            ),
            format=self.list_format,
            unit=self.unit,
            restricted=self.restricted == "yes",
            whole_numbers=self.whole_numbers == "yes",
            reason=self.export_reason,
        )


class OutsideSystem(TypedDict):
    key: str
    title: str
    name: str
    example: str
    columns: list[str]


class OutsideSystemList(TypedDict):
    items: list[OutsideSystem]
    next: None


class OutsideFile(TypedDict):
    file: str
    outside_system: str
    rows: int
    is_known: bool


class OutsideApplied(TypedDict):
    counts: dict[str, int]
    left: int


class OutsideRow(TypedDict):
    id: str
    outside_file: str
    line: int
    outside_system: str
    row_state: RowState
    row_finding: RowFinding
    outside_number: str
    names: list[str]
    why_found: str
    case: str | None


class OutsideRowList(TypedDict):
    items: list[OutsideRow]
    next: str | None
    now: datetime


class OutsideFound(TypedDict):
    row_finding: RowFinding


class OutsideGiven(TypedDict):
    case: str


class OutsideCell(TypedDict):
    column: str
    value: str
    is_masked: bool


class OutsideCopy(TypedDict):
    case: str
    cells: list[OutsideCell]
    outside_numbers: list[str]


def systems() -> Systems:
    """The systems of this installation."""
    return outside_systems(current_app.extensions["fengqiao.settings"])


def listed_systems(found: Mapping[str, System]) -> OutsideSystemList:
    """Every system with its columns."""
    items: list[OutsideSystem] = [
        {
            "key": one.key,
            "title": titled(one.title),
            "name": one.name,
            "example": one.example,
            "columns": [column.header for column in one.columns],
        }
        for one in found.values()
    ]
    return {"items": items, "next": None}


def taken(done: Taken) -> OutsideFile:
    """A file that was taken in."""
    return {
        "file": done.file,
        "outside_system": done.system,
        "rows": done.rows,
        "is_known": done.is_known,
    }


def applied(done: Applied) -> OutsideApplied:
    """What became of rows."""
    return {"counts": dict(done.counts), "left": done.left}


def listed_rows(page: RowsPage) -> OutsideRowList:
    """One page of rows."""
    return {"items": [_row(row) for row in page.rows], "next": page.next, "now": page.now}


def _row(row: RowView) -> OutsideRow:
    return {
        "id": row.id,
        "outside_file": row.file,
        "line": row.line,
        "outside_system": row.system,
        "row_state": row.state,  # type: ignore[typeddict-item]
        "row_finding": row.finding,  # type: ignore[typeddict-item]
        "outside_number": row.number,
        "names": list(row.names),
        "why_found": spoken(row.reason),
        "case": row.case,
    }


def copied(page: CopyPage) -> OutsideCopy:
    """One case in the order of a system's form."""
    return {
        "case": page.case,
        "cells": [
            {"column": one.header, "value": one.text, "is_masked": one.is_masked}
            for one in page.cells
        ],
        "outside_numbers": list(page.numbers),
    }


def exported(key: str, query: ExportQuery) -> Response:
    """The list as a file, whole before it is sent."""
    system = systems().load(key)
    target = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - sent, then closed
    try:
        export_cases(platform(), current_actor(), system, query, target)  # type: ignore[arg-type]
    except BaseException:
        target.close()
        raise
    target.seek(0)
    ending = FORMATS[query.format][1]
    return send_file(
        target,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{system.key}.{ending}",
    )
