"""What pages about packages show: the list, one version with what publishing it means, a pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import or_, select

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import Titles
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.tables import DRAFT, PUBLISHED, PackageVersion
from workflows.errors import ForbiddenError
from workflows.organisation.holders import Holder
from workflows.organisation.tables import Unit
from workflows.rollout.approval import list_approvers
from workflows.rollout.events import Noted, list_events
from workflows.rollout.impact import Impact, measure
from workflows.rollout.own_ways import Above, find_above, list_starting_points
from workflows.rollout.places import (
    APPROVE,
    PUBLISH,
    READERS,
    Place,
    check_place,
    find_base,
    find_paths,
    find_version,
    has_here,
    read_place,
    versions_of,
)
from workflows.rollout.release import Looked, is_author, look
from workflows.rollout.versions import VersionView, title_of, view_of
from workflows.storage import Actor, Session
from workflows.storage.clock import local_day


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package of one place. `unit` "" for the common one; `current` None before the first
    publication; `drafts` newest first; `counts_here`: it is what a post of the reader uses."""

    package: str
    title: Titles
    unit: str
    unit_name: str
    current: VersionView | None
    drafts: tuple[VersionView, ...]
    versions: int
    may_read: bool
    may_edit: bool
    counts_here: bool
    has_moved_on: bool
    """Of a unit's own way: what counts above it is newer than what it goes by."""


@dataclass(frozen=True, slots=True)
class PackagesPage:
    """`places`: (unit code, name) where the reader may bring a draft; "" is everybody's."""

    rows: tuple[PackageRow, ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version. `looked`, `impact` None for the one that counts now. `is_own`: the reader wrote
    it. `others`: all versions of the place, newest first. `above`: what a unit's own way goes by.
    `may_start_at`: (code, name) of counties that may make their own way of it. `approvers`: whom
    the reader can ask to approve it, where somebody has to."""

    package: str
    title: Titles
    version: VersionView
    source: PackageSource
    looked: Looked | None
    impact: Impact | None
    events: tuple[Noted, ...]
    others: tuple[VersionView, ...]
    above: Above | None
    may_start_at: tuple[tuple[str, str], ...]
    may_publish: bool
    may_approve: bool
    is_own: bool
    approvers: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions to compare. `before` None: there is nothing to compare with."""

    package: str
    title: Titles
    before: VersionView | None
    after: VersionView
    old: PackageSource | None
    new: PackageSource


def list_packages(platform: Platform, actor: Actor) -> PackagesPage:
    """All packages the actor may look after, and those that count for their posts. Two statements,
    three for each own way, one for the title of each version this process has not opened yet.
    Raises ForbiddenError for whoever looks after none."""
    if not actor.abilities & READERS:
        raise ForbiddenError("rollout.not_yours")
    with platform.database.reading(actor) as session:
        rows = session.scalars(
            select(PackageVersion).order_by(
                PackageVersion.key, PackageVersion.unit_code, PackageVersion.number.desc()
            )
        ).all()
        units = _units(session, actor, {row.unit_code for row in rows})
        listed = []
        for (key, unit), versions in groupby(rows, lambda row: (row.key, row.unit_code)):
            row = _row(session, platform, Place(key, unit), list(versions), units)
            if row.may_read or row.counts_here:
                listed.append(row)
        return PackagesPage(tuple(listed), _own_places(actor, units))


def list_places(platform: Platform, actor: Actor) -> tuple[tuple[str, str], ...]:
    """(unit code, name) of where the actor may bring a package, "" is everybody's; one
    statement."""
    with platform.database.reading(actor) as session:
        return _own_places(actor, _units(session, actor, set()))


def _units(session: Session, actor: Actor, named: set[str]) -> Mapping[str, tuple[str, str]]:
    """Unit code → (path, name); the root also as ""."""
    reached = {post.unit_path.strip("/").rpartition("/")[2] for post in actor.posts}
    found = session.execute(
        select(Unit.code, Unit.path, Unit.name, Unit.parent_code).where(
            or_(Unit.code.in_(sorted(named | reached)), Unit.parent_code.is_(None))
        )
    )
    units: dict[str, tuple[str, str]] = {}
    for code, path, name, parent in found:
        units[code] = (path, name)
        if parent is None:
            units[""] = (path, "")
    return units


def _row(
    session: Session,
    platform: Platform,
    place: Place,
    rows: list[PackageVersion],
    units: Mapping[str, tuple[str, str]],
) -> PackageRow:
    path, name = units.get(place.unit, ("", place.unit))
    actor = session.actor
    current = next((row for row in rows if row.state == PUBLISHED), None)
    return PackageRow(
        package=place.name,
        title=_stored_title(session, platform, current or rows[0]),
        unit=place.unit,
        unit_name=name,
        current=view_of(current) if current else None,
        drafts=tuple(view_of(row) for row in rows if row.state == DRAFT),
        versions=len(rows),
        may_read=any(actor.may_in(one, path) for one in READERS),
        may_edit=any(actor.may_in(one, path) for one in PUBLISH),
        has_moved_on=_has_moved_on(session, place, current or rows[0]),
        counts_here=current is not None
        and any(post.unit_path.startswith(path) for post in actor.posts),
    )


def _has_moved_on(session: Session, place: Place, row: PackageVersion) -> bool:
    above = find_above(session, place, row)
    return above is not None and above.has_moved_on


def _stored_title(session: Session, platform: Platform, row: PackageVersion) -> Titles:
    """Of a published version from what the process keeps, of a draft from its tree."""
    if row.state == DRAFT:
        return title_of(read_zip(row.source))
    return platform.catalogue.load(session, row.id).manifest.title


def _own_places(actor: Actor, units: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    root = units.get("", ("", ""))[0]
    places: dict[str, str] = {}
    for code, (path, name) in units.items():
        reached = any(path == post.unit_path and post.reach == "subtree" for post in actor.posts)
        if actor.may_in("publish", path) and (code == "" or (reached and path != root)):
            places[code] = name
    return tuple(sorted(places.items()))


def load_version_page(platform: Platform, actor: Actor, package: str, number: int) -> VersionPage:
    """One version for whoever looks after the package; at most sixteen statements, whatever
    there is. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        paths = find_paths(session, place)
        if not has_here(actor, paths, READERS):
            raise ForbiddenError("rollout.not_yours")
        row = find_version(session, place, number)
        source = read_zip(row.source)
        looked = look(session, place, row) if row.state != PUBLISHED else None
        on = local_day(platform.clock.now())
        may_publish = has_here(actor, paths, PUBLISH)
        asks = may_publish and looked is not None and looked.is_needed and not looked.is_approved
        return VersionPage(
            package=place.name,
            title=title_of(source),
            version=view_of(row),
            source=source,
            looked=looked,
            impact=measure(session, place, looked, on) if looked else None,
            events=list_events(session, row.id),
            above=find_above(session, place, row),
            may_start_at=list_starting_points(session, place, row),
            others=_views(session.scalars(versions_of(place))),
            may_publish=may_publish,
            may_approve=has_here(actor, paths, APPROVE),
            is_own=is_author(session, row, actor),
            approvers=list_approvers(session, platform, paths, row) if asks else (),
        )


def _views(rows: Iterable[PackageVersion]) -> tuple[VersionView, ...]:
    return tuple(view_of(row) for row in rows)


def load_pair(platform: Platform, actor: Actor, package: str, old: int | None, new: int) -> Pair:
    """Two versions of a place; `old` None: what counts there now. Raises NotVisibleError,
    ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        after = find_version(session, place, new)
        before = find_base(session, place) if old is None else find_version(session, place, old)
        source = read_zip(after.source)
        return Pair(
            package=place.name,
            title=title_of(source),
            before=view_of(before) if before else None,
            after=view_of(after),
            old=read_zip(before.source) if before else None,
            new=source,
        )
