"""Restoring a backup into an empty installation; all of it or nothing.

The whole archive is read and compared first. Then the tables are brought to the revision they
were saved at, rows and files go in inside one transaction, and only its commit makes the target
non-empty: whatever fails before can simply be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from alembic.script import ScriptDirectory
from sqlalchemy.exc import DataError

from workflows.storage import schema
from workflows.storage.actor import SYSTEM
from workflows.storage.backup.archive import (
    CHUNK_BYTES,
    ArchiveBrokenError,
    Member,
    read_manifest,
    read_members,
)
from workflows.storage.backup.rows import Loader, Shape, holds_rows, read_revision, read_shapes
from workflows.storage.backup.take import BackupError, Place, Progress
from workflows.storage.database import Database
from workflows.storage.session import Session
from workflows.storage.vault import KEY_FILE, OtherMasterKeyError, Vault


class TargetNotEmptyError(BackupError):
    """The installation to restore into already holds something. It is unchanged."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `made_at`: ISO moment of the backup."""

    rows: int
    files: int
    made_at: str


def restore_backup(place: Place, source: Path, *, progress: Progress) -> Restored:
    """Puts the backup at `source` into the empty installation at `place`; tables are up to date
    afterwards.

    Raises ArchiveBrokenError, TargetNotEmptyError, OtherMasterKeyError, BackupError
    `backup.no_key` or `backup.does_not_fit`; the target then holds no row. Keys come with the
    archive only if it was taken with them; else they must be in `secrets` already.
    """
    manifest = read_manifest(source)
    _check_revision(str(manifest["revision"]))
    _check_key(place, manifest)
    _prepare_tables(place.database, str(manifest["revision"]))
    shapes = read_shapes(place.database)
    _check_columns(manifest["tables"], shapes)
    with place.database.transaction(SYSTEM) as session:
        if holds_rows(session, shapes):
            raise TargetNotEmptyError("backup.not_empty")
        filling = _Filling(session, place, shapes, manifest["tables"], progress)
        for member in read_members(source):
            if isinstance(member, Member):
                filling.take(member)
        filling.settle()
    place.database.upgrade()
    return Restored(filling.rows, filling.files, str(manifest["made_at"]))


def _check_revision(revision: str) -> None:
    known = {one.revision for one in ScriptDirectory.from_config(schema.config()).walk_revisions()}
    if revision not in known:
        raise ArchiveBrokenError("backup.newer")


def _check_key(place: Place, manifest: Mapping[str, Any]) -> None:
    """The key the rows were sealed with must be there before anything else is."""
    key_file = place.data / "secrets" / KEY_FILE
    if not key_file.exists():
        if not manifest["with_keys"]:
            raise BackupError("backup.no_key", path=str(key_file))
        return
    mine = Vault.load_or_create(key_file.parent).fingerprint()
    if manifest["master_key"] not in (None, mine):
        raise OtherMasterKeyError("backup.other_key", path=str(key_file))


def _prepare_tables(database: Database, revision: str) -> None:
    shapes = read_shapes(database)
    if shapes:
        with database.reading(SYSTEM) as session:
            if holds_rows(session, shapes) or read_revision(session, shapes) != revision:
                raise TargetNotEmptyError("backup.not_empty")
    schema.upgrade(database.engine, revision)


def _check_columns(tables: Mapping[str, Any], shapes: Mapping[str, Shape]) -> None:
    """The same revision has the same columns; anything else is not an archive of ours."""
    for name, table in tables.items():
        if name not in shapes or sorted(table["columns"]) != sorted(shapes[name].columns):
            raise ArchiveBrokenError("backup.damaged")


class _Filling:
    """One restore under way: where each member goes."""

    def __init__(
        self,
        session: Session,
        place: Place,
        shapes: Mapping[str, Shape],
        tables: Mapping[str, Any],
        progress: Progress,
    ) -> None:
        self._place = place
        self._progress = progress
        self._loaders: dict[str, Loader] = {
            name: Loader(session, shapes[name], _columns(table)) for name, table in tables.items()
        }
        self._counts = dict.fromkeys(tables, 0)
        self.files = 0

    @property
    def rows(self) -> int:
        return sum(self._counts.values())

    def take(self, member: Member) -> None:
        """Puts one member where it belongs."""
        if member.kind == "table":
            if member.name not in self._loaders:
                raise ArchiveBrokenError("backup.damaged")
            self._counts[member.name] += _load(self._loaders[member.name], member)
            self._progress(member.name, self._counts[member.name])
        elif member.kind == "file":
            self._place.files.put(member.content)
            self.files += 1
            self._progress("files", self.files)
        else:
            _write(self._place.data / member.kind, member.name, member.content)

    def settle(self) -> None:
        """After the last member."""
        for loader in self._loaders.values():
            loader.settle()


def _load(loader: Loader, member: Member) -> int:
    """SQLite keeps texts longer than their column says; PostgreSQL refuses them."""
    try:
        return loader.load(member.content.read())
    except DataError as error:
        raise BackupError("backup.does_not_fit", table=member.name) from error


def _columns(table: Mapping[str, Any]) -> Sequence[str]:
    columns: list[str] = table["columns"]
    return columns


def _write(folder: Path, name: str, content: BinaryIO) -> None:
    """A key, a font or a description, for its owner only; one that is there already stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if path.exists():
        return
    aside = folder / f".{name}.{os.getpid()}"
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while chunk := content.read(CHUNK_BYTES):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
