"""Item definitions: what a value must be, may be, and becomes (DMN 1.5 §7.3.2, §10.3.2.9.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.decisions.drawn import attributes, boxed, decision, dmn, literal, table
from tests.unit.decisions.test_requirements import given, knowledge, service
from workflows.decisions import Decisions, load


def item(name: str, inside: str, *, many: bool = False) -> str:
    head = attributes(name=name, isCollection="true" if many else None)
    return f"<itemDefinition{head}>{inside}</itemDefinition>"


def based_on(type_: str, allowed: str = "") -> str:
    values = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    return f"<typeRef>{type_}</typeRef>{values}"


def member(name: str, type_: str) -> str:
    return f'<itemComponent name="{name}">{based_on(type_)}</itemComponent>'


def function(result: str | None, *parameters: tuple[str, str | None]) -> str:
    inside = "".join(f"<parameters{attributes(name=n, typeRef=t)}/>" for n, t in parameters)
    return f"<functionItem{attributes(outputTypeRef=result)}>{inside}</functionItem>"


COLOURS = item("tColour", based_on("string", '"red", "blue"'))
TYPES = (
    COLOURS
    + item("tSame", based_on("tColour"))
    + item("tOther", based_on("tColour", '"green"'))
    + item("tColours", based_on("tColour"), many=True)
    + item("tCar", member("colour", "tColour") + member("built", "date"))
    + item("tPaint", function("tColour", ("x", None)))
    + item("tTake", function(None, ("x", "tColour")))
)


def echoing(type_: str) -> Decisions:
    return load(dmn(TYPES, given("x", type_), decision("d", literal("x"), inputs=["in_x"])))


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("tColour", "red", "red"),
        ("tColour", "green", None),
        ("tColour", ["red"], "red"),
        ("tSame", "green", None),
        ("tOther", "green", "green"),
        ("tOther", "red", None),
        ("tColours", ["red", "blue"], ["red", "blue"]),
        ("tColours", "red", ["red"]),
        ("tColours", ["red", "green"], None),
        (
            "tCar",
            {"colour": "red", "built": "2026-10-09"},
            {"colour": "red", "built": date(2026, 10, 9)},
        ),
        ("tCar", {"colour": "red"}, None),
        ("tCar", {"colour": "green", "built": None}, None),
        ("tCar", {"colour": "red", "built": "soon"}, None),
    ],
)
def test_value_outside_its_declared_type_is_null(type_: str, value: Any, kept: Any) -> None:
    assert echoing(type_).evaluate("d", {"x": value}) == kept


def test_type_of_a_table_holds_for_the_decision_and_its_explanation() -> None:
    rules = table("FIRST", ["x"], ["y"], ["- | x"])
    logic = rules.replace("<decisionTable", '<decisionTable typeRef="tColour"')
    decisions = load(dmn(COLOURS, decision("d", logic)))
    assert decisions.evaluate("d", {"x": "red"}) == "red"
    assert decisions.evaluate("d", {"x": "green"}) is None
    assert decisions.explain("d", {"x": "green"}).value is None


@pytest.mark.parametrize(
    "logic",
    [
        '<literalExpression typeRef="tPaint"><text>function(x) x</text></literalExpression>',
        '<literalExpression typeRef="tTake"><text>function(x) x</text></literalExpression>',
        '<functionDefinition typeRef="tPaint"><formalParameter name="x"/>'
        + literal("x")
        + "</functionDefinition>",
    ],
)
def test_function_of_a_declared_type_converts_what_it_takes_and_gives(logic: str) -> None:
    decisions = load(
        dmn(TYPES, decision("paint", logic), decision("d", literal("paint(x)"), needs=["paint"]))
    )
    assert decisions.evaluate("d", {"x": "red"}) == "red"
    assert decisions.evaluate("d", {"x": "green"}) is None


def test_knowledge_model_whose_logic_declares_the_function_type() -> None:
    model = knowledge("paint", "x", literal("x"))
    typed = model.replace("<encapsulatedLogic>", '<encapsulatedLogic typeRef="tPaint">')
    decisions = load(dmn(TYPES, typed, decision("d", literal("paint(x)"), knows=["paint"])))
    assert decisions.evaluate("d", {"x": "red"}) == "red"
    assert decisions.evaluate("d", {"x": "green"}) is None


def test_service_takes_what_its_function_type_declares() -> None:
    typed = service("s", "d", inputs="in_x").replace(
        "<outputDecision", '<variable name="s" typeRef="tTake"/><outputDecision', 1
    )
    decisions = load(dmn(TYPES, given("x"), decision("d", literal("x"), inputs=["in_x"]), typed))
    assert decisions.evaluate("s", {"x": "red"}) == "red"
    assert decisions.evaluate("s", {"x": "green"}) is None


def test_knowledge_model_is_evaluated_by_name() -> None:
    decisions = load(dmn(TYPES, knowledge("pair", "a:number, b:tColour", literal("[a, b]"))))
    assert decisions.evaluate("pair", {"a": [1], "b": "red"}) == [1, "red"]
    assert decisions.evaluate("pair", {"b": "green"}) == [None, None]
    assert decisions.explain("pair", {"a": 1, "b": "red"}).matched == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"red" instance of tColour', True),
        ("1 instance of tColour", False),
        ('{colour: "red", built: @"2026-10-09"} instance of tCar', True),
        ('{colour: "red"} instance of tCar', False),
        ("(function(x: tColours) count(x))([1])", None),
        ('(function(x: tColours) count(x))(["red"])', 1),
    ],
)
def test_texts_may_name_the_files_own_types(text: str, value: Any) -> None:
    decisions = load(dmn(TYPES, decision("d", literal(text))))
    assert decisions.evaluate("d", {}) == value
    assert decisions.problems({}) == ()


@pytest.mark.parametrize(
    ("match", "kept"),
    [
        ("item > 1", [2, 3]),
        ("item > 5", []),
        ("null", []),
        ('"a text"', None),
        ('if item < 2 then true else "a text"', None),
        ("2", 2),
    ],
)
def test_boxed_filter_wants_a_condition(match: str, kept: Any) -> None:
    logic = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal(match)}</match></filter>"
    assert boxed(logic).evaluate("d", {}) == kept


def test_boxed_filter_wants_a_condition_of_boxed_logic_too() -> None:
    then = literal('if item > 2 then "a text" else true')
    match = (
        f"<conditional><if>{literal('x')}</if><then>{then}</then><else>{then}</else></conditional>"
    )
    logic = f"<filter><in>{literal('list')}</in><match>{match}</match></filter>"
    assert boxed(logic).evaluate("d", {"list": [1, 2]}) == [1, 2]
    assert boxed(logic).evaluate("d", {"list": [1, 2, 3]}) is None
    assert boxed(logic).evaluate("d", {"list": None}) is None


@pytest.mark.parametrize(
    ("word", "over", "condition", "value"),
    [
        ("some", "[1, 2]", "e = 2", True),
        ("some", "[1, 2]", "e = 3", False),
        ("some", "[1, 2]", 'if e = 2 then true else "a text"', None),
        ("some", "[1, 2]", 'if e = 1 then true else "a text"', True),
        ("every", "[1, 2]", 'if e = 1 then true else "a text"', None),
        ("every", "[1, 2]", 'if e = 1 then false else "a text"', False),
        ("every", "[]", '"a text"', True),
        ("every", "null", "true", None),
        ("some", "1", "e = 1", True),
    ],
)
def test_boxed_quantifier_judges_in_order(word: str, over: str, condition: str, value: Any) -> None:
    logic = (
        f'<{word} iteratorVariable="e"><in>{literal(over)}</in>'
        f"<satisfies>{literal(condition)}</satisfies></{word}>"
    )
    assert boxed(logic).evaluate("d", {}) is value
