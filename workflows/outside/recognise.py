"""Which system a file comes from, by its headings; and its rows in terms of what is matched on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.outside.sheet import SheetRow, Table
from workflows.outside.systems import Column, System, plain_heading, tidy_number

PROBED_ROWS = 10
"""A heading stands at the top, under a title and a remark at most."""
MOST_NAMES = 20
_DAY = re.compile(r"([12][0-9]{3})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:[ T].*)?")
_BETWEEN = re.compile(r"[、，,;；\n/]+")
_AND_OTHERS = re.compile(r"等[0-9一二三四五六七八九十两多几]*[人户名]?$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table of a system. `headings`: as they stand in the file, by place; `columns`: place →
    column of the system; `rows`: below the heading."""

    system: System
    headings: tuple[str, ...]
    columns: Mapping[int, Column]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What one row says. `number`: tidy, "" without one; `problem`: why it cannot be matched."""

    line: int
    number: str
    our_number: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    on: date | None
    problem: Message | None = None


def recognise(
    systems: Mapping[str, System], tables: Sequence[Table], wanted: str = ""
) -> Recognised:
    """The table whose heading names the most columns of a system. `wanted`: its key, "" to find
    out. InvalidInputError: no heading, or two systems that fit equally well."""
    allowed = [one for one in systems.values() if wanted in ("", one.key)]
    found = [
        Recognised(system, row.cells, columns, tuple(r for r in table.rows if r.line > row.line))
        for table in tables
        for row in table.rows[:PROBED_ROWS]
        for system in allowed
        if _is_heading(columns := _columns(system, row))
    ]
    if not found:
        known = "、".join(one.columns[0].header for one in allowed)
        raise InvalidInputError("outside.unknown_columns", known=known)
    most = max(len(one.columns) for one in found)
    top = {one.system.key: one for one in reversed(found) if len(one.columns) == most}
    if len(top) > 1:
        raise InvalidInputError("outside.several_systems")
    best = next(iter(top.values()))
    if not best.rows:
        raise InvalidInputError("outside.no_rows")
    return best


def _columns(system: System, row: SheetRow) -> dict[int, Column]:
    names = {heading: one for one in system.columns for heading in one.headings}
    placed: dict[int, Column] = {}
    for place, cell in enumerate(row.cells):
        column = names.get(plain_heading(cell))
        if column is not None and column not in placed.values():
            placed[place] = column
    return placed


def _is_heading(columns: Mapping[int, Column]) -> bool:
    kinds = {one.match for one in columns.values()}
    return "number" in kinds and bool({"our_number", "party", "id_number"} & kinds)


def cells_of(found: Recognised, row: SheetRow) -> dict[str, str]:
    """The row by the headings of its file; empty cells are left out. Cells beyond the heading
    stand under their number, so that none is lost."""
    headings = found.headings
    return {
        (headings[place] if place < len(headings) and headings[place] else f"#{place + 1}"): text
        for place, text in enumerate(row.cells)
        if text
    }


def read_rows(found: Recognised) -> Iterator[RowFacts]:
    """Each row's facts; the second row with a number of an earlier one has a problem."""
    seen: dict[str, int] = {}
    for row in found.rows:
        facts = _facts(found, row)
        first = seen.setdefault(facts.number, row.line) if facts.number else row.line
        if first != row.line and facts.problem is None:
            problem = Message("outside.twice_in_file", {"line": first})
            yield RowFacts(row.line, facts.number, "", (), (), None, problem)
        else:
            yield facts


def _facts(found: Recognised, row: SheetRow) -> RowFacts:
    values: dict[str, list[str]] = {}
    for place, column in found.columns.items():
        if place < len(row.cells) and row.cells[place] and column.match:
            values.setdefault(column.match, []).append(row.cells[place])
    number = tidy_number("".join(values.get("number", ())))
    return RowFacts(
        line=row.line,
        number=number[:120],
        our_number="".join("".join(values.get("our_number", ())).split())[:120],
        names=_split(values.get("party", ())),
        ids=tuple(one.upper() for one in _split(values.get("id_number", ()))),
        on=read_day("".join(values.get("date", ()))),
        problem=_problem(found, row, number),
    )


def _problem(found: Recognised, row: SheetRow, number: str) -> Message | None:
    matched = {place: one.header for place, one in found.columns.items() if one.match}
    for place, header in matched.items():
        if place in row.formulas:
            return Message("outside.formula_cell", {"column": header})
        if place in row.damaged:
            return Message("outside.damaged_cell", {"column": header})
    if len(row.cells) > len(found.headings):
        return Message("outside.more_cells")
    if not number:
        return Message("outside.no_number")
    if len(number) > 120 or not found.system.accepts(number):
        return Message("outside.odd_number", {"example": found.system.example})
    return None


def _split(cells: Sequence[str]) -> tuple[str, ...]:
    """Names or numbers out of cells that may hold several."""
    parts = (_AND_OTHERS.sub("", one.strip()).strip() for c in cells for one in _BETWEEN.split(c))
    return tuple(dict.fromkeys(one[:120] for one in parts if one))[:MOST_NAMES]


def read_day(text: str) -> date | None:
    """The day of 2026-03-09, 2026/3/9, 2026年3月9日, 20260309, with or without a time; None for
    anything else."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
