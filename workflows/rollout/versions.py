"""Versions of a package for those who look after it: list, bring a draft, export, compare.

The common package of the installation belongs to whoever may publish at the top of the tree of
units; a unit's own way to whoever may publish there. A draft is kept even where the gate speaks
against it, so that it can be mended; publishing (`release.py`) refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from workflows.cases.platform import Platform
from workflows.catalogue import gate
from workflows.catalogue.manifest import FILE, Titles, read_manifest
from workflows.catalogue.neighbours import check_neighbours, published_neighbours
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, read_zip
from workflows.catalogue.tables import PackageVersion
from workflows.catalogue.versions import add_draft
from workflows.engine.findings import Finding
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.messages import Message
from workflows.organisation.posts import list_held_roles
from workflows.rollout.compare.changes import both
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.events import LONGEST_NOTES, Event, note_event
from workflows.rollout.places import (
    PUBLISH,
    READERS,
    check_place,
    find_version,
    parent_of_next,
    read_place,
    versions_of,
)
from workflows.rollout.scenarios.rehearse import Rehearsal, rehearse
from workflows.storage import SYSTEM, Actor, Session
from workflows.storage.clock import local_day


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
    approver: str | None = None
    approved_at: datetime | None = None
    """Of the last approval; whether it counts is `release.is_approved`."""


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
class Examined:
    """`findings`: of the gate, of the packages beside it, of its scenarios. `rehearsal` None where
    it cannot run."""

    findings: tuple[Finding, ...]
    rehearsal: Rehearsal | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being published."""
        return tuple(one for one in self.findings if one.severity == "error")


Examiner: TypeAlias = Callable[[PackageSource], Examined]
Guard: TypeAlias = Callable[[Session], None]
"""Asked once more in the transaction that stores something; raises what refuses it."""


def list_versions(platform: Platform, actor: Actor, package: str) -> tuple[VersionView, ...]:
    """All versions, the newest first; one statement and two for the place. Raises NotVisibleError
    (no such package), ForbiddenError, InvalidInputError (no such unit)."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        rows = session.scalars(versions_of(place)).all()
        if not rows:
            raise NotVisibleError("package.unknown", key=package)
        return tuple(view_of(row) for row in rows)


def add_version(
    platform: Platform,
    actor: Actor,
    command: AddVersion,
    examiner: Examiner | None = None,
    guard: Guard | None = None,
) -> Drafted:
    """Stores a package as the next draft. `examiner`: one that keeps what it found; None: anew.
    Raises ForbiddenError, InvalidInputError (no zip of this package, over the limits), and what
    `guard` raises; what the gate finds is told, not raised."""
    place = read_place(command.package)
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
    source = read_zip(command.content)
    if source.key != place.key:
        raise InvalidInputError("rollout.other_package", sent=source.key, wanted=place.key)
    findings = (examiner(source) if examiner else examine(platform, source)).findings
    with platform.database.transaction(actor) as session:
        if guard is not None:
            guard(session)
        row = add_draft(
            session,
            source,
            version_id=platform.ids.next(),
            author=actor.name,
            now=platform.clock.now(),
            unit_code=place.unit,
            notes=command.notes.strip()[:LONGEST_NOTES],
            author_id=actor.account_id,
            parent_id=parent_of_next(session, place),
        )
        event = Event("drafted", command.notes)
        note_event(session, row, event, event_id=platform.ids.next(), now=platform.clock.now())
        return Drafted(view_of(row), findings)


def export_version(platform: Platform, actor: Actor, package: str, number: int) -> bytes:
    """The tree of a version as a zip. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        return find_version(session, place, number).source


def compare_versions(
    platform: Platform, actor: Actor, package: str, old: int, new: int
) -> Comparison:
    """What version `new` has otherwise than `old`. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        before, after = (find_version(session, place, number).source for number in (old, new))
    return compare(read_zip(before), read_zip(after))


def examine(platform: Platform, source: PackageSource) -> Examined:
    """Everything that can be said about a tree, also beside the packages it hands matters to."""
    findings = gate.check(source)
    if any(one.severity == "error" for one in findings):
        return Examined(findings, None)
    package = compile_package(source)
    with platform.database.reading(SYSTEM) as session:
        others = published_neighbours(session, platform.catalogue, package)
        held = list_held_roles(session, local_day(platform.clock.now()))
    rehearsed = rehearse(package, others=others)
    beside = check_neighbours(package, others.values())
    vacant = _vacant(package, held)
    return Examined((*findings, *vacant, *beside, *rehearsed.findings), rehearsed)


def _vacant(package: Package, held: Collection[str]) -> Iterator[Finding]:
    """A warning for each role nobody in the installation holds today, at its first task."""
    told: set[str] = set(held)
    for element in package.process.elements.values():
        if element.kind in ("userTask", "manualTask") and element.role not in told:
            told.add(str(element.role))
            message = Message("rollout.nobody_holds", {"element": element.id, "role": element.role})
            yield Finding("warning", message.code, element.id, message, element.file, element.line)


def title_of(source: PackageSource) -> Titles:
    """The package's title as its `package.toml` says, its key where that is broken."""
    manifest, _findings = read_manifest(source.key, source.under("bpmn").get(FILE))
    return manifest.title if manifest is not None else both(source.key)


def view_of(row: PackageVersion) -> VersionView:
    """A version as it is read, without its tree."""
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
        approver=row.approver if row.approved_digest == row.digest else None,
        approved_at=row.approved_at,
    )
