"""Workbooks (.xlsx), read without evaluating, resolving or unpacking anything larger than told.

A workbook is a zip of XML. Before the library sees it the archive is measured by what it says of
itself (a member is never read beyond its declared size) and every part is searched for a document
type, which Office Open XML forbids (ECMA-376 part 2, 10.1.2.2) and entity attacks need.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workflows.errors import InvalidInputError
from workflows.outside.sheet import MOST_CELLS, SheetRow, Table, build_row, check_rows

MOST_PARTS = 500
MOST_UNPACKED_BYTES = 40 * 2**20
"""All parts together: the texts of a workbook are read into memory."""
MOST_RATIO = 200
"""How much smaller than its content a part may be; text packs to a tenth."""
RATIO_FROM_BYTES = 2**20
MOST_SHEETS = 20
MOST_LINES = 100_000
"""Rows looked at, empty ones too: some workbooks format a million of them."""
EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; the rest of an ID number is gone."""
CHUNK_BYTES = 64 * 1024
DOCTYPES = tuple("<!DOCTYPE".encode(one) for one in ("utf-8", "utf-16-le", "utf-16-be"))
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, InvalidFileException, ParseError,
    LxmlError, DefusedXmlException, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, NotImplementedError, RuntimeError, StopIteration,
)  # fmt: skip
"""Whatever the library says of a file that is none. It declares no error of its own."""


def read_workbook(content: bytes) -> tuple[Table, ...]:
    """The sheets in their order. InvalidInputError: no workbook, one that unpacks to too much,
    one with a document type, too many rows or columns."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_sheets(content))
    except BROKEN as error:
        raise InvalidInputError("outside.broken_workbook") from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    bombs = (
        part.file_size > RATIO_FROM_BYTES and part.file_size > MOST_RATIO * part.compress_size
        for part in parts
    )
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED_BYTES or any(bombs):
        raise InvalidInputError("outside.bomb")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    before = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK_BYTES):
            window = before + chunk
            if any(mark in window for mark in DOCTYPES):
                raise InvalidInputError("outside.doctype")
            before = window[-32:]


def _sheets(content: bytes) -> Iterator[Table]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in book.worksheets[:MOST_SHEETS]:
            # What a sheet says about its own size is wrong in files other programs wrote.
            sheet.reset_dimensions()
            yield Table(sheet.title, tuple(_rows(sheet)))
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[SheetRow]:
    count = 0
    lines = sheet.iter_rows(max_col=MOST_CELLS + 1, values_only=True)
    for line, values in enumerate(lines, start=1):
        if line > MOST_LINES:
            check_rows(line)
        rounded = frozenset(place for place, one in enumerate(values) if _is_rounded(one))
        row = build_row(line, [_text(one) for one in values], rounded)
        if row is not None:
            count += 1
            check_rows(count - 1)
            yield row


def _is_rounded(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) >= 10**EXACT_DIGITS


def _text(value: Any) -> str:
    """A cell as people read it; a formula as it stands there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return _formula(value) if hasattr(value, "ref") else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def _formula(value: Any) -> str:
    """An array formula or data table: its text."""
    return str(getattr(value, "text", None) or "=")
