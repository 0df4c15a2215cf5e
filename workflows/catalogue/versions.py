"""Versions in the database: bring in built-ins, publish, choose at start, load once a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.catalogue.package import Package, compile_package, open_package
from workflows.catalogue.source import PackageSource, find_keys, read_folder, read_zip, to_zip
from workflows.catalogue.tables import DRAFT, PUBLISHED, RETIRED, PackageVersion
from workflows.engine import maker
from workflows.errors import ConflictError, NotVisibleError

BUILT_IN = "built-in"
"""Author of what comes with the product."""


class Catalogue:
    """Compiled packages of this process, by version id. Thread-safe; a version is compiled once.

    Versions are immutable once published, so an entry never goes stale; drafts are not kept.
    """

    def __init__(self) -> None:
        self._packages: dict[int, Package] = {}
        self._lock = Lock()

    def load(self, session: Session, version_id: int) -> Package:
        """The compiled package of a version. One SELECT the first time, none afterwards.

        Raises NotVisibleError for an id that does not exist.
        """
        known = self._packages.get(version_id)
        if known is not None:
            return known
        columns = (
            PackageVersion.source,
            PackageVersion.state,
            PackageVersion.compiled,
            PackageVersion.compiled_by,
        )
        row = session.execute(select(*columns).where(PackageVersion.id == version_id)).one_or_none()
        if row is None:
            raise NotVisibleError("package.unknown", key=str(version_id))
        with self._lock:
            package = self._packages.get(version_id) or _open(row)
            if row.state != DRAFT:
                self._packages[version_id] = package
        return package

    def known(self) -> tuple[Package, ...]:
        """Packages this process has compiled so far, oldest version first. Reads nothing."""
        return tuple(self._packages[version_id] for version_id in sorted(self._packages))


def _open(row: Any) -> Package:
    source = read_zip(row.source)
    if row.compiled is not None and row.compiled_by == maker():
        return open_package(source, row.compiled)
    return compile_package(source, published=row.state != DRAFT)


def compile_stored(session: Session) -> int:
    """Compiles what this code has not compiled yet of everything ever published: for the start of
    an installation, so that its many processes need not. The number compiled."""
    stale = select(PackageVersion).where(
        PackageVersion.state != DRAFT,
        or_(PackageVersion.compiled_by.is_(None), PackageVersion.compiled_by != maker()),
    )
    rows = session.scalars(stale).all()
    for row in rows:
        _keep(row, compile_package(read_zip(row.source), published=True))
    return len(rows)


def _keep(row: PackageVersion, package: Package) -> None:
    row.compiled, row.compiled_by = package.process.to_bytes(), maker()


def current_version(session: Session, key: str, unit_path: str) -> PackageVersion:
    """The published version that counts for a unit: its own, else its nearest ancestor's, else
    the common one. `unit_path` like `/620900/620902/`. Raises NotVisibleError if there is none.
    """
    rank = {code: depth for depth, code in enumerate(["", *unit_path.strip("/").split("/")])}
    rows = session.scalars(
        select(PackageVersion).where(
            PackageVersion.key == key,
            PackageVersion.state == PUBLISHED,
            PackageVersion.unit_code.in_(rank),
        )
    ).all()
    if not rows:
        raise NotVisibleError("package.unknown", key=key)
    return max(rows, key=lambda row: (rank[row.unit_code], row.number))


def list_current(session: Session, unit_paths: Sequence[str]) -> list[PackageVersion]:
    """Published versions that count for any of the units, sorted by key; one a key and path."""
    codes = {"", *(code for path in unit_paths for code in path.strip("/").split("/"))}
    rows = session.scalars(
        select(PackageVersion).where(
            PackageVersion.state == PUBLISHED, PackageVersion.unit_code.in_(codes)
        )
    ).all()
    best: dict[str, PackageVersion] = {}
    for row in sorted(rows, key=lambda row: (len(row.unit_code), row.number)):
        best[row.key] = row
    return [best[key] for key in sorted(best)]


def list_published(session: Session) -> list[int]:
    """Ids of every version new cases may begin with, of all units."""
    published = select(PackageVersion.id).where(PackageVersion.state == PUBLISHED)
    return list(session.scalars(published.order_by(PackageVersion.id)))


def add_draft(
    session: Session,
    source: PackageSource,
    *,
    version_id: int,
    author: str,
    now: datetime,
    unit_code: str = "",
    notes: str = "",
    author_id: int | None = None,
    parent_id: int | None = None,
) -> PackageVersion:
    """Stores a tree as the next draft of (key, unit). The caller has checked it or will.
    `author_id`: the author's account, None for the machine. `parent_id`: see the table. Raises
    ConflictError where another draft took the number in the same moment."""
    highest = session.scalar(
        select(func.max(PackageVersion.number)).where(
            PackageVersion.key == source.key, PackageVersion.unit_code == unit_code
        )
    )
    row = PackageVersion(
        id=version_id,
        key=source.key,
        unit_code=unit_code,
        number=(highest or 0) + 1,
        state=DRAFT,
        digest=source.digest,
        source=to_zip(source),
        notes=notes,
        author=author,
        created_at=now,
        published_at=None,
        author_id=author_id,
        parent_id=parent_id,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("rollout.changed_meanwhile") from error
    return row


def publish(
    session: Session,
    version: PackageVersion,
    *,
    now: datetime,
    expected: Callable[[], bool] = lambda: True,
) -> None:
    """Makes a draft the current version, or a retired one again; the one before is retired (its
    runs go on with it). Locks the rows of (key, unit), then asks whether all is as `expected`.

    Raises ConflictError if it is the current one or something changed, PackageError with the
    gate's errors if a draft cannot run; nothing is changed then.
    """
    session.flush()
    rows = session.scalars(
        select(PackageVersion)
        .where(PackageVersion.key == version.key, PackageVersion.unit_code == version.unit_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if version.state == PUBLISHED:
        raise ConflictError("package.already_published", number=version.number)
    if not expected():
        raise ConflictError("rollout.changed_meanwhile")
    was_let_through = version.state == RETIRED
    _keep(version, compile_package(read_zip(version.source), published=was_let_through))
    for row in rows:
        if row.state == PUBLISHED:
            row.state = RETIRED
    version.state, version.published_at = PUBLISHED, now


def import_built_ins(
    session: Session, root: Path, *, next_id: Callable[[], int], now: datetime
) -> list[str]:
    """Publishes the packages below `root` that the database has never had in this form.

    A tree whose digest is known in any state is left alone, so a county that rolled back keeps
    its choice. Returns the keys published. Raises PackageError for a tree that cannot run.
    """
    published = []
    for key in find_keys(root):
        source = read_folder(root, key)
        known = session.scalar(
            select(PackageVersion.id).where(
                PackageVersion.key == key, PackageVersion.digest == source.digest
            )
        )
        if known is None:
            row = add_draft(session, source, version_id=next_id(), author=BUILT_IN, now=now)
            publish(session, row, now=now)
            published.append(key)
    return published
