"""Versions of a package for those who look after it: list, bring a draft, publish, export.

The common package of the installation belongs to whoever may publish at the top of the tree of
units; a unit's own way to whoever may publish there. A draft is kept even where the gate speaks
against it, so that it can be mended; publishing refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.catalogue import gate
from workflows.catalogue.neighbours import check_neighbours, published_neighbours
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import KEY, PackageSource, read_zip
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import add_draft, publish
from workflows.engine.findings import Finding
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, PackageError
from workflows.organisation.tables import Unit
from workflows.rollout.rehearse import rehearse
from workflows.storage import SYSTEM, Actor, Session

READERS = frozenset({"publish", "approve", "audit"})
"""Abilities that let somebody look at versions."""
LONGEST_NOTES = 2000


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version. `number` counts within (key, unit); `state`: draft | published | retired."""

    key: str
    unit: str
    number: int
    state: str
    digest: str
    author: str
    notes: str
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class AddVersion:
    """A package that was sent. `package`: `key` or `key@unit`; `content`: a zip."""

    package: str
    content: bytes
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft and every finding: of the gate, and where it can run, of its scenarios."""

    version: VersionView
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    key: str
    unit: str


def list_versions(platform: Platform, actor: Actor, package: str) -> tuple[VersionView, ...]:
    """All versions, the newest first; one statement and two for the place. Raises NotVisibleError
    (no such package), ForbiddenError, InvalidInputError (no such unit)."""
    place = _read_package(package)
    with platform.database.reading(actor) as session:
        _check(session, place, READERS)
        rows = session.scalars(
            select(PackageVersion)
            .where(PackageVersion.key == place.key, PackageVersion.unit_code == place.unit)
            .order_by(PackageVersion.number.desc())
        ).all()
        if not rows:
            raise NotVisibleError("package.unknown", key=package)
        return tuple(_view(row) for row in rows)


def add_version(platform: Platform, actor: Actor, command: AddVersion) -> Drafted:
    """Stores a package as the next draft. Raises ForbiddenError, InvalidInputError (no zip of this
    package, over the limits); what the gate finds is told, not raised."""
    place = _read_package(command.package)
    with platform.database.reading(actor) as session:
        _check(session, place, frozenset({"publish"}))
    source = read_zip(command.content)
    if source.key != place.key:
        raise InvalidInputError("rollout.other_package", sent=source.key, wanted=place.key)
    findings = _examine(platform, source)
    with platform.database.transaction(actor) as session:
        row = add_draft(
            session,
            source,
            version_id=platform.ids.next(),
            author=actor.name,
            now=platform.clock.now(),
            unit_code=place.unit,
            notes=command.notes.strip()[:LONGEST_NOTES],
        )
        return Drafted(_view(row), findings)


def publish_version(
    platform: Platform, actor: Actor, package: str, number: int, *, notes: str
) -> VersionView:
    """Makes a draft what new cases use. Raises NotVisibleError, ForbiddenError, ConflictError (no
    draft any more), PackageError with every error of the gate and of the scenarios."""
    place = _read_package(package)
    with platform.database.reading(actor) as session:
        _check(session, place, frozenset({"publish"}))
        source = read_zip(_find(session, place, number).source)
    errors = [one for one in _examine(platform, source) if one.severity == "error"]
    if errors:
        raise PackageError(errors)
    with platform.database.transaction(actor) as session:
        row = _find(session, place, number)
        publish(session, row, now=platform.clock.now())
        row.notes = notes.strip()[:LONGEST_NOTES] or row.notes
        return _view(row)


def export_version(platform: Platform, actor: Actor, package: str, number: int) -> bytes:
    """The tree of a version as a zip. Raises NotVisibleError, ForbiddenError."""
    place = _read_package(package)
    with platform.database.reading(actor) as session:
        _check(session, place, READERS)
        return _find(session, place, number).source


def _read_package(text: str) -> _Place:
    key, _, unit = text.partition("@")
    if not KEY.match(key):
        raise InvalidInputError("package.bad_key", key=key[:60])
    return _Place(key, unit)


def _check(session: Session, place: _Place, abilities: frozenset[str]) -> None:
    """Whether the actor has one of the abilities where the package counts."""
    wanted = Unit.code == place.unit if place.unit else Unit.parent_code.is_(None)
    paths = session.scalars(select(Unit.path).where(wanted)).all()
    if not paths:
        raise InvalidInputError("unit.unknown", code=place.unit)
    actor = session.actor
    if actor.is_system or any(actor.may_in(one, path) for one in abilities for path in paths):
        return
    raise ForbiddenError("rollout.not_yours")


def _find(session: Session, place: _Place, number: int) -> PackageVersion:
    row = session.scalars(
        select(PackageVersion).where(
            PackageVersion.key == place.key,
            PackageVersion.unit_code == place.unit,
            PackageVersion.number == number,
        )
    ).one_or_none()
    if row is None:
        raise NotVisibleError("package.version_unknown", key=place.key, number=number)
    return row


def _examine(platform: Platform, source: PackageSource) -> tuple[Finding, ...]:
    """Everything that can be said about a tree, also beside the packages it hands matters to."""
    findings = gate.check(source)
    if any(one.severity == "error" for one in findings):
        return findings
    package = compile_package(source)
    with platform.database.reading(SYSTEM) as session:
        others = published_neighbours(session, platform.catalogue, package)
    return (
        *findings,
        *check_neighbours(package, others.values()),
        *rehearse(package, others=others).findings,
    )


def _view(row: PackageVersion) -> VersionView:
    return VersionView(
        key=row.key,
        unit=row.unit_code,
        number=row.number,
        state=row.state,
        digest=row.digest,
        author=row.author,
        notes=row.notes,
        created_at=row.created_at,
        published_at=row.published_at,
    )
