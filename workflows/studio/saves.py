"""What one save changed, in the words of a comparison."""

from __future__ import annotations

from workflows.cases.platform import Platform
from workflows.catalogue.source import PackageSource, read_zip
from workflows.errors import NotVisibleError
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.versions import export_version
from workflows.storage import Actor
from workflows.studio.workbench import list_saves, tree_at


def compare_save(platform: Platform, actor: Actor, package: str, number: int) -> Comparison:
    """The save against the one before it, the first against the version it was made on. Raises
    NotVisibleError, ForbiddenError."""
    if number < 1:
        raise NotVisibleError("studio.save_unknown", number=number)
    after = tree_at(platform, actor, package, number)
    return compare(_before(platform, actor, package, number), after)


def _before(platform: Platform, actor: Actor, package: str, number: int) -> PackageSource | None:
    if number > 1:
        return tree_at(platform, actor, package, number - 1)
    first = list_saves(platform, actor, package)[-1]
    if not first.from_version:
        return None
    return read_zip(export_version(platform, actor, package, first.from_version))
