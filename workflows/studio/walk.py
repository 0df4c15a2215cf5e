"""Scenarios of a working copy walked while somebody works on it, one at a time, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workflows.cases.platform import Platform
from workflows.catalogue.manifest import Titles
from workflows.catalogue.neighbours import published_neighbours
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.rollout.scenarios.rehearse import Rehearsal, Walk, rehearse
from workflows.rollout.scenarios.run_scenario import Reason
from workflows.rollout.scenarios.scenario import MessageStep, Scenario, Step, TaskStep
from workflows.rollout.world.office import Office
from workflows.storage import SYSTEM
from workflows.storage.clock import local_day


@dataclass(frozen=True, slots=True)
class Ready:
    """A tree that can run, with the published packages its matters may be handed to, by key."""

    package: Package
    others: Mapping[str, Package]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as people read it. `what`: the task's id, the message's name, or the seconds that
    pass. `title`: of the task; None for the other kinds and for a task nobody knows. `role`: of
    whoever does it, an account where nobody knows its role."""

    kind: Literal["task", "message", "advance"]
    what: str
    title: Titles | None
    role: str


@dataclass(frozen=True, slots=True)
class Walked:
    """How one scenario went. `role`: of who begins. `reasons` empty: as it says. `end`: title of
    the ending it wants. `passed`, `missed`: elements that count, disjoint, by id with titles."""

    name: str
    title: str
    role: str
    end: Titles | None
    steps: tuple[StepView, ...]
    reasons: tuple[Reason, ...]
    passed: Mapping[str, Titles]
    missed: Mapping[str, Titles]


def make_ready(platform: Platform, tree: PackageSource) -> Ready:
    """Compiles; about a second. Raises PackageError where it cannot run."""
    package = compile_package(tree)
    with platform.database.reading(SYSTEM) as session:
        return Ready(package, published_neighbours(session, platform.catalogue, package))


def walk_one(ready: Ready, name: str) -> Walked:
    """One scenario from its start to its end, some tenths of a second. Touches no database. Raises
    NotVisibleError for a name that is not there; what the scenario meets is told, not raised."""
    package = ready.package
    if name not in package.scenarios:
        raise NotVisibleError("rollout.scenario_unknown", name=name[:60])
    alone = replace(package, scenarios={name: package.scenarios[name]})
    found = rehearse(alone, others=ready.others)
    return _told(package, found, found.walks[0])


def _told(package: Package, found: Rehearsal, walk: Walk) -> Walked:
    scenario = walk.scenario
    titled = found.titles
    end = package.manifest.outcomes.get(scenario.end_element) if scenario else None
    return Walked(
        name=walk.name,
        title=scenario.title if scenario else walk.name,
        role=_role_of(scenario.start.who, scenario) if scenario else "",
        end=end,
        steps=tuple(_step(package, scenario, step) for step in scenario.steps) if scenario else (),
        reasons=walk.result.reasons,
        passed={key: titled[key] for key in found.coverage.passed},
        missed={key: titled[key] for key in found.coverage.missed},
    )


def _step(package: Package, scenario: Scenario, step: Step) -> StepView:
    if isinstance(step, TaskStep):
        element = package.process.elements.get(step.element)
        role = (element.role if element else None) or _role_of(step.who, scenario)
        return StepView("task", step.element, element.title if element else None, role)
    if isinstance(step, MessageStep):
        return StepView("message", step.name, None, _role_of(step.who or "", scenario))
    return StepView("advance", str(int(step.by.total_seconds())), None, "")


def _role_of(who: str, scenario: Scenario) -> str:
    """The first role of an account on the scenario's first day."""
    try:
        posts = Office.demo().colleague(who, local_day(scenario.at)).posts
    except InvalidInputError:
        return who
    return posts[0][0] if posts else who
