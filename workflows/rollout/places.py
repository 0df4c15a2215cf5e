"""Where a package counts, who may look after it there, and its versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from workflows.catalogue.source import KEY
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import current_version
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError
from workflows.organisation.tables import Unit
from workflows.organisation.units import find_path, parent_path
from workflows.storage import Actor, Session

READERS = frozenset({"publish", "approve", "audit"})
"""Abilities that let somebody look at versions."""
PUBLISH, APPROVE = frozenset({"publish"}), frozenset({"approve"})


@dataclass(frozen=True, slots=True)
class Place:
    """A package of a unit; `unit` is "" for the common one of the installation."""

    key: str
    unit: str

    @property
    def name(self) -> str:
        """As addresses write it: `key` or `key@unit`."""
        return f"{self.key}@{self.unit}" if self.unit else self.key


def read_place(text: str) -> Place:
    """`key` or `key@unit`. Raises InvalidInputError for a key that cannot be one."""
    key, _, unit = text.partition("@")
    if not KEY.match(key):
        raise InvalidInputError("package.bad_key", key=key[:60])
    return Place(key, unit)


def check_place(session: Session, place: Place, abilities: Collection[str]) -> None:
    """Raises ForbiddenError unless the actor has one of the abilities where the package counts,
    InvalidInputError for a unit that does not exist."""
    if not may_here(session, place, abilities):
        raise ForbiddenError("rollout.not_yours")


def may_here(session: Session, place: Place, abilities: Collection[str]) -> bool:
    """The question of `check_place`; one statement."""
    return has_here(session.actor, find_paths(session, place), abilities)


def find_paths(session: Session, place: Place) -> tuple[str, ...]:
    """Paths of the units at which the package is looked after: its own, or the roots of the tree.
    Raises InvalidInputError for a unit that does not exist."""
    wanted = Unit.code == place.unit if place.unit else Unit.parent_code.is_(None)
    paths = tuple(session.scalars(select(Unit.path).where(wanted)))
    if not paths:
        raise InvalidInputError("unit.unknown", code=place.unit)
    return paths


def has_here(actor: Actor, paths: Collection[str], abilities: Collection[str]) -> bool:
    """Whether the actor has one of the abilities at one of the units."""
    return actor.is_system or any(actor.may_in(one, path) for one in abilities for path in paths)


def find_version(session: Session, place: Place, number: int) -> PackageVersion:
    """One version with its tree. Raises NotVisibleError."""
    row = session.scalars(
        select(PackageVersion)
        .where(
            PackageVersion.key == place.key,
            PackageVersion.unit_code == place.unit,
            PackageVersion.number == number,
        )
        .options(undefer(PackageVersion.source))
    ).one_or_none()
    if row is None:
        raise NotVisibleError("package.version_unknown", key=place.key, number=number)
    return row


def find_base(session: Session, place: Place) -> PackageVersion | None:
    """The version that counts there now, of the unit itself or of its nearest ancestor: what
    publishing would take the place of. None where there is none."""
    path = find_path(session, place.unit) if place.unit else ""
    try:
        return current_version(session, place.key, path)
    except NotVisibleError:
        return None


def find_above_version(session: Session, place: Place) -> PackageVersion | None:
    """What would count for a unit if it had no way of its own. None for a common package, and
    where there is nothing."""
    if not place.unit:
        return None
    try:
        return current_version(session, place.key, parent_path(find_path(session, place.unit)))
    except NotVisibleError:
        return None


def versions_of(place: Place) -> Select[PackageVersion]:
    """All versions of a place, the newest first."""
    return (
        select(PackageVersion)
        .where(PackageVersion.key == place.key, PackageVersion.unit_code == place.unit)
        .order_by(PackageVersion.number.desc())
    )


def parent_of_next(session: Session, place: Place) -> int | None:
    """What the next draft of a unit's own way goes by: as its newest version does, for a first
    one what counts above. None for a common package."""
    if not place.unit:
        return None
    newest = session.scalars(versions_of(place).limit(1)).first()
    above = find_above_version(session, place) if newest is None else None
    if newest is not None:
        return newest.parent_id
    return above.id if above is not None else None
