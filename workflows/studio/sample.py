"""A case to try expressions on: the package's own happy scenario, walked to its end in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from workflows.catalogue.package import Package
from workflows.engine.peek import item_data
from workflows.errors import FengqiaoError
from workflows.rollout.scenarios.rehearse import HAPPY
from workflows.rollout.scenarios.run_scenario import Walking
from workflows.rollout.scenarios.scenario import ScenarioError, parse_scenario
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class SampleCase:
    """What expressions read at the end of the walk. `data`: process names and their last values;
    the rest as `case`, `parties`, `unit`, `today`. All plain JSON but `today`."""

    data: Mapping[str, Json]
    case: Mapping[str, Json]
    parties: tuple[Mapping[str, Json], ...]
    unit: Mapping[str, Json]
    today: date


def walk_sample(package: Package, others: Mapping[str, Package]) -> SampleCase | None:
    """The happy scenario as far as it goes, None where it cannot begin. Some 0.3 s."""
    try:
        scenario = parse_scenario(HAPPY, package.scenarios.get(HAPPY, b""))
    except ScenarioError:
        return None
    world = PureWorld(package, scenario.at, others=others)
    walking = Walking(package.manifest.key, world, package.scenario_files)
    data: dict[str, Json] = {}
    try:
        walking.start(scenario.start)
        for step in scenario.steps:
            _gather(world.run, data)
            walking.take(step)
    except FengqiaoError:
        pass
    run = world.run
    if run is None:
        return None
    _gather(run, data)
    facts = run.facts
    return SampleCase(data, facts.case, facts.parties, facts.unit, world.today())


def _gather(run: PureRun | None, data: dict[str, Json]) -> None:
    if run is None or run.state is None:
        return
    for number in run.items:
        data |= item_data(run.around.package.process, run.state, number) or {}
