"""Writing new and changed rows of one table in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from workflows.storage import Session


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the session's dialect."""
    dialect = session.get_bind().dialect.name
    return (sqlite_insert if dialect == "sqlite" else postgres_insert)(table)


def upsert(
    session: Session,
    table: Any,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: Sequence[str] = (),
    instead: Callable[[Any], Mapping[str, Any]] = lambda _excluded: {},
) -> None:
    """Inserts rows, or overwrites those with the same primary key. All rows have the same keys.

    Columns in `keep` are written for new rows only. `instead`: the new row's columns → other
    values for some columns of a row that is there. One statement; none without rows.
    """
    if not rows:
        return
    statement = insert_into(session, table)
    keys = [column.name for column in table.primary_key]
    changed = {
        name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep
    }
    changed |= instead(statement.excluded)
    session.raw(
        statement.on_conflict_do_update(index_elements=keys, set_=changed),
        [dict(row) for row in rows],
    )
