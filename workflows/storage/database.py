"""The one door to the database. The only commit of the code base is here."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, orm
from sqlalchemy.exc import DBAPIError

from workflows.errors import ConflictError
from workflows.storage import schema
from workflows.storage.actor import Actor
from workflows.storage.session import Session

MODE = "fengqiao_mode"
"""Execution option of the two engines: "write" | "read"."""

WAIT_SECONDS = 15
"""How long a writer waits for another one before the user hears “busy”."""

RETRY_SECONDS = 0.02
"""Pause before the journal of a new file is asked for again."""

BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
"""PostgreSQL: lock not available, deadlock detected, serialization failure."""


class Database:
    """One database, SQLite or PostgreSQL, behind the same calls. Thread-safe; one a process."""

    def __init__(self, url: str, *, echo: bool = False, wait_seconds: float = WAIT_SECONDS) -> None:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        self.url = address.render_as_string(hide_password=False)
        self.dialect = address.get_backend_name()
        if self.dialect == "sqlite":
            self.engine = _sqlite_engine(self.url, echo, wait_seconds)
        else:
            self.engine = _postgres_engine(self.url, echo, wait_seconds)
        self._writing = self.engine.execution_options(**{MODE: "write"})
        self._reading = self.engine.execution_options(**_reading_options(self.dialect))
        self._inside: ContextVar[bool] = ContextVar("inside a transaction", default=False)

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Session]:
        """A session that is committed when the block ends and rolled back when it raises.

        SQLite takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads first and
        writes later would fail instead of waiting. Raises ConflictError("storage.busy") when the
        lock cannot be had; RuntimeError inside another transaction of the same thread.
        """
        if self._inside.get():
            raise RuntimeError("a transaction is open already: pass its session on")
        token = self._inside.set(True)
        session = Session(self._writing, actor)
        try:
            yield session
            session.commit()
        except (DBAPIError, sqlite3.OperationalError) as error:
            session.rollback()
            if _is_busy(error):
                raise ConflictError("storage.busy") from error
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.leave()
            self._inside.reset(token)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Session]:
        """A session on one snapshot that cannot write. Closing it rolls back, and what was loaded
        stays readable."""
        session = Session(self._reading, actor)
        try:
            yield session
        finally:
            session.leave()

    @contextmanager
    def in_one_piece(self, actor: Actor) -> Iterator[Database]:
        """This database for a builder of many transactions that must all be there or none.

        Transactions of the yielded one work inside a single one, committed when the block ends;
        reading sees what they wrote. The write lock is held all the time. Not thread-safe.
        """
        with self.transaction(actor) as session:
            connection = orm.Session.connection(session)
            # Inside a savepoint, sessions on the connection take savepoints of their own: one
            # that rolls back does not end the whole.
            connection.begin_nested()
            part = copy(self)
            part._writing = part._reading = connection  # type: ignore[assignment]
            part._inside = ContextVar("inside a part", default=False)
            yield part

    def upgrade(self) -> None:
        """Brings the tables to the newest migration; waits for another process that does so."""
        schema.upgrade(self.engine)

    def dispose(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def _reading_options(dialect: str) -> dict[str, Any]:
    """On PostgreSQL a page's statements see one snapshot too, as SQLite's WAL gives it."""
    if dialect == "sqlite":
        return {MODE: "read"}
    return {MODE: "read", "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _sqlite_engine(url: str, echo: bool, wait_seconds: float) -> Engine:
    engine = create_engine(url, echo=echo, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """The driver's own transaction handling is switched off: we say BEGIN. `synchronous=FULL`:
    a committed act survives a power cut."""
    connection.isolation_level = None
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Two processes that open a new file at once both change its journal, and SQLite does not wait
    there: the second is told “locked” at once. Later it finds it changed."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(MODE) == "read"
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgres_engine(url: str, echo: bool, wait_seconds: float) -> Engine:
    settings = f"-c timezone=UTC -c lock_timeout={round(wait_seconds * 1000)}ms"
    return create_engine(
        url,
        echo=echo,
        pool_pre_ping=True,
        connect_args={"options": settings, "connect_timeout": 10},
    )


def _is_busy(error: DBAPIError | sqlite3.OperationalError) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return getattr(cause, "sqlstate", None) in BUSY_STATES
