"""Writing new and changed rows of one table in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy.dialects import postgresql, sqlite

from workflows.storage.session import Session

Instead: TypeAlias = Callable[[Any, Any], Mapping[str, Any]]
"""(table, the new row's columns) → other values for some columns of a row that is there."""


def insert_into(dialect: str, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect ("sqlite" | "postgresql")."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _nothing(_table: Any, _new: Any) -> Mapping[str, Any]:
    return {}


def upsert(
    session: Session,
    table: Any,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: tuple[str, ...] = (),
    instead: Instead = _nothing,
) -> None:
    """Inserts rows, or overwrites those with the same primary key. All rows have the same keys.

    Columns in `keep` are written for new rows only. `instead`: a function of a module, because
    the statement is kept by it. One statement; none without rows.
    """
    if not rows:
        return
    dialect = session.dialect
    statement = _upsert(dialect, table, tuple(rows[0]), keep, instead)
    session.raw(statement, [dict(row) for row in rows])


@cache
def _upsert(
    dialect: str, table: Any, names: tuple[str, ...], keep: tuple[str, ...], instead: Instead
) -> Any:
    """Made once a table and set of columns: making it takes longer than running it."""
    statement = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {
        name: statement.excluded[name] for name in names if name not in keys and name not in keep
    }
    changed |= instead(table.c, statement.excluded)
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)
