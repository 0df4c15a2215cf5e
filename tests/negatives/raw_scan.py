"""Looks at everything a database holds, past every door: which columns contain a word in clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect, text

from tests.negatives.registry import profiles
from workflows.storage import Base, Database


def places_of(database: Database, *words: str) -> set[str]:
    """`table.column` of every value that contains one of the words, in text or bytes. Tables the
    models don't know (SQLite's full-text ones) are read as well."""
    wanted = [(word, word.encode(), word.encode("unicode_escape")) for word in words]
    return {
        place for place, value in _values(database) if any(_holds(value, *one) for one in wanted)
    }


def _values(database: Database) -> Iterator[tuple[str, Any]]:
    with database.engine.connect() as connection:
        known = set(Base.metadata.tables) | set(inspect(connection).get_table_names())
        for table in sorted(known):
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))
            for row in rows.mappings():
                for column, value in row.items():
                    yield f"{table}.{column}", value


def _holds(value: Any, word: str, plain: bytes, escaped: bytes) -> bool:
    if isinstance(value, memoryview | bytes):
        return plain in bytes(value) or escaped in bytes(value)
    return word in str(value) or escaped.decode() in str(value)


RECORD = {surface.removeprefix("column ") for surface in profiles()["record"]["surfaces"]}
"""The matter's own record: rows that carry its class and are read through `cases.access` alone.
Everything else that holds a word of it is a copy, and sealing has to reach it."""
