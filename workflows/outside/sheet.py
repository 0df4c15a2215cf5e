"""A list as it was handed in: tables of text, whatever the file was. Nothing is evaluated.

Offices get CSV in UTF-8 (with or without BOM), GB 18030 or UTF-16, and workbooks. `read_tables`
gives the same text for all of them, or refuses the whole file with the reason and the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workflows.errors import InvalidInputError

MOST_BYTES = 10 * 2**20
"""Of a file: ten thousand rows of text have one or two megabytes."""
MOST_ROWS = 5000
MOST_CELLS = 100
"""Columns of a table."""
LONGEST_CELL = 4000
"""Characters of a cell; longer ones are refused, not cut."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FORMULA_STARTS = "=+-@\t\r＝＋－＠"
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""
QUOTED = re.compile(r'="([^"]*)"')
"""How some platforms keep leading zeros in CSV: a formula that is only a text."""
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{2}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that holds something. `line`: as the office counts; `formulas`, `damaged`: places of
    cells that hold a formula, and of long numbers the spreadsheet has rounded."""

    line: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = field(default_factory=frozenset)
    damaged: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; `name` is "" for a CSV file."""

    name: str
    rows: tuple[SheetRow, ...]


def read_tables(content: bytes) -> tuple[Table, ...]:
    """Every sheet with something on it. InvalidInputError: empty, too large, an old workbook, an
    unknown encoding, broken, too many rows or columns, a cell too long."""
    from workflows.outside.csv_file import read_csv
    from workflows.outside.workbook import read_workbook

    if len(content) > MOST_BYTES:
        raise InvalidInputError("outside.too_large", limit_mb=MOST_BYTES // 2**20)
    if content.startswith(OLE):
        raise InvalidInputError("outside.old_workbook")
    tables = read_workbook(content) if content.startswith(ZIP) else (read_csv(content),)
    found = tuple(one for one in tables if one.rows)
    if not found:
        raise InvalidInputError("outside.empty_file")
    return found


def build_row(line: int, raw: list[str], damaged: frozenset[int] = frozenset()) -> SheetRow | None:
    """A row of cells as typed, blanks around them gone; None where all are empty."""
    cells = [_text(one) for one in raw]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return None
    if len(cells) > MOST_CELLS:
        raise InvalidInputError("outside.too_wide", line=line, most=MOST_CELLS)
    if max(map(len, cells)) > LONGEST_CELL:
        raise InvalidInputError("outside.cell_too_long", line=line, most=LONGEST_CELL)
    rounded = {place for place, text in enumerate(cells) if SCIENTIFIC.fullmatch(text)}
    return SheetRow(
        line=line,
        cells=tuple(map(restore, cells)),
        formulas=frozenset(place for place, text in enumerate(cells) if text[:1] in ("=", "＝")),
        damaged=damaged | rounded,
    )


def check_rows(count: int) -> None:
    """Raises InvalidInputError beyond the most rows of a file."""
    if count > MOST_ROWS:
        raise InvalidInputError("outside.too_many_rows", most=MOST_ROWS)


def neutral(text: str) -> str:
    """A cell no spreadsheet evaluates: an apostrophe before what could begin a formula."""
    risky = text[:1] in FORMULA_STARTS or text.lstrip()[:1] in FORMULA_STARTS
    return f"'{text}" if text and (risky or text.startswith("'")) else text


def restore(text: str) -> str:
    """What `neutral` was given, read back."""
    return text[1:] if len(text) > 1 and text[0] == "'" and neutral(text[1:]) == text else text


def _text(raw: str) -> str:
    text = raw.strip()
    quoted = QUOTED.fullmatch(text)
    return quoted[1].strip() if quoted else text
