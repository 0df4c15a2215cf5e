"""What a list can be filtered by: dispute kinds and stages of the processes that are in force."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.cases.platform import Platform
from workflows.cases.queries.records import Titles
from workflows.catalogue.package import Package
from workflows.catalogue.versions import list_current
from workflows.storage import Actor, Session

KIND_FIELD = "dispute_kind"
"""The case fact that says what a matter is about."""


def current_packages(platform: Platform, session: Session, actor: Actor) -> tuple[Package, ...]:
    """Packages in force for the actor's units. Reads nothing once this process knows any."""
    known = platform.catalogue.known()
    if known:
        return known
    paths = [post.unit_path for post in actor.posts]
    return tuple(
        platform.catalogue.load(session, version.id) for version in list_current(session, paths)
    )


def list_kinds(
    platform: Platform, session: Session, actor: Actor
) -> tuple[tuple[str, Titles], ...]:
    """(value, title) of all dispute kinds, in the order of the forms."""
    found: dict[str, Titles] = {}
    for package in current_packages(platform, session, actor):
        for value, title in kind_choices(package):
            found.setdefault(value, title)
    return tuple(found.items())


def list_stages(
    platform: Platform, session: Session, actor: Actor
) -> tuple[tuple[str, Titles], ...]:
    """(key, title) of all stages, in the order of the processes."""
    found: dict[str, Titles] = {}
    for package in current_packages(platform, session, actor):
        for stage in package.manifest.stages:
            found.setdefault(stage.key, stage.title)
    return tuple(found.items())


def kind_choices(package: Package) -> Iterable[tuple[str, Titles]]:
    """What the package's forms let people choose as the kind of a dispute."""
    for form in package.forms.values():
        for field in form.fields:
            if field.name == KIND_FIELD and field.store == "case":
                for choice in field.choices:
                    yield str(choice.value), choice.title


def kind_title(package: Package, kind: str) -> Titles:
    """The title of a kind; one no form offers is shown as itself."""
    return dict(kind_choices(package)).get(kind, {"zh": kind, "en": kind})
