"""An agreement goes on from the court's run to judicial confirmation and the result comes back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from tests.factories.rollout import package, scenario
from workflows.catalogue.handoffs import check_ends
from workflows.rollout.scenarios.run_scenario import Result, run_scenario
from workflows.rollout.scenarios.scenario import AdvanceStep, Scenario, Step, TaskStep
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

COURT, CONFIRM = "litigation_handoff", "judicial_confirmation"
TOWN = "620902104-TW"
CHOICE = {
    "after_choice": "confirmation",
    "confirm_via": "desk",
    "confirm_unit": TOWN,
    "after_on": {"$today": 0},
}


def test_both_ends_fit() -> None:
    assert check_ends(package(COURT), package(CONFIRM)) == ()


def confirming(name: str) -> tuple[Step, ...]:
    """The steps of a scenario of the confirming package, named as its own."""
    steps = scenario(name, CONFIRM).steps
    return tuple(
        replace(step, package=CONFIRM) if isinstance(step, TaskStep) else step
        for step in steps
        if isinstance(step, (TaskStep, AdvanceStep))
    )


def crossing(*steps: Step) -> Scenario:
    """The court's scenario up to the choice, by desk, then `steps`."""
    written = scenario("confirmed", COURT)
    places = [getattr(step, "element", None) for step in written.steps]
    at = places.index("choose_after")
    choice = written.steps[at]
    assert isinstance(choice, TaskStep)
    before = (*written.steps[:at], replace(choice, data=CHOICE))
    return replace(written, steps=(*before, *steps), documents=())


def walk(*steps: Step) -> tuple[PureWorld, Result]:
    others = {key: package(key) for key in (COURT, CONFIRM)}
    written = crossing(*steps)
    world = PureWorld(package(COURT), written.at, others=others)
    files = {**package(COURT).scenario_files, **package(CONFIRM).scenario_files}
    return world, run_scenario(written, COURT, world, files)


@cache
def arrived() -> tuple[PureRun, PureRun]:
    """The two runs just after the letter has arrived."""
    world, _ = walk()
    court, other = world.runs
    return court, other


def test_the_court_waits_while_the_body_prepares() -> None:
    court, other = arrived()
    assert [item.element for item in court.items.values()] == []
    assert court.ended is None
    assert [item.element for item in other.items.values()] == ["ask_both"]
    assert other.around.unit.code == TOWN


def test_thirty_days_run_from_the_same_day_at_both_sides() -> None:
    court, other = arrived()
    bases = {clock.base for run in (court, other) for clock in run.clocks.values()}
    assert bases == {"2026-03-02"}


def test_only_what_the_manifest_names_goes_over() -> None:
    court, other = arrived()
    assert {"court_number", "session_summary", "confirm_via"}.isdisjoint(other.facts.case)
    assert other.facts.case["clauses"] == court.facts.case["clauses"]
    names: list[Any] = [[p["name"] for p in run.facts.parties] for run in (court, other)]
    assert names[0] == names[1]


def test_concessions_never_go_over() -> None:
    for kind in package(COURT).manifest.handoffs:
        assert kind.sealed == ()
        assert {"concessions", "sham_grounds", "undisputed"}.isdisjoint(kind.fields)
        assert "mediation_record" not in kind.documents


def test_the_ruling_ends_the_courts_run_before_performance_is_checked() -> None:
    steps = confirming("happy")
    places = [getattr(step, "element", None) for step in steps]
    world, result = walk(*steps[: places.index("check_performance")])
    assert [reason for reason in result.reasons if reason.step is not None] == []
    court, other = world.runs
    assert court.ended == "end_l2"
    assert "check_performance" in {item.element for item in other.items.values()}


def test_a_confirmation_that_comes_to_nothing_is_answered_too() -> None:
    world, result = walk(*confirming("refused"))
    assert [reason for reason in result.reasons if reason.step is not None] == []
    court, other = world.runs
    assert (other.ended, court.ended) == ("end_c1", "end_l2")
    assert [letter.outcome for letter in world.post.letters] == ["refused"]


def test_confirmed_is_answered_once() -> None:
    world, result = walk(*confirming("happy"))
    assert [reason for reason in result.reasons if reason.step is not None] == []
    assert [run.ended for run in world.runs] == ["end_l2", "end_c9"]
    assert [letter.outcome for letter in world.post.letters] == ["confirmed"]
