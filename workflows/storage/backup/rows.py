"""Rows to lines and back, the same lines from both databases.

Tables are read as the database has them, not as today's code models them: a backup can be taken
before an upgrade and restored at the revision it was taken at. Each value is one of a few kinds
that JSON can hold; a column of any other type is an error here and in the test of all tables.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Cast,
    Column,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from workflows.storage.database import MODE, Database
from workflows.storage.session import Session
from workflows.storage.types import UtcDateTime

CHUNK_BYTES = 4 * 1024 * 1024
"""Of lines in memory at a time."""
BATCH_ROWS = 500
REVISIONS = "alembic_version"
"""Where the migration revision stands: it travels in the manifest instead."""

_LEXEME = re.compile(r"'((?:[^']|'')*)':([\d,A-D]+)")


class Words(TypeDecorator[str]):
    """A tsvector as its words in the order of their places, as SQLite keeps them anyway."""

    impl = Text
    cache_ok = True

    @override
    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return type_coerce(cast(column, Text), self)

    @override
    def bind_expression(self, bindvalue: Any) -> Cast[Any]:
        return cast(bindvalue, TSVECTOR)

    @override
    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is None:
            return None
        quoted = (word.replace("'", "''") for word in value.split())
        return " ".join(f"'{word}':{place}" for place, word in enumerate(quoted, 1))

    @override
    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        if value is None:
            return None
        placed = [
            (int(place.rstrip("ABCD")), word.replace("''", "'"))
            for word, places in _LEXEME.findall(value)
            for place in places.split(",")
        ]
        return " ".join(word for _, word in sorted(placed))


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of a kind are bound in SQL and written in a line."""

    type: TypeEngine[Any]
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


KINDS: Mapping[str, Kind] = {
    "bytes": Kind(LargeBinary(), lambda value: b64encode(value).decode(), b64decode),
    "moment": Kind(UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "flag": Kind(Boolean()),
    "whole": Kind(BigInteger()),
    "text": Kind(Text()),
    "words": Kind(Words()),
}
TYPES: Sequence[tuple[type[TypeEngine[Any]], str]] = (
    (LargeBinary, "bytes"),
    (DateTime, "moment"),
    (Date, "date"),
    (Boolean, "flag"),
    (Integer, "whole"),
    (TSVECTOR, "words"),
    (String, "text"),
)
"""What a database says about a column → its kind; the first that fits."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One table as the database has it. `table` reads and writes plain values."""

    table: Table
    kinds: tuple[Kind, ...]
    parent: str | None
    """Column that points into the same table."""

    @property
    def columns(self) -> list[str]:
        return [str(column.name) for column in self.table.columns]


def read_shapes(database: Database) -> dict[str, Shape]:
    """Name → table, referenced tables first; empty for a database without tables.

    The tables of SQLite's full-text index are left out: triggers fill them again.
    """
    found = MetaData()
    engine = database.engine.execution_options(**{MODE: "read"})
    with engine.connect() as connection:
        found.reflect(connection, only=lambda name, _: "_fts" not in name)
    return {str(table.name): _shape(table) for table in found.sorted_tables}


def _shape(table: Table) -> Shape:
    kinds = tuple(KINDS[_kind_name(column)] for column in table.columns)
    plain = Table(
        table.name,
        MetaData(),
        *(
            Column(column.name, kind.type, primary_key=column.primary_key, autoincrement=False)
            for column, kind in zip(table.columns, kinds, strict=True)
        ),
    )
    parents = [column.name for column in table.columns if _points_home(table, column.foreign_keys)]
    return Shape(plain, kinds, parents[0] if parents else None)


def _kind_name(column: Column[Any]) -> str:
    for known, name in TYPES:
        if isinstance(column.type, known):
            return name
    raise TypeError(f"{column.table.name}.{column.name}: no kind for {column.type!r}")


def _points_home(table: Table, keys: set[ForeignKey]) -> bool:
    return any(key.column.table is table for key in keys)


def read_revision(session: Session, shapes: Mapping[str, Shape]) -> str | None:
    """The migration the session's snapshot stands at; None where none ever ran."""
    if REVISIONS not in shapes:
        return None
    revision: str | None = session.execute(select(*shapes[REVISIONS].table.columns)).scalar()
    return revision


def dump_chunks(session: Session, shape: Shape) -> Iterator[tuple[bytes, int]]:
    """All rows in key order as (lines, how many), each at most about CHUNK_BYTES."""
    columns = shape.table.columns
    rows = session.execute(
        select(*columns).order_by(*shape.table.primary_key),
        execution_options={"yield_per": BATCH_ROWS},
    )
    lines, count = bytearray(), 0
    for row in rows:
        values = zip(row, shape.kinds, strict=True)
        lines += orjson.dumps([None if v is None else kind.write(v) for v, kind in values]) + b"\n"
        count += 1
        if len(lines) >= CHUNK_BYTES:
            yield bytes(lines), count
            lines, count = bytearray(), 0
    if lines:
        yield bytes(lines), count


class Loader:
    """Inserts lines into one table.

    A row may come before the one of its own table it points to, so such pointers are kept until
    `settle` (only tables with a tree have them).
    """

    def __init__(self, session: Session, shape: Shape, columns: Sequence[str]) -> None:
        by_name = dict(zip(shape.columns, shape.kinds, strict=True))
        self._session = session
        self._shape = shape
        self._kinds = [(name, by_name[name]) for name in columns]
        self._pointers: list[tuple[list[ColumnElement[bool]], Any]] = []

    def load(self, lines: bytes) -> int:
        """Inserts the rows of one chunk; returns how many."""
        rows = [self._read(orjson.loads(line)) for line in lines.splitlines()]
        for start in range(0, len(rows), BATCH_ROWS):
            self._session.execute(insert(self._shape.table), rows[start : start + BATCH_ROWS])
        return len(rows)

    def settle(self) -> None:
        """Sets the pointers inside the table."""
        for mine, pointer in self._pointers:
            change = update(self._shape.table).where(*mine)
            self._session.execute(change.values({self._shape.parent: pointer}))

    def _read(self, values: Sequence[Any]) -> dict[str, Any]:
        row = {
            name: None if value is None else kind.read(value)
            for (name, kind), value in zip(self._kinds, values, strict=True)
        }
        parent = self._shape.parent
        if parent is not None and row[parent] is not None:
            mine = [column == row[column.name] for column in self._shape.table.primary_key]
            self._pointers.append((mine, row[parent]))
            row[parent] = None
        return row


def holds_rows(session: Session, shapes: Mapping[str, Shape]) -> bool:
    """Whether any table holds a row; migrations themselves write none."""
    return any(
        session.execute(select(next(iter(shape.table.columns))).limit(1)).first() is not None
        for name, shape in shapes.items()
        if name != REVISIONS
    )
