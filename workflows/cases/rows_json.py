"""Several rows of a child table inside one row of its parent, as JSON made by the database.

A run has a handful of work items, clocks and participations. Joining them would multiply the
run's state bytes by all their combinations; asking for each costs a round trip. So they come as
one JSON list each, in the same SELECT.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import Column, ColumnElement, Date, ScalarSelect, Text, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from workflows.storage.types import Json, UtcDateTime


class _RowsAsJson(FunctionElement[str]):
    """A JSON list with one list of column values per row, in no particular order."""

    inherit_cache = True
    type = Text()


@compiles(_RowsAsJson, "sqlite")
def _on_sqlite(element: _RowsAsJson, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_RowsAsJson, "postgresql")
def _on_postgres(element: _RowsAsJson, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))::text"


class hex_of(FunctionElement[str]):  # noqa: N801 - written like the SQL function it is
    """Bytes as hexadecimal text, for a column inside such a list."""

    inherit_cache = True
    type = Text()


@compiles(hex_of, "sqlite")
def _hex_on_sqlite(element: hex_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"hex({compiler.process(element.clauses, **options)})"


@compiles(hex_of, "postgresql")
def _hex_on_postgres(element: hex_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"encode({compiler.process(element.clauses, **options)}, 'hex')"


def rows_as_json(columns: Sequence[Any], condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    """A scalar sub-select of the child rows that meet `condition`; read with `read_rows`.

    `condition` names the parent's columns; the caller's FROM correlates them.
    """
    child = columns[0].table
    statement = select(_RowsAsJson(*columns)).select_from(child).where(condition)
    return statement.correlate_except(child).scalar_subquery()


def read_rows(columns: Sequence[Any], raw: str | None) -> list[dict[str, Any]]:
    """The rows as dicts by column name, values as the ORM would give them. Binary columns are
    not possible."""
    if not raw:
        return []
    return [
        {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}
        for row in orjson.loads(raw)
    ]


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return _instant(value)
    if isinstance(column.type, Json):
        return orjson.loads(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value


def _instant(text: str) -> datetime:
    """SQLite writes UTC without a zone, PostgreSQL with one."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
