"""Scenario files: every form they may have, and every mistake told at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import orjson
import pytest

from workflows.messages import say
from workflows.rollout.scenarios.scenario import (
    AdvanceStep,
    MessageStep,
    ScenarioError,
    TaskStep,
    parse_duration,
    parse_scenario,
)

GOOD = {
    "title": "一次",
    "at": "2026-05-11T09:00:00+08:00",
    "start": {"as": "intake", "form": "register", "unit": "620902104-TW", "data": {"a": 1}},
    "steps": [
        {"task": "t", "as": "head", "data": {"f": {"$file": "a.jpg"}}, "pick": {"party": 1}},
        {"message": "court.answer", "payload": {"ok": True}},
        {"message": "p.withdraw", "as": "intake", "payload": {"reason": "谈妥"}},
        {"advance": "P31D"},
    ],
    "end": {"run": "p", "element": "end_e7"},
    "documents": ["agreement", "agreement"],
}


def parse(**changes: object) -> object:
    return parse_scenario("s", orjson.dumps({**GOOD, **changes}))


def problems(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        parse(**changes)
    return [(error.path, error.message.code) for error in caught.value.errors]


def test_every_kind_of_step_is_read() -> None:
    scenario = parse()
    assert scenario.steps == (
        TaskStep("t", "head", {"f": {"$file": "a.jpg"}}, None, 1),
        MessageStep("court.answer", {"ok": True}, None),
        MessageStep("p.withdraw", {"reason": "谈妥"}, "intake"),
        AdvanceStep(timedelta(days=31)),
    )
    assert (scenario.end_run, scenario.end_element) == ("p", "end_e7")
    assert scenario.documents == ("agreement", "agreement")
    assert scenario.at == datetime(2026, 5, 11, 9, tzinfo=timezone(timedelta(hours=8)))


def test_short_scenario_needs_neither_form_nor_unit_nor_documents() -> None:
    scenario = parse(start={"as": "intake", "data": {}}, steps=[], documents=[])
    assert (scenario.start.form, scenario.start.unit, scenario.steps) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P31D", timedelta(days=31)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("PT90M", timedelta(minutes=90)),
        ("P1M", None),
        ("P1Y", None),
        ("P", None),
        ("31", None),
    ],
)
def test_durations(text: str, expected: timedelta | None) -> None:
    assert parse_duration(text) == expected


def test_all_mistakes_are_told_together() -> None:
    found = problems(
        at="gestern",
        start={"form": "register", "data": []},
        steps=[{"task": "t", "advance": "P1D"}, {"advance": "P1M"}, 7, {"task": "x"}],
        end=[],
        colour="red",
    )
    assert found == [
        ("/colour", "rollout.unknown_key"),
        ("/at", "rollout.no_moment"),
        ("/start/as", "rollout.text_missing"),
        ("/start/data", "rollout.wrong_shape"),
        ("/steps/0", "rollout.step_kind"),
        ("/steps/1/advance", "rollout.duration"),
        ("/steps/2", "rollout.wrong_shape"),
        ("/steps/3/as", "rollout.text_missing"),
        ("/end", "rollout.wrong_shape"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"$file": 1}, "rollout.wrong_reference"),
        ({"$today": "x"}, "rollout.wrong_reference"),
        ({"$today": 1, "b": 2}, "rollout.unknown_reference"),
        ({"$env": "x"}, "rollout.unknown_reference"),
    ],
)
def test_reference_that_means_nothing_is_told_where_it_stands(value: object, code: str) -> None:
    start = {"as": "intake", "data": {"rows": [{"f": value}]}}
    assert (("/start/data/rows/0/f", code)) in problems(start=start)


def test_end_names_a_run_and_an_element() -> None:
    assert problems(end={"run": "p"}) == [("/end/element", "rollout.text_missing")]


def test_time_without_offset_is_refused() -> None:
    assert problems(at="2026-05-11T09:00:00") == [("/at", "rollout.no_moment")]


def test_broken_json_is_told_in_both_languages() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("happy", b"{")
    assert say(caught.value.message) == "场景 happy 有 1 处写错，请改正后再试。"
    assert say(caught.value.message, "en").startswith("Scenario happy has 1 mistakes")
