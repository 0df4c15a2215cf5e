"""Lists as files: CSV in the two encodings offices open, and workbooks. Row by row, never whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from workflows.errors import InvalidInputError
from workflows.outside.sheet import neutral

FORMATS = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "csv-gb18030": ("text/csv; charset=gb18030", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
"""Format → media type and ending. "csv" is UTF-8 with a byte-order mark, so that spreadsheets
know it."""
ENCODINGS = {"csv": "utf-8-sig", "csv-gb18030": "gb18030"}
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a workbook, being XML, cannot hold."""
LONGEST_CELL = 32_000
"""A workbook's cell holds 32,767 characters."""


class Writer(Protocol):
    """Takes one row after the other."""

    def write(self, cells: Sequence[str]) -> None: ...


@contextmanager
def open_writer(form: str, target: BinaryIO) -> Iterator[Writer]:
    """A writer into `target`, whole when the block ends. InvalidInputError: unknown format."""
    if form not in FORMATS:
        raise InvalidInputError("outside.unknown_format", known=", ".join(FORMATS))
    if form == "xlsx":
        workbook = _WorkbookWriter()
        yield workbook
        workbook.save(target)
        return
    stream = io.TextIOWrapper(target, encoding=ENCODINGS[form], newline="")
    try:
        yield _CsvWriter(stream)
        stream.flush()
    finally:
        stream.detach()


def tab_row(cells: Iterable[str]) -> str:
    """One row to be pasted into a spreadsheet: tabs between, one line, nothing evaluated."""
    return "\t".join(neutral(" ".join(cell.split())) for cell in cells)


class _CsvWriter:
    def __init__(self, stream: io.TextIOBase) -> None:
        self._writer = csv.writer(stream, lineterminator="\r\n")

    def write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([neutral(cell) for cell in cells])


class _WorkbookWriter:
    """Write-only: rows go to a temporary file as they come."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # weighs too much for a process that makes none

        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Sheet1")

    def write(self, cells: Sequence[str]) -> None:
        clean = (ILLEGAL.sub("", cell)[:LONGEST_CELL] for cell in cells)
        self._sheet.append([neutral(cell) for cell in clean])

    def save(self, target: BinaryIO) -> None:
        self._book.save(target)
