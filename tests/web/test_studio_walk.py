"""Scenarios of a working copy: walked before they are saved, their mistakes told at their line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.cases import KEY
from tests.web.client import Reader
from tests.web.test_scenario_pages import text
from tests.web.test_studio import DRAWN, Studio, renamed
from workflows.studio.scenario_lines import find_lines

REFUSED = f"bpmn/{KEY}/scenarios/refused.json"
MISTAKEN = """{
 "title": "x",
 "at": "2026-05-11",
 "start": {"as": "intake"},
 "steps": [
  {"task": 7}
 ],
 "end": {}
}"""


@pytest.fixture
def studio(owner: Reader) -> Studio:
    return Studio(owner)


def walked(studio: Studio, scenario: str) -> Any:
    """What a scenario comes to that stands in the browser alone."""
    sent = {"revision": 0, "changes": {REFUSED: scenario}, "names": ["refused"]}
    return studio.post("walk", sent)["results"]


def mistakes(studio: Studio, scenario: str) -> list[int]:
    told = studio.post("check", {"revision": 0, "changes": {REFUSED: scenario}})
    return [one["line"] for one in told["findings"] if one["file"] == "scenarios/refused.json"]


def test_a_scenario_that_is_not_saved_is_walked_step_by_step(studio: Studio) -> None:
    [found] = walked(studio, text())
    assert found["reasons"] == []
    assert [(one["kind"], one["what"]) for one in found["steps"]] == [("task", "review")]
    assert found["steps"][0]["title"]
    assert set(found["passed"]) == {"review", "e_refused"}
    assert "talk" in found["missed"]


def test_why_a_scenario_fails_names_its_step(studio: Studio) -> None:
    [found] = walked(studio, text(end={"run": KEY, "element": "e_done"}))
    assert [reason["step"] for reason in found["reasons"]] == [None]
    steps = [{"task": "talk", "as": "head", "data": {}}]
    [found] = walked(studio, text(steps=steps))
    assert [reason["step"] for reason in found["reasons"]] == [1]
    assert "review" in found["reasons"][0]["message"]


def test_a_copy_that_cannot_run_says_so(studio: Studio) -> None:
    told = studio.post("walk", {"revision": 0, "changes": {DRAWN: "<a/>"}, "names": ["refused"]})
    assert told["results"] == []
    assert told["broken"]


def test_mistakes_in_a_scenario_are_findings_at_their_line(studio: Studio) -> None:
    assert mistakes(studio, text()) == []
    assert {3, 6, 8} <= set(mistakes(studio, MISTAKEN))
    assert mistakes(studio, '{\n "title": \n}') == [3]
    assert mistakes(studio, "[" * 100_000) == [1]


def test_places_in_json_have_their_lines() -> None:
    text = '{"a": [1,\n {"b": "]",\n "c\\"d": null}],\n "e": {}}'
    assert find_lines(text) == {
        "": 1,
        "/a": 1,
        "/a/0": 1,
        "/a/1": 2,
        "/a/1/b": 2,
        '/a/1/c"d': 3,
        "/e": 4,
    }


@pytest.mark.parametrize(
    "names", [[], "refused", [7], ["refused"] * 11], ids=["none", "text", "number", "many"]
)
def test_names_are_a_short_list(studio: Studio, names: Any) -> None:
    assert studio.post("walk", {"revision": 0, "names": names}, 422)["detail"]


def test_an_unknown_scenario_is_not_found(studio: Studio) -> None:
    assert studio.post("walk", {"revision": 0, "names": ["nowhere"]}, 404)["detail"]


def test_a_save_tells_what_it_changed(studio: Studio) -> None:
    first = studio.text()
    studio.save(renamed(first, "再调解"), 0)
    studio.save(first.replace('name="调解"', 'name="三调解"', 1), 1)
    for number, name in ((1, "再调解"), (2, "三调解")):
        [change] = studio.get(f"saves/{number}")["changes"]
        assert (change["group"], change["kind"], change["element"]) == (
            "diagram",
            "changed",
            "talk",
        )
        assert any(name in detail for detail in change["details"])
    studio.post("restore", {"save": 1})
    [change] = studio.get("saves/3")["changes"]
    assert any("再调解" in detail for detail in change["details"])
    assert studio.get("saves/0", 404)["detail"]
    assert studio.get("saves/9", 404)["detail"]


def test_a_finding_on_a_table_names_its_rules(studio: Studio) -> None:
    table = f"bpmn/{KEY}/way.dmn"
    rule = "<rule id='r{0}'><inputEntry><text>-</text></inputEntry>{1}</rule>"
    result = "<outputEntry><text>1</text></outputEntry>"
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        'namespace="urn:d"><decision id="way_of" name="way_of"><decisionTable id="t">'
        '<input id="i"><inputExpression id="e" typeRef="string"><text>way</text></inputExpression>'
        '</input><output id="o" name="points" typeRef="number"/>'
        f"{rule.format(1, result)}{rule.format(2, result)}"
        "</decisionTable></decision></definitions>"
    )
    told = studio.post("check", {"revision": 0, "changes": {table: text}})
    assert [1, 2] in [one.get("rules") for one in told["findings"]]
