"""Scenarios of a version seen and edited as data: every edit is a new draft, nothing is changed.

A version's bytes never change, drafts neither, so what a walk found is of exactly that version
(docs/decisions/0011-walked-before-published.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import FILE, Titles, read_manifest
from workflows.catalogue.source import PackageSource, read_zip, to_zip
from workflows.errors import FieldError, InvalidFormError, NotVisibleError
from workflows.messages import Message
from workflows.rollout.places import (
    PUBLISH,
    READERS,
    check_place,
    find_version,
    may_here,
    read_place,
)
from workflows.rollout.scenarios.scenario import ScenarioError, parse_scenario
from workflows.rollout.versions import AddVersion, Drafted, Examiner, VersionView, view_of
from workflows.rollout.versions import add_version as add
from workflows.storage import Actor

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
LONGEST = 200_000
"""Characters of one scenario. The longest built-in one has 13,000."""


@dataclass(frozen=True, slots=True)
class ScenariosOf:
    """The scenarios of a version. `files`: name → text as it stands, sorted."""

    package: str
    title: Titles
    version: VersionView
    source: PackageSource
    files: Mapping[str, str]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """A scenario as it shall be. `old`: the name it has, "" for a new one. `notes`: of
    the draft."""

    old: str
    name: str
    content: str
    notes: str


def load_scenarios(platform: Platform, actor: Actor, package: str, number: int) -> ScenariosOf:
    """For whoever looks after the package. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        row = find_version(session, place, number)
        source = read_zip(row.source)
        manifest, _findings = read_manifest(source.key, source.under("bpmn").get(FILE))
        return ScenariosOf(
            package=place.name,
            title=manifest.title if manifest else {"zh": place.key, "en": place.key},
            version=view_of(row),
            source=source,
            files=_texts(source),
            may_edit=may_here(session, place, PUBLISH),
        )


def _texts(source: PackageSource) -> dict[str, str]:
    folder = "scenarios/"
    return {
        path.removeprefix(folder).removesuffix(".json"): content.decode("utf-8", "replace")
        for path, content in source.under("bpmn", ".json").items()
        if path.startswith(folder) and "/" not in path.removeprefix(folder)
    }


def save_scenario(
    platform: Platform,
    actor: Actor,
    found: ScenariosOf,
    edit: Edit,
    examiner: Examiner | None = None,
) -> Drafted:
    """A new draft in which the scenario is as it was sent; with another name it is a copy. What a
    walk of it finds is told, not raised. Raises InvalidFormError (`/name`, `/content`: everything
    that is wrong with either), ForbiddenError; nothing is stored then."""
    if edit.old and edit.old not in found.files:
        raise NotVisibleError("rollout.scenario_unknown", name=edit.old[:60])
    errors = [*_wrong_name(found, edit), *_wrong_content(edit)]
    if not errors and edit.content == found.files.get(edit.name):
        errors = [FieldError("/content", Message("rollout.scenario_same"))]
    if errors:
        raise InvalidFormError(errors)
    files = {**found.source.files, _path(found, edit.name): edit.content.encode("utf-8")}
    return _draft(platform, actor, found, files, edit.notes, examiner)


def drop_scenario(
    platform: Platform,
    actor: Actor,
    found: ScenariosOf,
    name: str,
    *,
    notes: str,
    examiner: Examiner | None = None,
) -> Drafted:
    """A new draft without the scenario. Raises NotVisibleError, ForbiddenError."""
    if name not in found.files:
        raise NotVisibleError("rollout.scenario_unknown", name=name[:60])
    files = {k: v for k, v in found.source.files.items() if k != _path(found, name)}
    return _draft(platform, actor, found, files, notes, examiner)


def _draft(
    platform: Platform,
    actor: Actor,
    found: ScenariosOf,
    files: Mapping[str, bytes],
    notes: str,
    examiner: Examiner | None,
) -> Drafted:
    source = replace(found.source, files=dict(sorted(files.items())))
    return add(platform, actor, AddVersion(found.package, to_zip(source), notes), examiner)


def _path(found: ScenariosOf, name: str) -> str:
    return f"bpmn/{found.source.key}/scenarios/{name}.json"


def _wrong_name(found: ScenariosOf, edit: Edit) -> list[FieldError]:
    if not NAME.match(edit.name):
        return [FieldError("/name", Message("rollout.scenario_name"))]
    if edit.name != edit.old and edit.name in found.files:
        return [FieldError("/name", Message("rollout.scenario_taken", {"name": edit.name}))]
    return []


def _wrong_content(edit: Edit) -> list[FieldError]:
    """Not JSON: one error with its line. JSON of another shape: every place that is wrong."""
    if len(edit.content) > LONGEST:
        return [FieldError("/content", Message("rollout.scenario_long", {"most": LONGEST}))]
    try:
        json.loads(edit.content)
    except json.JSONDecodeError as exc:
        told = {"line": exc.lineno, "column": exc.colno}
        return [FieldError("/content", Message("rollout.scenario_not_json", told))]
    except RecursionError:
        told = {"line": 1, "column": 1}
        return [FieldError("/content", Message("rollout.scenario_not_json", told))]
    try:
        parse_scenario(edit.name or "new", edit.content.encode("utf-8", "replace"))
    except ScenarioError as broken:
        return [
            FieldError(
                "/content", Message("rollout.field", {"path": e.path or "/", "why": e.message})
            )
            for e in broken.errors
        ]
    return []
