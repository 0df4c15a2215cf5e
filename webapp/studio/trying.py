"""Expressions tried on a sample case, which is walked once for each tree a process has seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from webapp.pages.formats import spoken
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.catalogue.source import PackageSource
from workflows.studio import workbench
from workflows.studio.expressions import Typed, look_at
from workflows.studio.sample import Sample, find_sample

MOST_SAMPLES = 8


def look(package: str, typed: Typed, revision: int) -> dict[str, Any]:
    """{"problems": [{line, column, message}], "values": [{name, value}]}."""
    tree = workbench.tree_at(platform(), current_actor(), package, revision)
    found = look_at(typed, _sample(_Known(tree)))
    return {
        "problems": [
            {"line": one.line, "column": one.column, "message": spoken(one.message)}
            for one in found.problems
        ],
        "values": [{"name": name, "value": value} for name, value in found.values],
    }


class _Known:
    """A tree as a key: equal trees give the same sample."""

    def __init__(self, tree: PackageSource) -> None:
        self.tree, self.digest = tree, tree.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.digest == self.digest


@lru_cache(maxsize=MOST_SAMPLES)
def _sample(known: _Known) -> Sample | None:
    return find_sample(platform(), known.tree)
