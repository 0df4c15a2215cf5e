"""Boxed expressions of DMN 1.5 §7.3 and §10.5, and declared types."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decisions.drawn import boxed, decision, dmn, literal, table
from workflows.decisions import load


def entry(name: str, logic: str, type_: str = "") -> str:
    kind = f' typeRef="{type_}"' if type_ else ""
    variable = f'<variable name="{name}"{kind}/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def test_literal() -> None:
    assert boxed(literal("a * 2")).evaluate("d", {"a": 21}) == 42


def test_context_gives_its_entries() -> None:
    logic = f"<context>{entry('x', literal('1'))}{entry('y z', literal('x + 1'))}</context>"
    assert boxed(logic).evaluate("d", {}) == {"x": 1, "y z": 2}


def test_context_with_a_result_gives_it() -> None:
    logic = f"<context>{entry('x', literal('n + 1'))}{entry('', literal('x * 10'))}</context>"
    assert boxed(logic).evaluate("d", {"n": 1}) == 20


def test_entry_hides_a_name_of_the_context() -> None:
    logic = f"<context>{entry('n', literal('n + 1'))}{entry('', literal('n'))}</context>"
    assert boxed(logic).evaluate("d", {"n": 1}) == 2


def test_members_of_nested_contexts_may_have_spaces() -> None:
    inner = f"<context>{entry('tax rate', literal('3'))}</context>"
    logic = f"<context>{entry('a b', inner)}{entry('', literal('a b.tax rate + 1'))}</context>"
    assert boxed(logic).evaluate("d", {}) == 4


def test_list_and_relation() -> None:
    logic = f"<list>{literal('1')}{literal('a')}{literal('[3]')}</list>"
    assert boxed(logic).evaluate("d", {"a": 2}) == [1, 2, [3]]
    relation = (
        '<relation><column name="x"/><column name="y" typeRef="number"/>'
        f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal(chr(34) * 2)}</row>"
        "</relation>"
    )
    assert boxed(relation).evaluate("d", {}) == [{"x": 1, "y": 2}, {"x": 3, "y": None}]


FUNCTION = (
    '<functionDefinition><formalParameter name="a" typeRef="number"/><formalParameter name="b"/>'
    f"{literal('a + b + n')}</functionDefinition>"
)


def test_function_definition_is_called_by_later_entries() -> None:
    logic = (
        f"<context>{entry('f', FUNCTION)}{entry('', literal('[f(1, 2), f(b: 1, a: 5)]'))}</context>"
    )
    assert boxed(logic).evaluate("d", {"n": 100}) == [103, 106]


def test_function_definition_may_call_itself() -> None:
    body = literal("if n <= 1 then 1 else n * f(n - 1)")
    function = f'<functionDefinition><formalParameter name="n"/>{body}</functionDefinition>'
    logic = f"<context>{entry('f', function)}{entry('', literal('f(5)'))}</context>"
    assert boxed(logic).evaluate("d", {}) == 120


def binding(name: str, text: str) -> str:
    return f'<binding><parameter name="{name}"/>{literal(text)}</binding>'


@pytest.mark.parametrize(
    ("function", "bindings", "value"),
    [
        ("max", binding("list", "[1, 5, 2]"), 5),
        ("function(a, b) a - b", binding("b", "1") + binding("a", "n"), 8),
        ("function(a, b) a - b", binding("a", "1"), None),
        ("function(a, b) a - b", binding("a", "1") + binding("c", "1"), None),
        ("n", binding("a", "1"), None),
        ("function() 7", "", 7),
    ],
)
def test_invocation(function: str, bindings: str, value: Any) -> None:
    logic = f"<invocation>{literal(function)}{bindings}</invocation>"
    assert boxed(logic).evaluate("d", {"n": 9}) == value


@pytest.mark.parametrize(("n", "value"), [(1, "one"), (2, "else"), (None, "else")])
def test_conditional(n: Any, value: str) -> None:
    parts = {"if": "n = 1", "then": '"one"', "else": '"else"'}
    inside = "".join(f"<{part}>{literal(text)}</{part}>" for part, text in parts.items())
    logic = f"<conditional>{inside}</conditional>"
    assert boxed(logic).evaluate("d", {"n": n}) == value


@pytest.mark.parametrize(
    ("match", "value"),
    [
        ("age > 10", [{"age": 20, "name": "b"}]),
        ("item.age > 10", [{"age": 20, "name": "b"}]),
        ("1", {"age": 5, "name": "a"}),
        ("name = wanted", [{"age": 5, "name": "a"}]),
        ("null", []),
    ],
)
def test_filter(match: str, value: Any) -> None:
    people = [{"age": 5, "name": "a"}, {"age": 20, "name": "b"}]
    logic = f"<filter><in>{literal('people')}</in><match>{literal(match)}</match></filter>"
    assert boxed(logic).evaluate("d", {"people": people, "wanted": "a"}) == value


def test_filter_by_a_table() -> None:
    rules = table("FIRST", ["item"], ["keep"], ["> 1 | true", "- | false"])
    logic = f"<filter><in>{literal('xs')}</in><match>{rules}</match></filter>"
    assert boxed(logic).evaluate("d", {"xs": [1, 2, 3]}) == [2, 3]


def loop(word: str, source: str, body: str) -> str:
    part = "return" if word == "for" else "satisfies"
    inside = f"<in>{literal(source)}</in><{part}>{literal(body)}</{part}>"
    return f'<{word} iteratorVariable="x">{inside}</{word}>'


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (loop("for", "[1, 2, 3]", "x * n"), [10, 20, 30]),
        (loop("for", "[1..3]", "x"), [1, 2, 3]),
        (loop("for", "[1, 2, 3]", "x + count(partial)"), [1, 3, 5]),
        (loop("for", "[]", "x"), []),
        (loop("some", "[1, 2]", "x > 1"), True),
        (loop("some", "[1, 2]", "x > 2"), False),
        (loop("some", "[]", "x > 2"), False),
        (loop("every", "[1, 2]", "x > 0"), True),
        (loop("every", "[1, 2]", "x > 1"), False),
        (loop("every", "[]", "x > 1"), True),
        (loop("every", "[1, null]", "x > 0"), None),
    ],
)
def test_iterator(logic: str, value: Any) -> None:
    assert boxed(logic).evaluate("d", {"n": 10}) == value


ITEMS = (
    '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef>'
    '</itemComponent><itemComponent name="full age"><typeRef>tAge</typeRef></itemComponent>'
    "</itemDefinition>"
    '<itemDefinition name="tAge"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..150]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tAges" isCollection="true"><typeRef>tAge</typeRef>'
    "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tFunction"><functionItem outputTypeRef="string"/></itemDefinition>'
)


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("number", "5", 5),
        ("string", "5", None),
        ("number", "[5]", 5),
        ("number", '["x"]', None),
        ("tNumbers", "5", [5]),
        ("tNumbers", '"x"', None),
        ("tNumbers", '[1, "x"]', None),
        ("tNumbers", "null", None),
        ("tAge", "150", 150),
        ("tAge", "151", None),
        ("tAges", "[1, 2]", [1, 2]),
        ("tAges", "[1, 151]", None),
        ("tAges", "[1, 2, 3]", None),
        ("tPerson", '{name: "a", full age: 3, more: 1}', {"name": "a", "full age": 3, "more": 1}),
        ("tPerson", '{name: "a"}', None),
        ("tPerson", '{name: "a", full age: 200}', None),
        ("feel:number", "5", 5),
        ("ns1:tAge", "151", None),
        ("integer", '"x"', None),
        ("Any", '"x"', "x"),
        ("unheard-of", '"x"', "x"),
    ],
)
def test_value_is_of_its_declared_type_or_null(type_: str, text: str, value: Any) -> None:
    decisions = load(dmn(ITEMS, decision("d", literal(text), type_=type_)))
    assert decisions.evaluate("d", {}) == value
    typed = load(dmn(ITEMS, decision("d", literal(text, type_))))
    assert typed.evaluate("d", {}) == value


def test_types_of_entries_and_parameters_are_kept() -> None:
    entries = entry("x", literal("5"), "string") + entry("y", literal("5"), "number")
    logic = f"<context>{entries}</context>"
    assert boxed(logic).evaluate("d", {}) == {"x": None, "y": 5}
