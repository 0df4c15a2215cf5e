"""A value nobody expected at a gateway or a table is a fault that names the element; the default
flow is for conditions that are false."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.test_checks_tables import dmn
from tests.factories.engine import Case, Drawing, compiled
from workflows.engine.findings import BrokenDiagramError
from workflows.errors import ProcessFaultError
from workflows.messages import say

NAMES = {
    **{"x": "number", "flag": "boolean", "on": "date", "note": "string", "y": "number"},
    "rows": "list<context<n: number>>",
}


def choosing(condition: str) -> Case:
    """A choice with one condition and a default flow to `u`."""
    drawing = Drawing("p").start().user("ask").choice("g").end("e1").user("u").end("e2")
    drawing.flow("s > ask > g").flow("g > e1", condition).flow("u > e2")
    drawing.otherwise("g", "u")
    case = Case(compiled(drawing, names=NAMES))
    case.start()
    return case


def fault(case: Case, **values: Any) -> ProcessFaultError:
    before = case.state
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", **values)
    assert case.state == before
    for language in ("zh", "en"):
        spoken = say(caught.value.message, language)
        assert str(caught.value.message.params["element"]) in spoken
    return caught.value


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("x > 1000", {}),
        ("x > 1000", {"x": None}),
        ("x > 1000", {"x": "abc"}),
        ("x = 1", {"x": "abc"}),
        ('on = date("2026-01-01")', {"on": "soon"}),
        ("x > 1000", {"x": [1, 2]}),
        ("x > 1000", {"x": True}),
        ("x between 1 and 5", {"x": "five"}),
        ("not(x > 1000)", {"x": "abc"}),
        ("x + 1", {"x": 1}),
        ("flag", {"flag": "yes"}),
        ("flag", {"flag": 1}),
        ("flag and x > 1", {"flag": True}),
        ("flag = true", {"flag": "true"}),
        ('on < date("2026-01-01")', {"on": "soon"}),
        ("note", {"note": "true"}),
        ("note > 5", {"note": "7"}),
        ("rows[1].n > 5", {"rows": []}),
        ("rows[1].m > 5", {"rows": [{"n": 7}]}),
        ("rows[n > 5]", {"rows": [{"n": 7}]}),
        ('matches(note, "[")', {"note": "a"}),
        ("1 / 0 > x", {"x": 1}),
    ],
)
def test_condition_that_is_not_true_or_false_is_a_fault_not_the_default(
    condition: str, values: dict[str, Any]
) -> None:
    found = fault(choosing(condition), **values)
    assert found.message.code == "engine.condition_not_boolean"
    assert found.message.params["element"] == "g"


@pytest.mark.parametrize("condition", ["x = 1", "flag = true", 'note in ("a", "b")'])
def test_equality_with_a_missing_value_is_false_and_the_default_is_taken(condition: str) -> None:
    case = choosing(condition)
    case.complete("ask")
    assert case.open == ["u"]


@pytest.mark.parametrize(
    "condition",
    [
        "count(for i in 1..1000000 return i) > x",
        "every i in 1..100000, j in 1..100000 satisfies i + j > x",
        "{f: function(n) f(n + 1), r: f(1)}.r",
    ],
)
def test_condition_that_reaches_a_limit_is_a_fault_at_its_gateway(condition: str) -> None:
    found = fault(choosing(condition), x=1)
    assert found.message.code == "engine.expression_failed"
    assert found.message.params["element"] == "g"


@pytest.mark.parametrize("condition", ["x > limt", "xx > 5", "flag and fleg", "count(row) > 5"])
def test_condition_with_a_misspelt_name_is_never_run(condition: str) -> None:
    with pytest.raises(BrokenDiagramError) as caught:
        choosing(condition)
    assert [found.code for found in caught.value.findings] == ["engine.expression"]


def deciding(*rules: tuple[str, str], hit: str = "UNIQUE") -> Case:
    drawing = Drawing("p").start().user("ask").rule("r", "d").user("u").end()
    drawing.flow("s > ask > r > u > e")
    case = Case(compiled(drawing, names=NAMES, decisions={"d.dmn": dmn(hit, "x", *rules)}))
    case.start()
    return case


@pytest.mark.parametrize("values", [{}, {"x": None}, {"x": "abc"}, {"x": -1}])
def test_value_no_rule_covers_is_a_fault_at_the_rule_task(values: dict[str, Any]) -> None:
    found = fault(deciding(("[0..5]", "1"), ("&gt; 5", "2")), **values)
    assert found.message.code == "engine.decision_null"
    assert found.message.params["element"] == "r"


def test_rules_that_contradict_each_other_are_a_fault_at_the_rule_task() -> None:
    found = fault(deciding(("&gt; 0", "1"), ("&gt; 5", "2")), x=7)
    assert found.message.params["element"] == "r"
    assert "1、2" in say(found.message)
