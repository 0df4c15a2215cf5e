"""Bringing the tables up to date from code, without the alembic command.

Alembic is imported when it is needed: a web worker never migrates, and it would weigh 10 MB there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parents[2] / "migrations"
LOCK = 620_900
"""Key of the PostgreSQL advisory lock that lets one process migrate at a time."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, with the connection it shall work on."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Upgrades in one transaction: a failing migration leaves the tables as they were."""
    from alembic import command

    with _alone(engine) as connection:
        command.upgrade(config(connection), revision)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection on which nobody else migrates meanwhile.

    SQLite: BEGIN IMMEDIATE is the lock. Foreign keys are off while tables are rebuilt (the
    PRAGMA does nothing inside a transaction) and checked before the end.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                yield connection
            return
        driver = connection.connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"migration breaks references: {broken[:5]}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
