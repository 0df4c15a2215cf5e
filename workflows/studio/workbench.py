"""The working copy of a package: opened, saved, brought back, handed in as a version.

A package of a place has one working copy, whoever works on it. Every save is a row that can be
brought back; a version is never changed, so what was approved, walked or published stays what it
was (docs/decisions/0014-one-working-copy.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import Titles
from workflows.catalogue.source import PackageSource, change_files, read_zip, to_zip
from workflows.errors import ConflictError, NotVisibleError
from workflows.rollout.events import LONGEST_NOTES
from workflows.rollout.places import (
    PUBLISH,
    READERS,
    Place,
    check_place,
    find_base,
    find_version,
    may_here,
    read_place,
    versions_of,
)
from workflows.rollout.versions import AddVersion, Drafted, Examiner, VersionView, title_of, view_of
from workflows.rollout.versions import add_version as add
from workflows.storage import Actor, Session
from workflows.studio.tables import StudioRevision


@dataclass(frozen=True, slots=True)
class Saved:
    """One save, without its tree. `restored`: the save that was brought back, 0 for none."""

    number: int
    who: str
    at: datetime
    notes: str
    from_version: int
    restored: int
    digest: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """A working copy. `saved` None before the first save: then `tree` is that of version
    `from_version`. `versions`: newest first. `version`: one that is the same tree, if any."""

    package: str
    title: Titles
    tree: PackageSource
    saved: Saved | None
    from_version: int
    versions: tuple[VersionView, ...]
    may_edit: bool

    @property
    def revision(self) -> int:
        """Number of the newest save, 0 before the first."""
        return self.saved.number if self.saved else 0

    @property
    def version(self) -> VersionView | None:
        """The newest version with the same tree: what was handed in and not changed since."""
        digest = self.tree.digest
        return next((one for one in self.versions if one.digest == digest), None)


@dataclass(frozen=True, slots=True)
class Save:
    """What somebody wants stored. `revision`: the save the changes were made on; `changes`: path →
    contents, None for a file taken away."""

    package: str
    revision: int
    changes: Mapping[str, bytes | None]
    notes: str = ""


class OvertakenError(ConflictError):
    """Somebody saved in between; `newest` is that save."""

    def __init__(self, newest: Saved) -> None:
        self.newest = newest
        super().__init__("studio.overtaken", who=newest.who, number=newest.number)


def open_workbench(platform: Platform, actor: Actor, package: str) -> Workbench:
    """The working copy of a package as it stands. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        return _open(session, place)


def tree_at(platform: Platform, actor: Actor, package: str, revision: int) -> PackageSource:
    """The tree of one save, 0: of the version the working copy begins with. Raises
    NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        if revision == 0:
            return _beginning(session, place)[0]
        return read_zip(_find(session, place, revision).source)


def list_saves(platform: Platform, actor: Actor, package: str) -> tuple[Saved, ...]:
    """All saves, the newest first. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        rows = session.scalars(_saves(place)).all()
        return tuple(_view(row) for row in rows)


def save(platform: Platform, actor: Actor, command: Save) -> Saved:
    """Stores the changes as the next save.

    Raises OvertakenError where somebody saved since, InvalidInputError for a path outside the
    package or over the limits, ForbiddenError; nothing is stored then.
    """
    place = read_place(command.package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, PUBLISH)
        bench = _open(session, place)
        if bench.saved and bench.revision != command.revision:
            raise OvertakenError(bench.saved)
        tree = change_files(bench.tree, command.changes)
        return _add(session, platform, place, tree, command.notes, bench)


def restore(platform: Platform, actor: Actor, package: str, number: int) -> Saved:
    """An older save once more, as the newest one. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, PUBLISH)
        tree = read_zip(_find(session, place, number).source)
        return _add(session, platform, place, tree, "", _open(session, place), restored=number)


def take_version(platform: Platform, actor: Actor, package: str, number: int) -> Saved:
    """The tree of a version as the newest save; what was there stays among the saves. Raises
    NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, PUBLISH)
        tree = read_zip(find_version(session, place, number).source)
        bench = _open(session, place)
        return _add(session, platform, place, tree, "", bench, from_version=number)


def hand_in(
    platform: Platform,
    actor: Actor,
    package: str,
    revision: int,
    notes: str,
    examiner: Examiner | None = None,
) -> Drafted | VersionView:
    """The working copy as a version that can be rehearsed, approved and published: a new draft, or
    the version that is this tree already.

    Raises OvertakenError where somebody saved since, NotVisibleError, ForbiddenError.
    """
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
        bench = _open(session, place)
    if bench.saved and bench.revision != revision:
        raise OvertakenError(bench.saved)
    if bench.version is not None:
        return bench.version
    return add(platform, actor, AddVersion(package, to_zip(bench.tree), notes), examiner)


def _open(session: Session, place: Place) -> Workbench:
    versions = tuple(view_of(row) for row in session.scalars(versions_of(place)))
    row = session.scalars(_saves(place).options(undefer(StudioRevision.source)).limit(1)).first()
    if row is not None:
        tree, number = read_zip(row.source), row.from_version
    else:
        tree, number = _beginning(session, place)
    return Workbench(
        package=place.name,
        title=title_of(tree),
        tree=tree,
        saved=_view(row) if row is not None else None,
        from_version=number,
        versions=versions,
        may_edit=may_here(session, place, PUBLISH),
    )


def _beginning(session: Session, place: Place) -> tuple[PackageSource, int]:
    """What somebody finds who opens a package nobody has worked on: its newest draft if it is
    newer than what counts, else what counts."""
    newest = session.scalars(versions_of(place).limit(1)).first()
    if newest is None:
        raise NotVisibleError("package.unknown", key=place.name)
    base = find_base(session, place)
    own = base is not None and base.unit_code == place.unit
    number = base.number if base is not None and own and newest.state != "draft" else newest.number
    return read_zip(find_version(session, place, number).source), number


def _add(
    session: Session,
    platform: Platform,
    place: Place,
    tree: PackageSource,
    notes: str,
    bench: Workbench,
    *,
    restored: int = 0,
    from_version: int | None = None,
) -> Saved:
    row = StudioRevision(
        id=platform.ids.next(),
        key=place.key,
        unit_code=place.unit,
        number=bench.revision + 1,
        digest=tree.digest,
        source=to_zip(tree),
        account_id=session.actor.account_id,
        who=session.actor.name,
        at=platform.clock.now(),
        notes=notes.strip()[:LONGEST_NOTES],
        from_version=bench.from_version if from_version is None else from_version,
        restored=restored,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("rollout.changed_meanwhile") from error
    return _view(row)


def _find(session: Session, place: Place, number: int) -> StudioRevision:
    wanted = _saves(place).where(StudioRevision.number == number)
    row = session.scalars(wanted.options(undefer(StudioRevision.source))).one_or_none()
    if row is None:
        raise NotVisibleError("studio.save_unknown", number=number)
    return row


def _saves(place: Place) -> Select[StudioRevision]:
    return (
        select(StudioRevision)
        .where(StudioRevision.key == place.key, StudioRevision.unit_code == place.unit)
        .order_by(StudioRevision.number.desc())
    )


def _view(row: StudioRevision) -> Saved:
    return Saved(
        number=row.number,
        who=row.who,
        at=row.at,
        notes=row.notes,
        from_version=row.from_version,
        restored=row.restored,
        digest=row.digest,
    )
