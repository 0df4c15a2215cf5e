"""A scenario across two packages, walked through the API, ends like in memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.factories.demo_site import demo_site
from tests.factories.handoffs import COURT, TALKS, court_package, talks_package
from tests.unit.rollout.test_handoff_scenarios import (
    AGREE,
    CHOOSE,
    LIAISON,
    REFUSE,
    TAKE,
    packages,
    registration,
)
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import Scenario, parse_scenario
from workflows.rollout.world.pure_world import PureWorld
from workflows.storage import Database
from workflows.storage.vault import Vault

PAPER = {"task": "choose", "as": LIAISON, "data": {"to_name": "某仲裁委员会"}}
ANSWER = {"message": "delegate.answered", "payload": {"outcome": "agreed"}}
WAYS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "agreed": ([CHOOSE, TAKE, AGREE], "e_agreed"),
    "returned": ([CHOOSE, REFUSE, CHOOSE, TAKE, AGREE], "e_agreed"),
    "expired": ([CHOOSE, TAKE, {"advance": "P60D"}], "e_expired"),
    "paper": ([PAPER, ANSWER], "e_agreed"),
}


def scenario_of(way: str) -> Scenario:
    steps, end = WAYS[way]
    raw = {
        "title": way,
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": LIAISON, "data": registration()},
        "steps": steps,
        "end": {"run": COURT, "element": end},
    }
    return parse_scenario(way, orjson.dumps(raw))


@pytest.mark.parametrize("way", WAYS)
def test_a_scenario_across_packages_ends_as_in_memory(
    way: str, database: Database, tmp_path: Path, vault: Vault
) -> None:
    scenario = scenario_of(way)
    result, world = demo_site(
        database, tmp_path, vault, scenario.at, [court_package(), talks_package()]
    ).walk(scenario, COURT, {})
    assert result.reasons == ()
    pure = PureWorld(packages()[COURT], scenario.at, others=packages())
    assert run_scenario(scenario, COURT, pure, {}).reasons == ()
    assert world.ended(TALKS) == pure.ended(TALKS)
    assert Counter(world.documents()) == Counter(pure.documents())
