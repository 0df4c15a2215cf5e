"""CSV in the encodings and with the separators offices really send."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from workflows.errors import InvalidInputError
from workflows.outside.sheet import SheetRow, Table, build_row, check_rows

SEPARATORS = ",;\t"
PROBED_LINES = 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROLS = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFD, 0xFFFE, 0xFFFF)))
"""What no list of cases holds: a sign that the bytes were read in a wrong way."""


def read_csv(content: bytes) -> Table:
    """The rows of a CSV file. InvalidInputError: an unknown encoding, a quote that never ends,
    too many rows or columns."""
    text = decode(content)
    separator = guess_separator(text)
    return Table("", tuple(_rows(text, separator)))


def decode(content: bytes) -> str:
    """The text: by its byte-order mark, else UTF-16 where every second byte is zero, else UTF-8,
    else GB 18030. InvalidInputError where the result is no text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.intersection(text) and not any("\ud800" <= c <= "\udfff" for c in text):
            return text
    raise InvalidInputError("outside.encoding")


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return (encoding,)
    if b"\x00" in content:
        little = content[1::2].count(0) >= content[::2].count(0)
        return ("utf-16-le",) if little else ("utf-16-be",)
    return ("utf-8", "gb18030")


def guess_separator(text: str) -> str:
    """The separator by which the most of the first lines have the same number of cells, more than
    one; the comma if none does."""
    head = text.splitlines()[:PROBED_LINES]
    scores = {one: _evenness(head, one) for one in SEPARATORS}
    return max(SEPARATORS, key=lambda one: scores[one])


def _evenness(lines: list[str], separator: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items() if width > 1), default=0)


def _rows(text: str, separator: str) -> Iterator[SheetRow]:
    # Strict: a quote that never ends would swallow the rest of the file into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    count = 0
    before = 0
    try:
        for raw in reader:
            row = build_row(before + 1, raw)
            before = reader.line_num
            if row is not None:
                count += 1
                check_rows(count - 1)
                yield row
    except csv.Error as error:
        raise InvalidInputError("outside.broken_csv", line=before + 1, why=str(error)) from error
