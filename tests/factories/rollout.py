"""Built-in packages and their scenarios, walked in memory."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import read_folder
from workflows.rollout.scenarios.rehearse import Rehearsal, Walk, rehearse
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import Scenario, parse_scenario
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

ROOT = Path(__file__).parents[2]
KEY = "people_mediation"


@cache
def package(key: str = KEY) -> Package:
    """A built-in package, compiled once."""
    return compile_package(read_folder(ROOT, key))


@cache
def rehearsal(key: str = KEY) -> Rehearsal:
    """All scenarios of a built-in package, walked once."""
    return rehearse(package(key))


def walk(name: str, key: str = KEY) -> Walk:
    """One walked scenario."""
    return next(walk for walk in rehearsal(key).walks if walk.name == name)


def run_of(name: str, key: str = KEY) -> PureRun:
    """The run a scenario left behind."""
    world = walk(name, key).world
    assert world is not None
    assert world.run is not None
    return world.run


def scenario(name: str, key: str = KEY) -> Scenario:
    """A scenario as it is written."""
    return parse_scenario(name, package(key).scenarios[name])


def walk_until(name: str, element: str, key: str = KEY) -> PureWorld:
    """A fresh world in which a scenario was walked up to the first step on `element`, which is
    not done. All that came before must go through."""
    written = scenario(name, key)
    places = [getattr(step, "element", None) for step in written.steps]
    before = replace(written, steps=written.steps[: places.index(element)])
    world = PureWorld(package(key), written.at)
    result = run_scenario(before, key, world, package(key).scenario_files)
    assert [reason for reason in result.reasons if reason.step is not None] == []
    return world
