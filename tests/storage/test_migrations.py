"""Migrations: from nothing to today on both databases, and equal to the models."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tests.conftest import load_tables
from workflows.storage import SYSTEM, Base, Database, schema
from workflows.storage.installation import load_setting, save_setting

VERSIONS = schema.FOLDER / "versions"

CATALOGUE = {
    "postgresql": (
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
        " column_default FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    ),
    "sqlite": (
        "SELECT m.name, c.name, c.type, c.[notnull], c.dflt_value, c.pk"
        " FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'",
        "SELECT m.name, f.[table], f.[from], f.[to] FROM sqlite_master AS m,"
        " pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'",
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
        " OR sql LIKE 'CREATE VIRTUAL%'",
    ),
}
"""What the database itself says about its tables."""


def _describe(database: Database) -> set[tuple[str, ...]]:
    """All columns, keys, indexes and triggers, white space and quotes evened out."""
    found = set()
    with database.engine.connect() as connection:
        for query in CATALOGUE[database.dialect]:
            for row in connection.execute(text(query)):
                found.add(tuple(re.sub(r'[\s"]+', "", str(value)) for value in row))
    return {row for row in found if "alembic_version" not in " ".join(row)}


def test_upgrade_from_empty_equals_the_models(new_database: Callable[[], Database]) -> None:
    load_tables()
    migrated, modelled = new_database(), new_database()
    migrated.upgrade()
    Base.metadata.create_all(modelled.engine)
    assert _describe(migrated) ^ _describe(modelled) == set()


def test_autogenerate_finds_nothing_after_the_upgrade(empty_database: Database) -> None:
    """`check` raises, naming the differences, when a model changed without a migration."""
    empty_database.upgrade()
    with empty_database.engine.connect() as connection:
        command.check(schema.config(connection))


def test_second_upgrade_changes_nothing(empty_database: Database) -> None:
    empty_database.upgrade()
    with empty_database.transaction(SYSTEM) as session:
        save_setting(session, "kept", "年")
    empty_database.upgrade()
    with empty_database.reading(SYSTEM) as session:
        assert load_setting(session, "kept", None) == "年"


def test_two_processes_upgrading_at_once_both_succeed(empty_database: Database) -> None:
    second, failures = Database(empty_database.url), list[Exception]()

    def run(database: Database) -> None:
        try:
            database.upgrade()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in (empty_database, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.dispose()
    assert failures == []
    assert "outbox" in inspect(empty_database.engine).get_table_names()


def test_failing_migration_leaves_nothing_behind(empty_database: Database, tmp_path: Path) -> None:
    """The tables of the steps before it go too: one upgrade is one transaction."""
    folder = tmp_path / "versions"
    folder.mkdir()
    for path in VERSIONS.glob("0*.py"):
        (folder / path.name).write_text(path.read_text())
    newest = max(path.name[:4] for path in VERSIONS.glob("0*.py"))
    (folder / "9999_breaks.py").write_text(
        f'revision = "9999"\ndown_revision = "{newest}"\n\n\ndef upgrade():\n    raise KeyError\n'
    )
    with empty_database.engine.connect() as connection:
        settings = schema.config(connection)
        settings.set_main_option("version_locations", str(folder))
        with pytest.raises(KeyError), connection.begin():
            command.upgrade(settings, "head")
    assert inspect(empty_database.engine).get_table_names() == []


def test_full_text_index_follows_its_table(empty_database: Database) -> None:
    """Only SQLite has triggers; PostgreSQL indexes the column itself."""
    empty_database.upgrade()
    with empty_database.engine.begin() as connection:
        if empty_database.dialect == "postgresql":
            inserted = "INSERT INTO case_search VALUES (1, to_tsvector('simple', 'abc xyz'))"
            found = "SELECT case_id FROM case_search WHERE words @@ to_tsquery('simple', 'xyz')"
        else:
            inserted = "INSERT INTO case_search VALUES (1, 'abc xyz')"
            found = "SELECT rowid FROM case_search_fts WHERE words MATCH 'xyz'"
        connection.execute(text(inserted))
        assert connection.execute(text(found)).scalars().all() == [1]
        connection.execute(text("DELETE FROM case_search"))
        assert connection.execute(text(found)).scalars().all() == []


def test_migrations_have_one_head_and_names_in_order() -> None:
    script = ScriptDirectory.from_config(schema.config())
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert len(script.get_heads()) == 1
    assert [name[:4] for name in names] == revisions
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)


def test_there_is_no_way_back(empty_database: Database) -> None:
    empty_database.upgrade()
    with (
        empty_database.engine.connect() as connection,
        pytest.raises(RuntimeError, match="restore the backup"),
        connection.begin(),
    ):
        command.downgrade(schema.config(connection), "base")
