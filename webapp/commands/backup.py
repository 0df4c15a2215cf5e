"""`fengqiao backup` and `fengqiao restore`: a whole installation in one file.

Neither loads the engine or the site, so that both work where those do not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from webapp.settings import Settings
from workflows.cases.timeline import verify
from workflows.messages import Message, say
from workflows.storage import SYSTEM, Database
from workflows.storage.backup.archive import read_manifest
from workflows.storage.backup.restore import restore_backup
from workflows.storage.backup.take import BackupError, Place, Progress, take_backup
from workflows.storage.clock import SystemClock
from workflows.storage.files import FileStore
from workflows.storage.installation import check_master_key
from workflows.storage.vault import KEY_FILE, Vault

PROGRESS_SECONDS = 2.0
MEGABYTE = 2**20


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put the keys in too: whoever has FILE reads all.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def backup(file: Path, with_keys: bool, language: str) -> None:
    """Saves database, files and fonts to FILE while the site goes on; the keys only when asked.

    Exit code 1 if a stored file was damaged and had to be left out.
    """
    settings = Settings.from_environment()
    _need_database(settings)
    with _open_place(settings) as place:
        taken = take_backup(
            place,
            file,
            fingerprint=_find_fingerprint(settings),
            now=SystemClock().now(),
            progress=_progress(language),
            with_keys=with_keys,
        )
    facts = {"path": file, "rows": taken.rows, "files": taken.files}
    size_mb = round(taken.size_bytes / MEGABYTE, 1)
    click.echo(say(Message("backup.taken", {**facts, "size_mb": size_mb}), language))
    for sha256 in taken.damaged:
        click.echo(say(Message("backup.file_damaged", {"sha256": sha256}), language), err=True)
    kept = Message(
        "backup.with_keys" if with_keys else "backup.without_keys", {"path": settings.secrets}
    )
    click.echo(say(kept, language))
    raise SystemExit(1 if taken.damaged else 0)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only read FILE and compare all digests.")
@click.option("--language", default="zh-Hans", help="zh-Hans or en.")
def restore(file: Path, check: bool, language: str) -> None:
    """Puts the backup FILE into an empty installation, on SQLite or PostgreSQL.

    Exit code 1 if the record of some case was broken already when the backup was made.
    """
    if check:
        click.echo(say(_describe(file), language))
        return
    settings = Settings.from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    with _open_place(settings) as place:
        done = restore_backup(place, file, progress=_progress(language))
        facts = {"rows": done.rows, "files": done.files, "made_at": done.made_at}
        click.echo(say(Message("backup.restored", facts), language))
        broken = _check_record(place.database, Vault.load_or_create(settings.secrets))
    told = Message("backup.audit_broken", {"count": broken}) if broken else None
    click.echo(say(told or Message("backup.audit_ok"), language))
    raise SystemExit(1 if broken else 0)


@contextmanager
def _open_place(settings: Settings) -> Iterator[Place]:
    database = Database(settings.database_url)
    try:
        yield Place(database, FileStore(settings.files), settings.data)
    finally:
        database.dispose()


def _need_database(settings: Settings) -> None:
    """Connecting to SQLite makes a file: a mistyped folder must not become an installation."""
    address = make_url(settings.database_url)
    embedded = address.get_backend_name() == "sqlite"
    if embedded and not Path(address.database or "").is_file():
        raise BackupError("backup.nothing")


def _find_fingerprint(settings: Settings) -> str | None:
    """Of the master key; None where it is kept elsewhere."""
    if not (settings.secrets / KEY_FILE).is_file():
        return None
    return Vault.load_or_create(settings.secrets).fingerprint()


def _describe(file: Path) -> Message:
    manifest = read_manifest(file)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    facts = {"made_at": manifest["made_at"], "rows": rows, "files": manifest["files"]}
    return Message("backup.whole", facts)


def _check_record(database: Database, vault: Vault) -> int:
    """How many places of the record are broken; OtherMasterKeyError under a wrong key."""
    with database.transaction(SYSTEM) as session:
        check_master_key(session, vault)
    with database.reading(SYSTEM) as session:
        return sum(1 for _ in verify(session))


def _progress(language: str) -> Progress:
    """Says on standard error how far it is, not more often than every two seconds."""
    last = time.monotonic()

    def show(what: str, count: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            facts = {"what": what, "count": count}
            click.echo(say(Message("backup.progress", facts), language), err=True)

    return show
