"""How many bytes the engine's state of a finished case has, by scenario.

The state as it stands in the run's row before encryption (which adds 28 bytes), at the end and at
its largest on the way.
"""

from __future__ import annotations

from bench.figures import Figure
from tests.factories.rollout import package, run_of

MOST_KIB = 8


def measure() -> list[Figure]:
    """Two figures: the largest finished state of all scenarios, and the largest on the way."""
    runs = [run_of(name) for name in sorted(package().scenarios)]
    finished = max(len(run.states[-1]) for run in runs)
    ever = max(len(state) for run in runs for state in run.states)
    return [
        Figure("engine state, finished case", finished / 1024, "KiB", MOST_KIB),
        Figure("engine state, largest on the way", ever / 1024, "KiB"),
    ]
