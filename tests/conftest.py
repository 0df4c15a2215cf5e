"""Fixtures of the whole suite: both databases, a clock that stands still, no accidents.

`database` runs a test on SQLite and on PostgreSQL with all tables, empty; `empty_database` has
no tables. Rows are wiped before each test, the engines stay, so that statements compiled once
are used by all tests of a process.
"""

from __future__ import annotations

import importlib
import itertools
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import text

from tests.factories.times import START
from tests.postgres import PostgresMissingError, PrivatePostgres
from workflows.storage import Base, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

ROOT = Path(__file__).parents[1]
DIALECTS = ("sqlite", "postgresql")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
_names = itertools.count(1)

hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")
"""A busy machine is no fault of what is tested: no verdict from how long an example took."""


def _no_network(event: str, args: tuple[Any, ...]) -> None:
    """Sockets beyond loopback are refused in the whole test process."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
    elif event == "socket.getaddrinfo":
        host = str(args[0] or "localhost")
    else:
        return
    if not host.startswith(LOOPBACK):
        raise PermissionError(f"tests have no network: {host}")


sys.addaudithook(_no_network)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """The private server of this process, started by the first test that needs it."""
    try:
        server = PrivatePostgres()
    except PostgresMissingError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()


def load_tables() -> None:
    """Imports every room's tables, so that the metadata is whole."""
    for path in sorted((ROOT / "workflows").glob("*/*tables.py")):
        importlib.import_module(f"workflows.{path.parent.name}.{path.stem}")


@pytest.fixture(scope="session")
def _standing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """The databases of this process by dialect, made at first use."""
    made: dict[str, Database] = {}
    yield made
    for database in made.values():
        database.dispose()


def _address(dialect: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if dialect == "sqlite":
        return f"sqlite:///{folder / 'fengqiao.db'}"
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return server.create(f"test_{next(_names)}")


@pytest.fixture(params=DIALECTS)
def database(
    request: pytest.FixtureRequest,
    _standing: dict[str, Database],
    tmp_path_factory: pytest.TempPathFactory,
) -> Database:
    """A database with all tables and no rows, once per dialect."""
    load_tables()
    if request.param not in _standing:
        made = Database(_address(request.param, request, tmp_path_factory.mktemp("database")))
        Base.metadata.create_all(made.engine)
        _standing[request.param] = made
    found = _standing[request.param]
    wipe(found)
    return found


def wipe(database: Database) -> None:
    """Deletes all rows, references aside, in one round trip."""
    deletions = [f'DELETE FROM "{table.name}"' for table in Base.metadata.tables.values()]
    with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            script = "; ".join(["SET LOCAL session_replication_role = replica", *deletions])
            connection.execute(text(script))
            connection.commit()
            return
        driver: Any = connection.connection.driver_connection
        script = "; ".join(["PRAGMA query_only=OFF", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"])
        driver.executescript("; ".join([script, *deletions, "COMMIT", "PRAGMA foreign_keys=ON"]))


@pytest.fixture(params=DIALECTS)
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Database]]:
    """Makes databases without any table, all of one dialect; gone after the test."""
    made: list[Database] = []

    def make() -> Database:
        folder = tmp_path_factory.mktemp("empty")
        made.append(Database(_address(request.param, request, folder)))
        return made[-1]

    yield make
    for database in made:
        database.dispose()
        if request.param == "postgresql":
            server: PrivatePostgres = request.getfixturevalue("postgres")
            server.drop(str(database.engine.url.database))


@pytest.fixture
def empty_database(new_database: Callable[[], Database]) -> Database:
    """A database of this test alone, without any table, once per dialect."""
    return new_database()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
def ids(clock: MovableClock) -> IdSource:
    return IdSource(clock)


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


class ErrorLines(logging.Handler):
    """Collects what is logged as ERROR or worse."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")

    def surprises(self, expected: list[str]) -> list[str]:
        """Lines that none of the regular expressions announces."""
        return [line for line in self.lines if not any(re.search(one, line) for one in expected)]


LEFT_BEHIND = r"^asyncio: Task was destroyed but it is pending![\s\S]*playwright"
"""What a closed browser's driver says later, in whichever test memory is tidied up."""


@pytest.fixture(autouse=True)
def expected_errors() -> Iterator[list[str]]:
    """Fails a test that logs an error it did not announce. A test that provokes one appends a
    regular expression to this list."""
    handler, expected = ErrorLines(), [LEFT_BEHIND]
    logging.getLogger().addHandler(handler)
    yield expected
    logging.getLogger().removeHandler(handler)
    surprises = handler.surprises(expected)
    assert not surprises, "unexpected error log:\n" + "\n".join(surprises)
