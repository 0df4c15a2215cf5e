"""Taking a backup: one snapshot of all rows, then every stored file, while the site goes on.

Rows are read in one reading session, which both databases keep on the snapshot of its first
statement (WAL; REPEATABLE READ). Files come after the rows and are never changed or removed, so
every file the rows name is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias

from workflows.errors import FengqiaoError
from workflows.storage.actor import SYSTEM
from workflows.storage.backup.archive import ArchiveWriter, writing
from workflows.storage.backup.rows import (
    REVISIONS,
    Shape,
    dump_chunks,
    read_revision,
    read_shapes,
)
from workflows.storage.database import Database
from workflows.storage.files import FileLostError, FileStore
from workflows.storage.session import Session

APART = frozenset({"seal.passphrase"})
"""In no backup, not even in one with the keys: whoever has rows and passphrase can seal as any
unit (`workflows.sealing.keyring`)."""
Progress: TypeAlias = Callable[[str, int], None]
"""Called with what is being copied (a table's name, "files") and how many so far."""


class BackupError(FengqiaoError):
    """There is nothing to back up, or the target exists. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation stands. `data`: its folder, for what is in it besides the database:
    `fonts`, `outside` (descriptions of other systems), `secrets`."""

    database: Database
    files: FileStore
    data: Path


@dataclass(slots=True)
class Taken:
    """What a backup holds. `damaged`: digests of files that could not be read whole and are
    therefore missing in it."""

    rows: int = 0
    files: int = 0
    size_bytes: int = 0
    with_keys: bool = False
    damaged: list[str] = field(default_factory=list)


def take_backup(
    place: Place,
    target: Path,
    *,
    fingerprint: str | None,
    now: datetime,
    progress: Progress,
    with_keys: bool = False,
) -> Taken:
    """Writes the installation to `target` (0600), which appears only when it is whole.

    `fingerprint` of the master key, for the one who restores. Raises BackupError
    `backup.exists` or `backup.nothing`, OSError.
    """
    if target.exists():
        raise BackupError("backup.exists", path=str(target))
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with writing(file) as archive:
                taken, facts = _fill(archive, place, progress, with_keys)
                archive.finish({**facts, "made_at": now.isoformat(), "master_key": fingerprint})
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, target)
    except FileExistsError as error:
        raise BackupError("backup.exists", path=str(target)) from error
    finally:
        aside.unlink(missing_ok=True)
    taken.size_bytes = target.stat().st_size
    return taken


def _fill(
    archive: ArchiveWriter, place: Place, progress: Progress, with_keys: bool
) -> tuple[Taken, dict[str, Any]]:
    taken = Taken(with_keys=with_keys)
    shapes = read_shapes(place.database)
    with place.database.reading(SYSTEM) as session:
        revision = read_revision(session, shapes)
        if revision is None:
            raise BackupError("backup.nothing")
        tables = {
            name: _add_table(archive, session, shape, progress)
            for name, shape in shapes.items()
            if name != REVISIONS
        }
    taken.rows = sum(table["rows"] for table in tables.values())
    _add_files(archive, place.files, taken, progress)
    for folder in ("fonts", "outside", *(["secrets"] if with_keys else [])):
        _add_folder(archive, place.data / folder)
    facts = {
        "product": _product(),
        "dialect": place.database.dialect,
        "revision": revision,
        "with_keys": with_keys,
        "tables": tables,
        "files": taken.files,
        "damaged": taken.damaged,
    }
    return taken, facts


def _add_table(
    archive: ArchiveWriter, session: Session, shape: Shape, progress: Progress
) -> dict[str, Any]:
    name, rows = shape.table.name, 0
    for number, (lines, count) in enumerate(dump_chunks(session, shape)):
        archive.add_bytes(f"tables/{name}/{number:06d}.jsonl", lines)
        rows += count
        progress(name, rows)
    return {"columns": shape.columns, "rows": rows}


def _add_files(archive: ArchiveWriter, files: FileStore, taken: Taken, progress: Progress) -> None:
    """A file that no longer has its digest must not keep the others from being saved."""
    for digest in files.digests():
        try:
            whole = files.is_whole(digest)
        except (FileLostError, OSError):
            whole = False
        if not whole:
            taken.damaged.append(digest)
            continue
        with files.open(digest) as content:
            archive.add(f"files/{digest}", content, os.fstat(content.fileno()).st_size)
        taken.files += 1
        progress("files", taken.files)


def _add_folder(archive: ArchiveWriter, folder: Path) -> None:
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.name.startswith(".") and path.name not in APART:
            with path.open("rb") as content:
                archive.add(f"{folder.name}/{path.name}", content, path.stat().st_size)


def _product() -> str:
    try:
        return version("fengqiao")
    except PackageNotFoundError:
        return "0"
