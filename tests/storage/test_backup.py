"""A backup holds everything and comes back on either database, or not at all.

Long, because every damaged or foreign archive has a case of its own.
"""

from __future__ import annotations

import io
import tarfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import Table, insert, select

from tests.conftest import DIALECTS, load_tables
from tests.factories.times import START
from tests.postgres import PrivatePostgres
from workflows.cases.search import matching_cases
from workflows.cases.tables import NumberSeries
from workflows.storage import SYSTEM, Base, Database
from workflows.storage.backup import archive, rows
from workflows.storage.backup.archive import ArchiveBrokenError, read_manifest
from workflows.storage.backup.restore import TargetNotEmptyError, restore_backup
from workflows.storage.backup.take import BackupError, Place, Taken, take_backup
from workflows.storage.files import FileStore
from workflows.storage.installation import load_setting, save_setting
from workflows.storage.vault import Ciphertext, OtherMasterKeyError, Vault

MakePlace = Callable[[str], Place]
WAYS = [(a, b) for a in DIALECTS for b in DIALECTS]


@pytest.fixture
def new_place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakePlace]:
    """Makes installations without tables, each with a data folder of its own."""
    made: list[Place] = []

    def make(dialect: str) -> Place:
        folder = tmp_path / f"place{len(made)}"
        folder.mkdir()
        url = f"sqlite:///{folder / 'fengqiao.db'}"
        if dialect == "postgresql":
            server: PrivatePostgres = request.getfixturevalue("postgres")
            url = server.create(f"backup_{tmp_path.name}_{len(made)}")
        made.append(Place(Database(url), FileStore(folder / "files"), folder))
        return made[-1]

    yield make
    for place in made:
        place.database.dispose()


def quiet(_what: str, _count: int) -> None:
    """Nobody watches."""


def take(place: Place, target: Path, *, with_keys: bool = False) -> Taken:
    fingerprint = Vault.load_or_create(place.data / "secrets").fingerprint()
    return take_backup(
        place, target, fingerprint=fingerprint, now=START, progress=quiet, with_keys=with_keys
    )


def give_key(source: Place, target: Place) -> None:
    """Carries the key over by hand, as the operator does."""
    secrets = target.data / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "master.key").write_bytes((source.data / "secrets" / "master.key").read_bytes())
    (secrets / "master.key").chmod(0o600)


SAMPLES: dict[str, Callable[[int], Any]] = {
    "BigInteger": lambda n: 2**62 + n,
    "Integer": lambda n: n,
    "String": lambda n: f"{n}'\n\u2028",
    "Text": lambda n: f"{n}" * 10_000,
    "LongBytes": lambda n: bytes([0, 255, n]),
    "SealedBytes": lambda n: Ciphertext(bytes([n, 0, 10])),
    "Boolean": lambda n: n % 2 == 0,
    "UtcDateTime": lambda n: datetime(2026, 9, 1, 8, 30, 0, 123456 + n, tzinfo=UTC),
    "Date": lambda n: date(2024, 2, 29 - n),
    "Json": lambda n: {"乙": [n, None, 1.5], "a": "b"},
}
"""A value of every column type of the house; a new type must be given one here."""


def sample(table: Table, column: Any, n: int) -> Any:
    """A value of the column's type; what points into its own table points to the other row."""
    if column.name == "words":
        return "土地 地承 承包 土地 u620902"
    if column.foreign_keys:
        (key,) = column.foreign_keys
        there = key.column.table
        return sample(there, key.column, 1 - n if there is table else n)
    return SAMPLES[type(column.type).__name__](n)


def fill(database: Database) -> int:
    """Two rows in every table of the product; rows of a tree point to each other."""
    tables = Base.metadata.sorted_tables
    with database.transaction(SYSTEM) as session:
        for table in tables:
            values = [{c.name: sample(table, c, n) for c in table.columns} for n in (0, 1)]
            if table.name == "unit":
                values[0]["parent_code"] = None
            if database.dialect == "postgresql" and table.name == "case_search":
                shape = rows.read_shapes(database)[table.name]
                session.execute(insert(shape.table), values)
            else:
                session.execute(insert(table), values)
    return 2 * len(tables)


def contents(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables as our own types read them."""
    shapes = rows.read_shapes(database)
    found: dict[str, list[Any]] = {}
    with database.reading(SYSTEM) as session:
        for table in Base.metadata.sorted_tables:
            name = table.name
            source = shapes[name].table if name == "case_search" else table
            ordered = select(source).order_by(*source.primary_key)
            found[name] = sorted((tuple(row) for row in session.execute(ordered)), key=repr)
    return found


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_every_table_comes_back_on_either_database(
    source: str, target: str, new_place: MakePlace, tmp_path: Path
) -> None:
    load_tables()
    old, new = new_place(source), new_place(target)
    old.database.upgrade()
    filled = fill(old.database)
    taken = take(old, tmp_path / "b")
    give_key(old, new)
    restored = restore_backup(new, tmp_path / "b", progress=quiet)
    assert taken.rows == restored.rows == filled
    assert contents(new.database) == contents(old.database)


def test_search_index_is_there_after_the_move(new_place: MakePlace, tmp_path: Path) -> None:
    load_tables()
    old, new = new_place("postgresql"), new_place("sqlite")
    old.database.upgrade()
    fill(old.database)
    take(old, tmp_path / "b")
    give_key(old, new)
    restore_backup(new, tmp_path / "b", progress=quiet)
    with new.database.reading(SYSTEM) as session:
        query = matching_cases("sqlite", "承包", ["620902"])
        assert query is not None
        found = session.raw(query).all()
    assert len(found) == 2


def furnish(made: Place) -> Place:
    """A small installation with a file and an office font."""
    made.database.upgrade()
    with made.database.transaction(SYSTEM) as session:
        save_setting(session, "a", "old")
    made.files.put(b"photo")
    (made.data / "fonts").mkdir()
    (made.data / "fonts" / "仿宋.ttf").write_bytes(b"font")
    (made.data / "outside").mkdir()
    (made.data / "outside" / "县平台.toml").write_bytes(b"key")
    return made


def test_row_postgres_has_no_room_for_is_named(new_place: MakePlace, tmp_path: Path) -> None:
    """SQLite never cuts nor refuses a text that is longer than its column says."""
    old, new = new_place("sqlite"), new_place("postgresql")
    old.database.upgrade()
    with old.database.transaction(SYSTEM) as session:
        session.add(NumberSeries(series="x" * 200, last=1))
    take(old, tmp_path / "b")
    give_key(old, new)
    refuse(new, tmp_path / "b", BackupError, "backup.does_not_fit")


@pytest.fixture
def place(new_place: MakePlace) -> Place:
    return furnish(new_place("sqlite"))


@pytest.fixture
def empty(place: Place, new_place: MakePlace) -> Place:
    """Where the backup of `place` may go, its key in place."""
    made = new_place("sqlite")
    Vault.load_or_create(place.data / "secrets")
    give_key(place, made)
    return made


def test_files_and_fonts_come_back(place: Place, empty: Place, tmp_path: Path) -> None:
    taken = take(place, tmp_path / "b")
    restore_backup(empty, tmp_path / "b", progress=quiet)
    assert taken.files == 1
    assert [empty.files.read(one) for one in empty.files.digests()] == [b"photo"]
    assert (empty.data / "fonts" / "仿宋.ttf").read_bytes() == b"font"
    assert (empty.data / "outside" / "县平台.toml").read_bytes() == b"key"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_backup_is_one_snapshot_while_others_write(
    new_place: MakePlace, tmp_path: Path, dialect: str
) -> None:
    """Somebody commits to a table that is read later: the backup knows nothing of it."""
    place = furnish(new_place(dialect))
    with place.database.transaction(SYSTEM) as session:
        session.add(NumberSeries(series="a/1/2026", last=1))
    second, order = Database(place.database.url), list(rows.read_shapes(place.database))
    early, late = sorted(("installation_setting", "number_series"), key=order.index)

    def meddle(what: str, _count: int) -> None:
        if what == early:
            with second.transaction(SYSTEM) as session:
                save_setting(session, "b", "later")
                session.add(NumberSeries(series="b/1/2026", last=1))

    taken = take_backup(place, tmp_path / "b", fingerprint=None, now=START, progress=meddle)
    second.dispose()
    assert taken.rows == 2
    assert read_manifest(tmp_path / "b")["tables"][late]["rows"] == 1


def test_keys_are_not_inside_unless_asked_for(place: Place, tmp_path: Path) -> None:
    take(place, tmp_path / "without")
    take(place, tmp_path / "with", with_keys=True)
    key = (place.data / "secrets" / "master.key").read_bytes()
    assert key not in unpacked(tmp_path / "without")
    assert key in unpacked(tmp_path / "with")
    assert b64encode(key) not in unpacked(tmp_path / "without")


def unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file).read()


def test_backup_is_for_its_owner_only_and_leaves_nothing_beside(
    place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    take(place, folder / "b")
    assert [path.name for path in folder.iterdir()] == ["b"]
    assert (folder / "b").stat().st_mode & 0o777 == 0o600


def test_backup_never_overwrites(place: Place, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"older")
    with pytest.raises(BackupError) as caught:
        take(place, tmp_path / "b")
    assert caught.value.message.code == "backup.exists"
    assert (tmp_path / "b").read_bytes() == b"older"


def test_backup_without_tables_is_refused(new_place: MakePlace, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as caught:
        take(new_place("sqlite"), tmp_path / "b")
    assert caught.value.message.code == "backup.nothing"
    assert not (tmp_path / "b").exists()


def test_damaged_file_is_named_and_does_not_stop_the_backup(place: Place, tmp_path: Path) -> None:
    blob = place.files.put(b"rotten")
    place.files._path(blob.sha256).write_bytes(b"rotten!")
    taken = take(place, tmp_path / "b")
    assert taken.damaged == [blob.sha256]
    assert taken.files == 1
    assert read_manifest(tmp_path / "b")["damaged"] == [blob.sha256]


def refuse(place: Place, source: Path, error: type[Exception], code: str) -> None:
    """Restoring must fail with the code and leave the target without a row."""
    with pytest.raises(error) as caught:
        restore_backup(place, source, progress=quiet)
    assert caught.value.message.code == code  # type: ignore[attr-defined]
    shapes = rows.read_shapes(place.database)
    with place.database.reading(SYSTEM) as session:
        assert not rows.holds_rows(session, shapes)


@pytest.mark.parametrize("cut", [600, 1500])
def test_cut_off_archive_is_refused(place: Place, empty: Place, tmp_path: Path, cut: int) -> None:
    take(place, tmp_path / "b")
    (tmp_path / "cut").write_bytes((tmp_path / "b").read_bytes()[:-cut])
    refuse(empty, tmp_path / "cut", ArchiveBrokenError, "backup.damaged")


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The archive with some members changed or (None) left out, manifest as it was."""
    plain = io.BytesIO(unpacked(source))
    out = io.BytesIO()
    with tarfile.open(fileobj=plain) as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            content = change(info.name, old.extractfile(info).read())  # type: ignore[union-attr]
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    target.write_bytes(zstandard.ZstdCompressor().compress(out.getvalue()))


CHANGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "row": lambda name, body: body.replace(b"old", b"new"),
    "file": lambda name, body: body.replace(b"photo", b"pho7o"),
    "member gone": lambda name, body: None if name.startswith("fonts/") else body,
    "manifest gone": lambda name, body: None if name == archive.MANIFEST else body,
    "manifest empty": lambda name, body: b"[]" if name == archive.MANIFEST else body,
}


@pytest.mark.parametrize("what", list(CHANGES))
def test_changed_archive_is_refused(place: Place, empty: Place, tmp_path: Path, what: str) -> None:
    take(place, tmp_path / "b")
    rewrite(tmp_path / "b", tmp_path / "changed", CHANGES[what])
    refuse(empty, tmp_path / "changed", ArchiveBrokenError, "backup.damaged")


def test_archive_of_a_newer_format_is_refused(place: Place, empty: Place, tmp_path: Path) -> None:
    take(place, tmp_path / "b")
    rewrite(tmp_path / "b", tmp_path / "n", lambda _, x: x.replace(b'"format": 1', b'"format": 2'))
    refuse(empty, tmp_path / "n", ArchiveBrokenError, "backup.newer")


def test_archive_of_a_newer_revision_is_refused(place: Place, empty: Place, tmp_path: Path) -> None:
    take(place, tmp_path / "b")
    known = read_manifest(tmp_path / "b")["revision"].encode()
    rewrite(
        tmp_path / "b",
        tmp_path / "n",
        lambda _, body: body.replace(b'"revision": "' + known, b'"revision": "9999'),
    )
    refuse(empty, tmp_path / "n", ArchiveBrokenError, "backup.newer")


def test_file_that_is_no_archive_is_refused(empty: Place, tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"hello")
    refuse(empty, tmp_path / "b", ArchiveBrokenError, "backup.damaged")


@pytest.mark.parametrize("name", ["../evil", "files/../../evil", "fonts/../x", "/etc/x", "x"])
def test_member_cannot_choose_its_own_place(empty: Place, tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    (tmp_path / "b").write_bytes(zstandard.ZstdCompressor().compress(out.getvalue()))
    refuse(empty, tmp_path / "b", ArchiveBrokenError, "backup.damaged")


def test_restore_without_the_key_is_refused(
    place: Place, new_place: MakePlace, tmp_path: Path
) -> None:
    take(place, tmp_path / "b")
    refuse(new_place("sqlite"), tmp_path / "b", BackupError, "backup.no_key")


def test_restore_under_another_key_is_refused(
    place: Place, new_place: MakePlace, tmp_path: Path
) -> None:
    take(place, tmp_path / "b")
    other = new_place("sqlite")
    Vault.load_or_create(other.data / "secrets")
    refuse(other, tmp_path / "b", OtherMasterKeyError, "backup.other_key")


def test_restore_with_keys_puts_them_back_for_their_owner_only(
    place: Place, new_place: MakePlace, tmp_path: Path
) -> None:
    take(place, tmp_path / "b", with_keys=True)
    new = new_place("sqlite")
    restore_backup(new, tmp_path / "b", progress=quiet)
    key = new.data / "secrets" / "master.key"
    assert key.read_bytes() == (place.data / "secrets" / "master.key").read_bytes()
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_restore_into_an_installation_with_rows_is_refused(
    place: Place, empty: Place, tmp_path: Path
) -> None:
    take(place, tmp_path / "b")
    empty.database.upgrade()
    with empty.database.transaction(SYSTEM) as session:
        save_setting(session, "mine", 1)
    with pytest.raises(TargetNotEmptyError):
        restore_backup(empty, tmp_path / "b", progress=quiet)
    with empty.database.reading(SYSTEM) as session:
        assert load_setting(session, "mine", None) == 1
        assert load_setting(session, "a", None) is None


def test_restore_that_failed_can_be_repeated(place: Place, empty: Place, tmp_path: Path) -> None:
    """The disk fills up while files are written; afterwards the same command succeeds."""
    take(place, tmp_path / "b")

    def fail(what: str, _count: int) -> None:
        if what == "files":
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        restore_backup(empty, tmp_path / "b", progress=fail)
    restored = restore_backup(empty, tmp_path / "b", progress=quiet)
    assert restored.rows == 1


def test_long_table_is_split_into_chunks(
    place: Place, empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.database.transaction(SYSTEM) as session:
        for n in range(1200):
            save_setting(session, f"n{n:04}", "x" * 20)
    monkeypatch.setattr(rows, "CHUNK_BYTES", 1000)
    take(place, tmp_path / "b")
    assert unpacked(tmp_path / "b").count(b"tables/installation_setting/") > 30
    restore_backup(empty, tmp_path / "b", progress=quiet)
    with empty.database.reading(SYSTEM) as session:
        assert load_setting(session, "n1199", None) == "x" * 20
