"""A unit's own way of a package: made from the version that counts above it, told when that one
has moved on, and led on to it piece by piece."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import Titles
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.tables import PUBLISHED, PackageVersion
from workflows.catalogue.versions import add_draft
from workflows.errors import ConflictError, InvalidInputError, NotVisibleError
from workflows.organisation.tables import Unit
from workflows.organisation.units import find_path
from workflows.rollout.events import LONGEST_NOTES, Event, note_event
from workflows.rollout.merge.apply import merge
from workflows.rollout.merge.plan import Piece, plan
from workflows.rollout.places import (
    PUBLISH,
    READERS,
    Place,
    check_place,
    find_above_version,
    find_version,
    read_place,
    versions_of,
)
from workflows.rollout.versions import VersionView, title_of, view_of
from workflows.storage import Actor, Session

COUNTY = "县"
"""Kind of unit that is offered for an own way; a package can be brought for any other."""


@dataclass(frozen=True, slots=True)
class Above:
    """What an own way goes by. `parent`: the version it was made from or last took over, None
    where nobody knows; `newest`: what counts above it now, None where there is nothing."""

    parent: VersionView | None
    newest: VersionView | None
    newest_id: int | None

    @property
    def has_moved_on(self) -> bool:
        """Whether there is something to take over."""
        return self.newest is not None and self.newest != self.parent


@dataclass(frozen=True, slots=True)
class MergePage:
    """Both sides and the pieces in which they differ."""

    package: str
    title: Titles
    version: VersionView
    above: Above
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TakeOver:
    """`keys`: of the chosen pieces; `newest_id`: what was shown as the newer version."""

    package: str
    number: int
    newest_id: int
    keys: Collection[str]
    notes: str = ""


def start_own_way(
    platform: Platform, actor: Actor, package: str, number: int, unit: str
) -> tuple[Place, VersionView]:
    """The unit's first own draft: the same tree, which goes by this version.

    Raises NotVisibleError, ForbiddenError, InvalidInputError (no such unit, or none below the
    package's), ConflictError (the unit has its own way already).
    """
    place = read_place(package)
    own = Place(place.key, unit)
    with platform.database.transaction(actor) as session:
        check_place(session, place, READERS)
        if not unit or unit == place.unit:
            raise InvalidInputError("rollout.own_way_where")
        check_place(session, own, PUBLISH)
        if place.unit and f"/{place.unit}/" not in find_path(session, unit):
            raise InvalidInputError("rollout.own_way_where")
        if session.scalars(versions_of(own).limit(1)).first() is not None:
            raise ConflictError("rollout.own_way_exists", unit=unit)
        row = find_version(session, place, number)
        draft = _draft(session, platform, own, read_zip(row.source), row.id, "")
        return own, view_of(draft)


def find_above(session: Session, place: Place, row: PackageVersion) -> Above | None:
    """What a version of a unit goes by; None for a common package. Three statements."""
    if not place.unit:
        return None
    parent = session.get(PackageVersion, row.parent_id) if row.parent_id is not None else None
    newest = find_above_version(session, place)
    return Above(
        parent=view_of(parent) if parent is not None else None,
        newest=view_of(newest) if newest is not None else None,
        newest_id=newest.id if newest is not None else None,
    )


def list_starting_points(
    session: Session, place: Place, row: PackageVersion
) -> tuple[tuple[str, str], ...]:
    """(code, name) of the counties below that have no own way and whose own way the actor may
    make; none of a version that does not count."""
    if row.state != PUBLISHED:
        return ()
    has_own = select(PackageVersion.unit_code).where(PackageVersion.key == place.key)
    found = session.execute(
        select(Unit.code, Unit.name, Unit.path)
        .where(Unit.kind == COUNTY, Unit.code.not_in(has_own), Unit.code != place.unit)
        .order_by(Unit.code)
    )
    inside = f"/{place.unit}/" if place.unit else ""
    return tuple(
        (code, name)
        for code, name, path in found
        if inside in path and any(session.actor.may_in(one, path) for one in PUBLISH)
    )


def load_merge_page(platform: Platform, actor: Actor, package: str, number: int) -> MergePage:
    """What there is to take over. Raises NotVisibleError (also for a common package),
    ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
        row = find_version(session, place, number)
        above = find_above(session, place, row)
        if above is None or above.newest_id is None:
            raise NotVisibleError("package.version_unknown", key=place.name, number=number)
        own, newer = read_zip(row.source), _tree(session, above.newest_id)
        pieces = plan(_base(session, row), own, newer)
        return MergePage(place.name, title_of(own), view_of(row), above, pieces)


def take_over(platform: Platform, actor: Actor, command: TakeOver) -> VersionView:
    """A new draft with the chosen pieces, which goes by the newer version from now on: what was
    not chosen is the unit's decision.

    Raises NotVisibleError, ForbiddenError, ConflictError (a still newer version counts above).
    """
    place = read_place(command.package)
    with platform.database.transaction(actor) as session:
        check_place(session, place, PUBLISH)
        row = find_version(session, place, command.number)
        newest = find_above_version(session, place) if place.unit else None
        if newest is None:
            raise NotVisibleError("package.version_unknown", key=place.name, number=command.number)
        if newest.id != command.newest_id:
            raise ConflictError("rollout.above_changed")
        own, newer = read_zip(row.source), _tree(session, newest.id)
        chosen = [one for one in plan(_base(session, row), own, newer) if one.key in command.keys]
        merged = merge(own, newer, chosen)
        return view_of(_draft(session, platform, place, merged, newest.id, command.notes))


def _draft(
    session: Session,
    platform: Platform,
    place: Place,
    source: PackageSource,
    parent_id: int,
    notes: str,
) -> PackageVersion:
    now, actor = platform.clock.now(), session.actor
    row = add_draft(
        session,
        source,
        version_id=platform.ids.next(),
        author=actor.name,
        now=now,
        unit_code=place.unit,
        notes=notes.strip()[:LONGEST_NOTES],
        author_id=actor.account_id,
        parent_id=parent_id,
    )
    note_event(session, row, Event("drafted", notes), event_id=platform.ids.next(), now=now)
    return row


def _base(session: Session, row: PackageVersion) -> PackageSource | None:
    return _tree(session, row.parent_id) if row.parent_id is not None else None


def _tree(session: Session, version_id: int) -> PackageSource:
    source = session.scalars(
        select(PackageVersion.source).where(PackageVersion.id == version_id)
    ).one()
    return read_zip(source)
