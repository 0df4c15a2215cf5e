"""Stored versions: compiled once for all processes, and opened whatever newer checks say."""

import pytest
from sqlalchemy import select, update

from tests.factories.handoffs import talks_package
from tests.factories.times import START
from workflows.catalogue import package as compiling
from workflows.catalogue.source import to_zip
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import Catalogue, add_draft, compile_stored, publish
from workflows.engine import maker
from workflows.storage import SYSTEM, Database, IdSource


@pytest.fixture
def version(database: Database, ids: IdSource) -> int:
    """A small package, published."""
    with database.transaction(SYSTEM) as session:
        row = add_draft(session, talks_package(), version_id=ids.next(), author="x", now=START)
        publish(session, row, now=START)
        return row.id


def change(database: Database, version: int, **values: object) -> None:
    with database.transaction(SYSTEM) as session:
        session.execute(update(PackageVersion).where(PackageVersion.id == version).values(**values))


def stored(database: Database, version: int) -> PackageVersion:
    with database.reading(SYSTEM) as session:
        columns = (PackageVersion.compiled, PackageVersion.compiled_by)
        return session.execute(select(*columns).where(PackageVersion.id == version)).one()


def load(database: Database, version: int) -> compiling.Package:
    with database.reading(SYSTEM) as session:
        return Catalogue().load(session, version)


def test_a_published_version_is_opened_without_being_compiled(
    database: Database, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = compiling.compile_package(talks_package())
    monkeypatch.setattr(compiling, "read_parts", None)
    opened = load(database, version)
    assert opened.process.to_bytes() == made.process.to_bytes()
    assert opened.process.elements == made.process.elements
    assert (opened.manifest, opened.digest) == (made.manifest, made.digest)
    assert opened.forms.keys() == made.forms.keys()
    assert opened.templates.keys() == made.templates.keys()


@pytest.mark.parametrize("by", [None, "another release"])
def test_bytes_of_another_release_are_not_used_and_made_anew_once(
    database: Database, version: int, by: str | None
) -> None:
    change(database, version, compiled=b"unreadable", compiled_by=by)
    assert load(database, version).manifest.key == talks_package().key
    with database.transaction(SYSTEM) as session:
        assert compile_stored(session) == 1
        assert compile_stored(session) == 0
    row = stored(database, version)
    assert row.compiled_by == maker()
    assert row.compiled == load(database, version).process.to_bytes()


def test_what_newer_checks_find_does_not_strand_the_cases_of_a_published_version(
    database: Database, version: int
) -> None:
    files = {
        path: content.replace(b'start_roles = ["', b'start_roles = ["nobody_now", "')
        for path, content in talks_package().files.items()
    }
    source = type(talks_package())(talks_package().key, files)
    assert source.digest != talks_package().digest
    with pytest.raises(compiling.PackageError):
        compiling.compile_package(source)
    change(database, version, source=to_zip(source), compiled=None, compiled_by=None)
    assert load(database, version).process.key == source.key
