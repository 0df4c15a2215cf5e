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
    """The save against the one before it that is still kept, the first against the version it was
    made on. Raises NotVisibleError, ForbiddenError."""
    if number < 1:
        raise NotVisibleError("studio.save_unknown", number=number)
    after = tree_at(platform, actor, package, number)
    return compare(_before(platform, actor, package, number), after)


def _before(platform: Platform, actor: Actor, package: str, number: int) -> PackageSource | None:
    kept = list_saves(platform, actor, package)
    before = next((one.number for one in kept if one.number < number), 0)
    if before:
        return tree_at(platform, actor, package, before)
    if not kept[-1].from_version:
        return None
    return read_zip(export_version(platform, actor, package, kept[-1].from_version))
