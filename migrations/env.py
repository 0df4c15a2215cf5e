"""Runs migrations for `Database.upgrade()` and for the `alembic` command.

`Database.upgrade()` hands over the connection, inside its own transaction and lock. The command
(`alembic revision --autogenerate -m "what changes"`, for developers) opens the database named in
`alembic.ini`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection

from workflows.storage import Base, Database
from workflows.storage.types import Json, LongBytes, SealedBytes, UtcDateTime

PLAIN = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    Json: "sa.Text()",
    LongBytes: "sa.LargeBinary()",
    SealedBytes: "sa.LargeBinary()",
}
"""A migration says how values are stored, not how today's code reads them."""


def load_tables() -> None:
    """Every room keeps its tables in `workflows/<room>/tables.py`, or in several such files."""
    rooms = Path(__file__).parents[1] / "workflows"
    for path in sorted(rooms.glob("*/*tables.py")):
        importlib.import_module(f"workflows.{path.parent.name}.{path.stem}")


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Types as plain SQLAlchemy types; False leaves the rest to alembic."""
    return PLAIN.get(type(item), False) if kind == "type" else False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """The tables of SQLite's full-text index are its own affair."""
    return kind != "table" or not (name or "").startswith("case_search_fts")


def include_object(item: Any, _name: Any, kind: str, _reflected: bool, _other: Any) -> bool:
    """An index of a PostgreSQL kind exists there only."""
    own = kind == "index" and item.dialect_options["postgresql"]["using"]
    return not own or context.get_bind().dialect.name == "postgresql"


def migrate(connection: Connection) -> None:
    """SQLite too rolls back a migration that fails: our driver does not commit on its own."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        include_name=include_name,
        include_object=include_object,
    )
    with context.begin_transaction():
        context.run_migrations()


load_tables()
given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(context.config.get_main_option("sqlalchemy.url") or "")
    with database.engine.begin() as opened:
        migrate(opened)
    database.dispose()
