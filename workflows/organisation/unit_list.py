"""A list of units as offices keep it in a spreadsheet: CSV, in Chinese or English column names."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping

from workflows.errors import InvalidInputError
from workflows.organisation.units import UnitRecord

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("编码", "单位编码", "code"),
    "name": ("名称", "单位名称", "name"),
    "short_name": ("简称", "short_name"),
    "kind": ("类别", "kind"),
    "level": ("层级", "level"),
    "parent": ("上级编码", "上级单位编码", "parent"),
}
LEVELS = ("市", "县", "乡", "村", "网格", "点位")
MOST_ROWS = 20_000
LONGEST = {"code": 64, "name": 120, "short_name": 60, "kind": 30}


def read_units(content: bytes) -> tuple[UnitRecord, ...]:
    """The units of a CSV file in UTF-8 or GB 18030, in its order.

    InvalidInputError with the line: a column or value is missing, too long, a level unknown, a
    code twice.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    rows = [(number, row) for number, row in enumerate(reader, start=1) if any(map(str.strip, row))]
    if not rows or len(rows) > MOST_ROWS:
        raise InvalidInputError("unit.list_empty", most=MOST_ROWS)
    places = _places(rows[0][1])
    records = tuple(_records(rows[1:], places))
    twice = [code for code, count in Counter(one.code for one in records).items() if count > 1]
    if twice:
        raise InvalidInputError("unit.list_twice", code=twice[0])
    return records


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInputError("unit.list_encoding")


def _places(header: list[str]) -> dict[str, int]:
    titles = [title.strip() for title in header]
    found = {}
    for column, names in COLUMNS.items():
        place = next((titles.index(name) for name in names if name in titles), None)
        if place is None:
            raise InvalidInputError("unit.list_column", column=names[0])
        found[column] = place
    return found


def _records(rows: list[tuple[int, list[str]]], places: Mapping[str, int]) -> Iterator[UnitRecord]:
    for number, row in rows:
        values = {
            name: row[place].strip() if place < len(row) else "" for name, place in places.items()
        }
        for name in LONGEST:
            if not values[name] or len(values[name]) > LONGEST[name]:
                raise InvalidInputError("unit.list_value", line=number, column=COLUMNS[name][0])
        if values["level"] not in LEVELS:
            raise InvalidInputError(
                "unit.list_level", line=number, level=values["level"][:20], known="、".join(LEVELS)
            )
        yield UnitRecord(
            code=values["code"],
            name=values["name"],
            short_name=values["short_name"],
            kind=values["kind"],
            level=values["level"],
            parent=values["parent"] or None,
        )
