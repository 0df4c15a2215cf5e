"""Scenarios that walk a matter across two packages in the pure world."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import pytest

from tests.factories.cases import registration
from tests.factories.handoffs import COURT, TALKS, court_package, talks_package
from workflows.catalogue.package import Package, compile_package
from workflows.rollout.scenarios.rehearse import rehearse
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import parse_scenario
from workflows.rollout.world.pure_world import PureWorld

LIAISON = "法院联络员@620902-FY"
HEAD, MEDIATOR = "调委会主任@620902104-TW", "人民调解员@620902104-TW"
TOWN = "620902104-TW"
CHOOSE = {"task": "choose", "as": LIAISON, "data": {"to": TOWN}}
TAKE = {"task": "receive", "package": TALKS, "as": HEAD, "data": {"takes": "yes"}}
REFUSE = {
    "task": "receive",
    "package": TALKS,
    "as": HEAD,
    "data": {"takes": "no", "reason": "busy"},
}
AGREE = {
    "task": "talk",
    "package": TALKS,
    "as": MEDIATOR,
    "data": {"outcome": "agreed", "terms": "各让一步", "bottom": {"$party": 1}},
}


@cache
def packages() -> dict[str, Package]:
    made = (compile_package(source) for source in (court_package(), talks_package()))
    return {package.manifest.key: package for package in made}


def walk(*steps: dict[str, Any], end: str, run: str = COURT, **more: Any) -> Any:
    raw = {
        "title": "对接",
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": LIAISON, "data": {**registration(), "shelter": "甲市某路1号"}},
        "steps": list(steps),
        "end": {"run": run, "element": end},
        **more,
    }
    scenario = parse_scenario("cross", orjson.dumps(raw))
    world = PureWorld(packages()[COURT], scenario.at, others=packages())
    result = run_scenario(scenario, COURT, world, {})
    return world, [(reason.step, reason.message.code) for reason in result.reasons]


def test_a_scenario_goes_to_the_other_package_and_back() -> None:
    world, reasons = walk(
        CHOOSE, TAKE, AGREE, end="e_agreed", documents=["letter", "agreement", "reply"]
    )
    assert reasons == []
    assert [run.ended for run in world.runs] == ["e_agreed", "e_done"]
    other = world.runs[1]
    assert set(other.facts.case) == {"title", "dispute_kind", "summary", "terms", "bottom"}
    assert other.hidden == {"shelter": "甲市某路1号"}
    assert [party.get("phone") for party in other.hidden_of_party.values()] == [
        "10014345715",
        None,
    ]
    assert other.facts.case["bottom"] == other.facts.parties[1]["id"]


def test_the_end_may_be_that_of_the_other_package() -> None:
    _, reasons = walk(CHOOSE, TAKE, AGREE, end="e_done", run=TALKS)
    assert reasons == []


def test_a_returned_matter_is_sent_again_and_counts() -> None:
    world, reasons = walk(CHOOSE, REFUSE, CHOOSE, REFUSE, end="e_returned")
    assert reasons == []
    assert [letter.returns for letter in world.post.letters] == [0, 1]
    assert world.run.visits.repeated == {"choose"}


def test_silence_takes_the_letter_back_and_ends_the_other_run() -> None:
    world, reasons = walk(CHOOSE, {"advance": "P60D"}, end="e_expired")
    assert reasons == []
    assert world.runs[1].ended == "withdrawn"


def test_an_answer_after_the_deadline_finds_nobody() -> None:
    world, reasons = walk(CHOOSE, TAKE, {"advance": "P60D"}, AGREE, end="e_expired")
    assert [code for _, code in reasons] == ["rollout.task_not_open"]
    assert world.run.ended == "e_expired"


def test_a_party_without_a_desk_answers_by_a_message() -> None:
    paper = {"task": "choose", "as": LIAISON, "data": {"to_name": "某仲裁委员会"}}
    answer = {"message": "delegate.answered", "payload": {"outcome": "agreed"}}
    world, reasons = walk(paper, answer, end="e_agreed")
    assert reasons == []
    refusal = {"message": "delegate.declined", "payload": {}}
    world, reasons = walk(paper, refusal, CHOOSE, TAKE, AGREE, end="e_agreed")
    assert reasons == []
    assert [letter.state for letter in world.post.letters] == ["declined", "answered"]


def test_a_receiver_that_is_not_there_is_said() -> None:
    raw = {
        "title": "对接",
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": LIAISON, "data": registration()},
        "steps": [CHOOSE],
        "end": {"run": COURT, "element": "e_agreed"},
    }
    scenario = parse_scenario("alone", orjson.dumps(raw))
    result = run_scenario(scenario, COURT, PureWorld(packages()[COURT], scenario.at), {})
    assert [reason.message.code for reason in result.reasons] == ["rollout.package_absent"]


def test_rehearsal_walks_across_packages() -> None:
    written = {
        "title": "委派成功",
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": LIAISON, "data": registration()},
        "steps": [CHOOSE, TAKE, AGREE],
        "end": {"run": COURT, "element": "e_agreed"},
    }
    court = replace(packages()[COURT], scenarios={"happy": orjson.dumps(written)})
    (walked,) = rehearse(court, others=packages()).walks
    assert walked.result.is_green


@pytest.mark.parametrize("takes", ["yes", "no"])
def test_the_receiving_package_is_rehearsed_alone(takes: str) -> None:
    steps: list[dict[str, Any]] = [{**TAKE, "data": {"takes": takes}}]
    if takes == "yes":
        steps.append(AGREE)
    given = {name: value for name, value in registration().items() if name != "secret"}
    raw = {
        "title": "收到委派",
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": HEAD, "form": "by_court", "data": given},
        "steps": [{k: v for k, v in step.items() if k != "package"} for step in steps],
        "end": {"run": TALKS, "element": "e_done" if takes == "yes" else "e_declined"},
    }
    scenario = parse_scenario("alone", orjson.dumps(raw))
    world = PureWorld(packages()[TALKS], scenario.at)
    assert run_scenario(scenario, TALKS, world, {}).reasons == ()
