"""The door: what is committed, what is not, and two writers at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.factories.storage import ANNA, counted_statements, outbox_row
from tests.factories.times import START
from workflows.errors import ConflictError
from workflows.storage import SYSTEM, Database
from workflows.storage.installation import load_setting, save_setting
from workflows.storage.tables import InstallationSetting, OutboxRow
from workflows.storage.types import Ciphertext, SealedBytes

WRITERS, WRITES = 2, 50


def test_transaction_commits_at_the_end(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", {"z": 1, "a": [True, None, "年"]})
    with database.reading(SYSTEM) as session:
        found = load_setting(session, "a", None)
    assert found == {"z": 1, "a": [True, None, "年"]}
    assert list(found) == ["z", "a"]


def test_transaction_that_raises_writes_nothing(database: Database) -> None:
    def act() -> None:
        with database.transaction(SYSTEM) as session:
            save_setting(session, "a", 1)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with database.reading(SYSTEM) as session:
        assert load_setting(session, "a", "absent") == "absent"


def test_failing_flush_leaves_the_database_usable(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)
    with pytest.raises(IntegrityError), database.transaction(SYSTEM) as session:
        session.add(InstallationSetting(key="a", value=2))
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 3)
    with database.reading(SYSTEM) as session:
        assert load_setting(session, "a", None) == 3


def test_loaded_rows_stay_readable_after_the_commit(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)
    with database.transaction(SYSTEM) as session:
        row = session.get_one(InstallationSetting, "a")
        row.value = 2
    assert row.value == 2


def test_reading_cannot_write(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        save_setting(session, "a", 1)
        with pytest.raises(DBAPIError):
            session.flush()
    with database.transaction(SYSTEM) as session:
        save_setting(session, "b", 1)
    with database.reading(SYSTEM) as session:
        assert [load_setting(session, key, None) for key in "ab"] == [None, 1]


def test_reading_sees_one_snapshot(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)
    with database.reading(SYSTEM) as reader:
        assert load_setting(reader, "a", None) == 1
        with database.transaction(SYSTEM) as writer:
            save_setting(writer, "a", 2)
        reader.expunge_all()
        assert load_setting(reader, "a", None) == 1


def test_transaction_inside_a_transaction_is_refused(database: Database) -> None:
    inner = database.transaction(ANNA)
    with database.transaction(SYSTEM), pytest.raises(RuntimeError, match="open already"):
        inner.__enter__()
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)


def test_two_writers_that_read_first_never_fail(database: Database) -> None:
    """In a deferred SQLite transaction half of them fail at once; BEGIN IMMEDIATE makes them
    wait. On PostgreSQL the row lock does."""
    with database.transaction(SYSTEM) as session:
        save_setting(session, "count", 0)
    failures: list[Exception] = []

    def write() -> None:
        for _ in range(WRITES):
            try:
                with database.transaction(SYSTEM) as session:
                    row = session.get_one(InstallationSetting, "count", with_for_update=True)
                    row.value += 1
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading(SYSTEM) as session:
        assert load_setting(session, "count", None) == WRITERS * WRITES


def test_a_lock_that_cannot_be_had_is_a_conflict(database: Database) -> None:
    """A second process with little patience."""
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)
    second = Database(database.url, wait_seconds=0.05)
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 2)
        session.flush()
        with pytest.raises(ConflictError) as caught, second.transaction(SYSTEM) as other:
            save_setting(other, "a", 3)
    second.dispose()
    assert caught.value.message.code == "storage.busy"
    with database.reading(SYSTEM) as session:
        assert load_setting(session, "a", None) == 2


def test_door_says_begin_without_extra_statements(database: Database) -> None:
    """BEGIN and PRAGMA must not count against the statement budget of a use case."""
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", 1)
    with counted_statements(database) as statements, database.reading(SYSTEM) as session:
        load_setting(session, "a", None)
    assert len(statements) == 1


def test_sqlite_is_durable_and_checks_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    with database.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.dispose()
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_plain_postgresql_address_gets_our_driver() -> None:
    database = Database("postgresql://user:secret@localhost/name")
    assert database.dialect == "postgresql"
    assert database.url == "postgresql+psycopg://user:secret@localhost/name"
    database.dispose()


def test_instants_come_back_aware_in_utc(database: Database) -> None:
    moment = datetime(2026, 9, 3, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.transaction(SYSTEM) as session:
        session.add(outbox_row(1, moment))
    with database.reading(SYSTEM) as session:
        found = session.get_one(OutboxRow, 1).available_at
    assert found == moment
    assert found.tzinfo is UTC


def test_instant_without_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 9, 3, 8, 30)  # noqa: DTZ001 - the mistake under test
    with database.transaction(SYSTEM) as session:
        session.add(outbox_row(1, naive))
        with pytest.raises(StatementError, match="naive datetime"):
            session.flush()
        session.rollback()


def test_missing_row_id_is_refused(database: Database) -> None:
    """Neither database may invent an id."""
    row = outbox_row(1, START)
    row.id = None  # type: ignore[assignment]
    with pytest.raises(ValueError, match="without a key"), database.transaction(SYSTEM) as session:
        session.add(row)


def test_sealed_column_refuses_plain_bytes() -> None:
    column = SealedBytes()
    with pytest.raises(TypeError, match="plain bytes"):
        column.process_bind_param(b"name of a party", sqlite.dialect())
    assert column.process_bind_param(Ciphertext(b"x"), sqlite.dialect()) == b"x"


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Each changes its journal, where SQLite itself does not wait."""
    failures: list[BaseException] = []

    def open_it(url: str) -> None:
        database = Database(url)
        try:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a)")
                connection.commit()
        except BaseException as error:
            failures.append(error)
        database.dispose()

    for number in range(15):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        threads = [threading.Thread(target=open_it, args=(url,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
