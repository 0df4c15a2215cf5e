"""Running cases of people's mediation, along every scenario, go to a version with added steps, a
changed form, a removed task, a moved clock. Each that goes completes as its scenario says, each
that stays says why and completes where it is; no clock becomes another.

Every fifth step of each scenario here, another one for each change; `bench/migrate.py` takes them
all, some 1,300 cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest

from tests.factories.p1_versions import CHANGES, GoingOver, changed_p1
from tests.factories.rollout import KEY, package, scenario
from workflows.engine.migrate_checks import Refusal
from workflows.messages import load_catalogue
from workflows.rollout.scenarios.run_scenario import Reason, run_scenario

STRIDE = 5
EXPECTED: dict[str, dict[tuple[str, str], set[str]]] = {
    "added step": {},
    "changed form": {},
    "removed task": {("engine.migrate_element_gone", "follow_up"): {"follow_up"}},
    "moved boundary": {
        ("engine.migrate_boundary_changed", "deliver"): {"deliver"},
        ("engine.migrate_boundary_changed", "follow_up"): {"follow_up"},
    },
}
"""Change → (why, where it says so) → a step the run stood at."""


@dataclass(frozen=True)
class Walked:
    """One case: where it went over, what came of it, why its scenario went wrong."""

    name: str
    step: int
    world: GoingOver
    reasons: tuple[Reason, ...]


@cache
def others() -> dict[str, object]:
    keys = ("petition", "litigation_handoff", "judicial_confirmation")
    return {key: package(key) for key in keys}


def walks(change: str, stride: int) -> list[Walked]:
    """A case for every `stride`th step of all scenarios."""
    found = []
    for name in sorted(package().scenarios):
        written = scenario(name)
        for step in range(list(CHANGES).index(change) % stride, len(written.steps), stride):
            world = GoingOver(written.at, changed_p1(change), step, others())
            result = run_scenario(written, KEY, world, package().scenario_files)
            found.append(Walked(name, step, world, result.reasons))
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_every_case_goes_and_completes_or_stays_and_says_why(change: str) -> None:
    why = check(change, walks(change, STRIDE))
    assert bool(why) == bool(EXPECTED[change])


def check(change: str, walked: list[Walked]) -> Counter[tuple[str, str]]:
    """Fails for a case that is neither gone and complete nor there with its reason. How often each
    reason was given."""
    assert [(one.name, one.step, one.reasons) for one in walked if one.reasons] == []
    why: Counter[tuple[str, str]] = Counter()
    for one in walked:
        found = one.world.went.found
        if isinstance(found, Refusal):
            key = (found.message.code, found.element or "")
            assert key in EXPECTED[change], (one.name, one.step)
            assert set(one.world.went.elements) & EXPECTED[change][key], one.world.went.elements
            assert found.message.code in load_catalogue()
            why[key] += 1
        else:
            assert isinstance(found, bytes), (one.name, one.step)
            assert one.world.went.clocks == one.world.went.clocks_before
    assert sum(why.values()) < len(walked) / 4
    return why
