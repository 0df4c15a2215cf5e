"""What a working copy changes against what counts, and what past cases came to in it."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.cases.platform import Platform
from workflows.catalogue.source import PackageSource, read_zip
from workflows.rollout.compare.comparison import Comparison, compare
from workflows.rollout.places import READERS, check_place, find_base, find_version, read_place
from workflows.rollout.replay.records import ReplayPage
from workflows.rollout.replay.view import load_version_replays
from workflows.storage import Actor


@dataclass(frozen=True, slots=True)
class Differences:
    """`against`: number and package (`key` or `key@unit`) of the version that counts, None where
    there is none."""

    against: tuple[str, int] | None
    comparison: Comparison


def differences(platform: Platform, actor: Actor, package: str, tree: PackageSource) -> Differences:
    """The tree against the version that counts now. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        base = find_base(session, place)
        if base is None:
            return Differences(None, compare(None, tree))
        name = f"{base.key}@{base.unit_code}" if base.unit_code else base.key
        old = read_zip(find_version(session, read_place(name), base.number).source)
    return Differences((name, base.number), compare(old, tree))


def last_replay(platform: Platform, actor: Actor, package: str, number: int) -> ReplayPage | None:
    """The newest replay through a version, None before the first. Raises NotVisibleError,
    ForbiddenError."""
    return load_version_replays(platform, actor, package, number).shown
