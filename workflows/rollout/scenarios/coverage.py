"""What scenarios pass of a diagram, and what none of them does.

Counted are elements a walk shows by itself: user tasks, decisions, operations, time limits and
ends of the spine. Gateways and scripts lie between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.engine import ProcessVersion
from workflows.engine.elements import Element
from workflows.rollout.world.pure_run import Visits

WORK = frozenset({"userTask", "manualTask", "businessRuleTask", "serviceTask", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """`passed` and `missed` are disjoint, sorted element ids."""

    passed: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """0..1; 1 where there is nothing to pass."""
        total = len(self.passed) + len(self.missed)
        return len(self.passed) / total if total else 1.0


def countable(version: ProcessVersion) -> frozenset[str]:
    """Ids of all elements that count."""
    return frozenset(e.id for e in version.elements.values() if _counts(e, version.key))


def measure_coverage(version: ProcessVersion, walks: Iterable[Visits]) -> Coverage:
    """Coverage of all walks together."""
    seen: set[str] = set()
    for visits in walks:
        seen |= visits.elements
    wanted = countable(version)
    return Coverage(tuple(sorted(wanted & seen)), tuple(sorted(wanted - seen)))


def list_ends(version: ProcessVersion) -> tuple[str, ...]:
    """End events of the spine, in drawing order."""
    return tuple(
        e.id
        for e in version.elements.values()
        if e.kind == "endEvent" and e.process == version.key and e.parent == version.key
    )


def _counts(element: Element, spine: str) -> bool:
    if element.kind in WORK or element.event == "timer":
        return True
    return element.kind == "endEvent" and element.process == spine and element.parent == spine
