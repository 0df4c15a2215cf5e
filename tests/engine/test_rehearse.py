"""A small package walked in memory: what is refused, what is red, what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from webapp.diagrams.build import build
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource
from workflows.errors import ForbiddenError, InvalidFormError, InvalidInputError, RuleError
from workflows.rollout.scenarios.rehearse import rehearse
from workflows.rollout.scenarios.scenario import Start
from workflows.rollout.world.pure_world import PureWorld

AT = datetime.fromisoformat("2026-05-11T09:00:00+08:00")
MANIFEST = """
key = "tea"
title = { zh = "泡茶", en = "Tea" }
case_kind = "tea"
number_format = "{unit}茶〔{year}〕{n}号"
owner_role = "流程负责人"
start_roles = ["窗口受理员"]
senders = ["court"]

[[start]]
name = "ask"
title = { zh = "要茶", en = "Ask for tea" }
form = "ask"

[[stage]]
key = "all"
title = { zh = "全程", en = "All" }
processes = ["tea"]

[outcomes.end_drunk]
title = { zh = "喝了", en = "Drunk" }

[outcomes.end_cold]
title = { zh = "凉了", en = "Cold" }

[process]
issued = "context"
"""
FLOW = """
process tea "泡茶" "Tea"
lane 窗口受理员 "Intake desk"
lane 调委会主任 "Head"
message answer "tea.answer"
start begin @窗口受理员 "开始" "Begin"
service number "编号" "Number" op=number.issue result=issued
user boil "烧水" "Boil" form=boil
boundary.timer! late on=boil "3 工作日" "3 working days" date='deadline("consent_reply", asked_on)'
xor ready "好了？" "Ready?"
user pour @调委会主任 "倒茶" "Pour" form=boil
boundary.message! told on=pour "有答复" "Answered" message=answer
end end_drunk "喝了" "Drunk"
end end_cold @窗口受理员 "凉了" "Cold"
begin > number > boil > ready
ready > pour ? 'hot' "是" "yes"
ready > boil ? 'not(hot)' "否" "no"
pour > end_drunk
late > end_cold
told > end_cold
"""
EMPTY_UI: dict[str, Any] = {}


def form(title: str, properties: dict[str, Any], required: list[str]) -> bytes:
    return orjson.dumps(
        {
            "type": "object",
            "title": title,
            "x-i18n": {"en": {"title": title}},
            "properties": {
                name: {"title": name, "x-i18n": {"en": {"title": name}}, **field}
                for name, field in properties.items()
            },
            "required": required,
        }
    )


def tea(**scenarios: Any) -> Package:
    files = {
        "bpmn/tea/package.toml": MANIFEST.encode(),
        "bpmn/tea/tea.bpmn": build(FLOW),
        "forms/tea/ask.schema.json": form(
            "要茶",
            {
                "asked_on": {"type": "string", "format": "date"},
                "guests": {"type": "array", "x-widget": "parties", "minItems": 1},
            },
            ["asked_on", "guests"],
        ),
        "forms/tea/boil.schema.json": form("烧水", {"hot": {"type": "boolean"}}, ["hot"]),
    }
    for name, written in scenarios.items():
        files[f"bpmn/tea/scenarios/{name}.json"] = orjson.dumps(written)
    return compile_package(PackageSource("tea", files))


GUEST = {"name": "马玉兰", "kind": "person", "side": "申请人", "id_pending": True}
ASK = {"asked_on": {"$today": 0}, "guests": [GUEST]}


def written(*steps: dict[str, Any], end: str = "end_drunk") -> dict[str, Any]:
    return {
        "title": "一次",
        "at": AT.isoformat(),
        "start": {"as": "intake", "data": ASK},
        "steps": list(steps),
        "end": {"run": "tea", "element": end},
    }


def boil(hot: bool, who: str = "intake") -> dict[str, Any]:
    return {"task": "boil", "as": who, "data": {"hot": hot}}


POUR = {"task": "pour", "as": "head", "data": {"hot": True}}


def opened() -> PureWorld:
    world = PureWorld(tea(), AT)
    data = {"asked_on": "2026-05-11", "guests": [GUEST]}
    world.open_case("tea", Start("intake", None, None, data), data)
    return world


def findings(package: Package) -> list[tuple[str, str, str | None]]:
    return [(f.severity, f.code, f.element) for f in rehearse(package).findings]


def test_complete_set_of_scenarios_leaves_nothing_to_say() -> None:
    package = tea(
        happy=written(boil(False), boil(True), POUR),
        late=written({"advance": "P7D"}, end="end_cold"),
    )
    assert findings(package) == []
    assert rehearse(package).coverage.share == 1.0


def test_gaps_are_warnings_that_name_the_element() -> None:
    package = tea(short=written(boil(True), POUR))
    assert findings(package) == [
        ("warning", "rollout.no_happy", None),
        ("warning", "rollout.end_without_scenario", "end_cold"),
        ("warning", "rollout.no_expiry", None),
        ("warning", "rollout.no_return", None),
        ("warning", "rollout.not_visited", "end_cold"),
        ("warning", "rollout.not_visited", "late"),
    ]


def test_red_scenario_is_an_error_with_its_step_and_file() -> None:
    package = tea(happy=written(boil(True), {**POUR, "as": "mediator"}))
    (red,) = [f for f in rehearse(package).findings if f.severity == "error"]
    assert (red.code, red.file) == ("rollout.red", "scenarios/happy.json")
    assert red.message.params["step"] == 2


def test_wrong_end_is_an_error() -> None:
    package = tea(happy=written(boil(True), POUR, end="end_cold"))
    assert ("error", "rollout.red_end", None) in findings(package)


def test_unreadable_scenario_is_an_error_for_each_mistake() -> None:
    package = tea(happy={"title": "一次"})
    reds = [f for f in rehearse(package).findings if f.severity == "error"]
    assert [red.code for red in reds] == ["rollout.red_end"] * 3


def test_message_reaches_the_one_place_that_waits() -> None:
    step = {"message": "tea.answer", "payload": {"ok": True}}
    package = tea(happy=written(boil(True), step, end="end_cold"))
    assert [w.result.is_green for w in rehearse(package).walks] == [True]


def test_message_nobody_waits_for_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        opened().send("tea.answer", {})
    assert caught.value.message.code == "rollout.message_early"


def test_start_needs_a_role_of_the_package_in_that_unit() -> None:
    world = PureWorld(tea(), AT)
    for who, unit in (
        ("head", None),
        ("intake", "620902-TW"),
        ("窗口受理员@620902-TW", "620981-TW"),
    ):
        with pytest.raises(ForbiddenError):
            world.open_case("tea", Start(who, unit, None, {}), {})


def test_role_at_unit_gives_an_account_of_its_own() -> None:
    world = PureWorld(tea(), AT)
    data = {"asked_on": "2026-05-11", "guests": [GUEST]}
    world.open_case("tea", Start("窗口受理员@620981-TW", None, None, data), data)
    assert world.run is not None
    assert world.run.facts.unit["county"] == "620981"


@pytest.mark.parametrize("who", ["nobody", "茶博士@620981-TW", "窗口受理员@nowhere"])
def test_unknown_account_is_refused(who: str) -> None:
    with pytest.raises(InvalidInputError):
        PureWorld(tea(), AT).open_case("tea", Start(who, None, None, {}), {})


def test_unknown_start_form_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        PureWorld(tea(), AT).open_case("tea", Start("intake", None, "coffee", {}), {})
    assert caught.value.message.code == "rollout.unknown_start"


def test_form_is_checked_and_nothing_has_happened_afterwards() -> None:
    world = PureWorld(tea(), AT)
    with pytest.raises(InvalidFormError):
        world.open_case("tea", Start("intake", None, None, {}), {"asked_on": "gestern"})
    assert world.run is None
    assert world.list_tasks() == []


def test_wrong_role_is_refused_and_the_task_stays() -> None:
    world = opened()
    (task,) = world.list_tasks()
    with pytest.raises(ForbiddenError):
        world.complete("head", task, {"hot": True})
    assert [t.element for t in world.list_tasks()] == ["boil"]


def test_clock_falls_due_after_the_last_moment_of_its_day() -> None:
    world = opened()
    world.advance(timedelta(days=3, hours=14, minutes=59))
    assert world.ended("tea") is None
    world.advance(timedelta(minutes=1))
    assert world.ended("tea") == "end_cold"


def test_parties_get_ids_that_references_find() -> None:
    world = opened()
    assert world.party(0) == "party-1"
    with pytest.raises(InvalidInputError):
        world.party(1)


def test_withdrawal_without_a_place_in_the_diagram_cancels_the_run() -> None:
    world = opened()
    world.withdraw("intake", "不要了")
    assert world.ended("tea") == "withdrawn"
    assert world.list_tasks() == []


def test_numbers_count_within_the_year_and_are_given_once() -> None:
    world = opened()
    assert world.run is not None
    assert world.run.number == "西峰镇调委会茶〔2026〕1号"
