"""Walks every scenario of a package in the pure world: red is an error, a gap a warning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.catalogue.package import Package
from workflows.deadlines import RuleBook
from workflows.engine.findings import Finding
from workflows.messages import Message
from workflows.rollout.scenarios.coverage import (
    Coverage,
    countable,
    list_ends,
    measure_coverage,
)
from workflows.rollout.scenarios.run_scenario import Reason, Result, run_scenario
from workflows.rollout.scenarios.scenario import Scenario, ScenarioError, parse_scenario
from workflows.rollout.world.office import Office
from workflows.rollout.world.pure_run import Visits
from workflows.rollout.world.pure_world import PureWorld

HAPPY = "happy"


@dataclass(frozen=True, slots=True)
class Walk:
    """One scenario walked. `scenario` None: the file can't be read."""

    name: str
    scenario: Scenario | None
    result: Result
    world: PureWorld | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All scenarios of a version. `findings`: reds as errors, gaps as warnings. `titles`: of every
    element that counts, by id."""

    walks: tuple[Walk, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]
    titles: Mapping[str, Mapping[str, str]]


def rehearse(
    package: Package,
    *,
    office: Office | None = None,
    rules: RuleBook | None = None,
    others: Mapping[str, Package] | None = None,
) -> Rehearsal:
    """Walks every scenario, each in a fresh world. `others`: packages its matters may be handed
    to, by key. Never raises for what a package does wrong."""

    def world(at: datetime) -> PureWorld:
        return PureWorld(package, at, office=office, rules=rules, others=others)

    walks = tuple(
        _walk(package, name, content, world) for name, content in sorted(package.scenarios.items())
    )
    coverage = measure_coverage(package.process, _visits(walks))
    findings = [*_reds(walks), *_gaps(package, walks), *_missed(coverage)]
    titles = {key: package.process.elements[key].title for key in countable(package.process)}
    return Rehearsal(walks, coverage, tuple(findings), titles)


def _walk(
    package: Package, name: str, content: bytes, made: Callable[[datetime], PureWorld]
) -> Walk:
    try:
        scenario = parse_scenario(name, content)
    except ScenarioError as broken:
        reasons = tuple(
            Reason(None, Message("rollout.field", {"path": e.path or "/", "why": e.message}))
            for e in broken.errors
        )
        return Walk(name, None, Result(name, reasons), None)
    world = made(scenario.at)
    result = run_scenario(scenario, package.manifest.key, world, package.scenario_files)
    return Walk(name, scenario, result, world)


def _visits(walks: tuple[Walk, ...]) -> list[Visits]:
    return [w.world.run.visits for w in walks if w.world is not None and w.world.run is not None]


def _reds(walks: tuple[Walk, ...]) -> list[Finding]:
    findings = []
    for walk in walks:
        title = walk.scenario.title if walk.scenario else walk.name
        for reason in walk.result.reasons:
            code = "rollout.red_end" if reason.step is None else "rollout.red"
            params = {"title": title, "step": reason.step, "why": reason.message}
            file = f"scenarios/{walk.name}.json"
            findings.append(Finding("error", code, None, Message(code, params), file, None))
    return findings


def _gaps(package: Package, walks: tuple[Walk, ...]) -> list[Finding]:
    """What a package should have: happy, one for every end, an expiry, a return."""
    findings = []
    if not any(walk.name == HAPPY for walk in walks):
        findings.append(_warning("rollout.no_happy", None))
    ended = {walk.scenario.end_element for walk in walks if walk.scenario}
    for end in list_ends(package.process):
        if end not in ended:
            findings.append(_warning("rollout.end_without_scenario", end))
    if not any(visits.expired for visits in _visits(walks)):
        findings.append(_warning("rollout.no_expiry", None))
    if not any(visits.repeated for visits in _visits(walks)):
        findings.append(_warning("rollout.no_return", None))
    return findings


def _missed(coverage: Coverage) -> list[Finding]:
    return [_warning("rollout.not_visited", element) for element in coverage.missed]


def _warning(code: str, element: str | None) -> Finding:
    return Finding("warning", code, element, Message(code, {"element": element or ""}), None, None)
