"""Facts to try a document's text on: what a scenario of the package had when it made one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from workflows.catalogue.package import Package
from workflows.documents.context import named_keys
from workflows.documents.freeze import Frozen, freeze
from workflows.errors import InvalidInputError
from workflows.rollout.scenarios.rehearse import HAPPY
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import Scenario, ScenarioError, parse_scenario
from workflows.rollout.world.office import Office
from workflows.rollout.world.pure_run import CreatedDocument, PureRun
from workflows.rollout.world.pure_world import PureWorld

Json: TypeAlias = Any
MOST_WALKS = 3
"""Scenarios walked to find one that makes the document; each takes a part of a second."""
CASE_NUMBER = "（示例）2026-0001"


@dataclass(frozen=True, slots=True)
class Sample:
    """Frozen facts. `scenario`: title of the walk they come from, "" where no scenario could be
    walked and nothing is known; `exact`: whether it made this very document."""

    frozen: Frozen
    number: str | None
    today: date
    scenario: str
    exact: bool


def find_sample(package: Package, others: Mapping[str, Package], kind: str) -> Sample:
    """The facts of the first document of `kind` a scenario makes; else those of the last document
    of the happy one; else empty ones. Takes up to a second; call it outside transactions."""
    nearest: Sample | None = None
    for scenario in _ordered(package, kind):
        world = PureWorld(package, scenario.at, others=others)
        run_scenario(scenario, package.manifest.key, world, package.scenario_files)
        made = [(run, one) for run in world.runs for one in run.created if _is_own(run, package)]
        exact = next(((run, one) for run, one in made if one.kind == kind), None)
        if exact is not None:
            return _sample(package, world, scenario, *exact, exact=True)
        if nearest is None and made:
            nearest = _sample(package, world, scenario, *made[-1], exact=False)
    return nearest or _nothing(package)


def _is_own(run: PureRun, package: Package) -> bool:
    return run.around.package.manifest.key == package.manifest.key


def _ordered(package: Package, kind: str) -> Iterator[Scenario]:
    """A few scenarios, those first that say they make the document, then the happy one."""
    found: list[Scenario] = []
    for name, content in package.scenarios.items():
        try:
            found.append(parse_scenario(name, content))
        except ScenarioError:
            continue
    found.sort(key=lambda one: (kind not in one.documents, one.name != HAPPY, one.name))
    yield from found[:MOST_WALKS]


def _sample(
    package: Package,
    world: PureWorld,
    scenario: Scenario,
    run: PureRun,
    made: CreatedDocument,
    *,
    exact: bool,
) -> Sample:
    today = world.today()
    case = {**made.facts.case, **run.hidden}
    parties = [
        {**run.hidden_of_party.get(str(one.get("id")), {}), **one}
        for one in made.facts.parties
        if not one.get("ended")
    ]
    named = named_keys((case, made.data), package)
    frozen = freeze(
        case=case,
        parties=parties,
        unit=made.facts.unit,
        run={
            "number": made.number,
            "case_number": CASE_NUMBER,
            "opened_on": scenario.at.date().isoformat(),
            "opened_by": "",
        },
        data=made.data,
        people=_names(world.office, named, today),
        today=today,
    )
    return Sample(frozen, made.number, today, scenario.title, exact)


def _names(office: Office, keys: frozenset[str], today: date) -> dict[str, str]:
    """Names of the people and units of the demo's office among the keys."""
    known: dict[str, str] = {}
    for key in keys:
        try:
            known[key] = office.place(key).name
        except InvalidInputError:
            try:
                known[key] = office.colleague(key, today).name
            except InvalidInputError:
                continue
    return known


def _nothing(package: Package) -> Sample:
    """No facts at all: placeholders stay empty, the fixed text is seen all the same."""
    today = date(2026, 1, 5)
    unit = {"code": "", "name": package.manifest.title.get("zh", ""), "kind": "", "county": ""}
    run = {"number": None, "case_number": CASE_NUMBER, "opened_on": today.isoformat()}
    frozen = freeze(case={}, parties=(), unit=unit, run=run, data={}, people={}, today=today)
    return Sample(frozen, None, today, "", exact=False)
