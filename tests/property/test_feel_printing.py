"""What is printed is read back as the same tree, and printed again the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.property.test_feel import texts
from workflows.feel import FeelError, evaluate, print_expression, print_unary_tests, unary_test
from workflows.feel.door import declare_names
from workflows.feel.nodes import Tree
from workflows.feel.parser import Parser
from workflows.feel.value_text import value_text

NAMES = {
    **dict.fromkeys(("a", "b", "c", "a-b", "b and c", "b.c", "date", "count", "in progress"), ""),
    "down payment": "number",
    "xs": "list<number>",
    "x": {"y": "number", "y and z": "number", "y-b": "number"},
    "rows": [{"n": "number", "n in": "number"}],
}
CONTEXT = {
    **{"a": 3, "b": 2, "c": True, "a-b": 7, "b and c": False, "b.c": "t", "date": None},
    **{"count": 5, "in progress": True, "down payment": 10, "xs": [1, 2, 3]},
    "x": {"y": 1, "y and z": 2, "y-b": 3},
    "rows": [{"n": 1, "n in": 2}, {"n": 5, "n in": 0}],
}
LEAVES = [
    *NAMES,
    *("1", "1.50", ".5", "1e3", "1e80", "true", "false", "null", "[]", "{}", "?", "(count)(xs)"),
    *('""', '"t"', r'"a\"b\\c\n\t\u200b\U01F600"', '"\u3000\u4e2d"', "x.y", "(x.y)", "today"),
    *('@"2026-01-31"', '@"P1Y2M"', '@"PT36H"', '@"08:30:00Z"', '@"2026-01-01T00:00:00.5+08:00"'),
    *('@"2026-01-01T00:00:00@Asia/Shanghai"', "rows[n > 1]", "rows[n in > 1].n", "b.c", "xs[-1]"),
    *("in progress", 'date("2026-01-01")', "{function x: 1, b: 2}.function x", "item", "partial"),
]
SHAPES = [
    *("{} + {}", "{} - {}", "{}*{}", "{} / {}", "{} ** {}", "-{}", "- {}", "({})", "( {} )"),
    *("{} = {}", "{} != {}", "{} < {}", "{} >= {}", "{} and {}", "{} or {}", "{} and {} and {}"),
    *("{} or {} and {}", "{} between {} and {}", "not({})", "not(negand: {})", "{} in {}"),
    *("{} in ({}, < {})", "{} in (> {})", "{} in ((< {}))", "{} in ({}..{})", "{} in ? > {}"),
    *("if {} then {} else {}", "for i in {} return {}", "for i in 1..3, j in {} return {} + i - j"),
    *(
        "for q-b in {}..{} return q-b - b",
        "some i in {} satisfies {}",
        "every i in {} satisfies i={}",
    ),
    *("[{}, {}]", "[{}]", "{{a: {}, b: {}}}", '{{"x y": {}, a-c: {}, r: a - c}}', "{}[{}]", "{}.y"),
    *("{}[item > {}]", "{}.x y", "{}...y", "[{}..{}]", "({}..{})", "]{}..{}[", "[1..{}[{}]]"),
    *("(< {})", "(>= {})", "(= {})", "[< {}]", "f({}, {})", "max({}, {})", "min(list: {})"),
    *("function(a, p: number) {} + p", "(function(n: list<number>) n[{}])({})", "sort({}, count)"),
    *(
        "{} instance of number",
        "{} instance of list",
        "{} instance of context<a: date, b c: range>",
    ),
    *("{} instance of function<number> -> list<string>", "{} instance of date", "{} and time"),
    *(
        "{{f: function(n) if n < 1 then {} else f(n - 1), r: f({})}}.r",
        "{{f: (function(n) f({}))}}",
    ),
    *("{{b c: {}, r: b - c + b c}}", "function() external x"),
]


@st.composite
def larger(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    operand = st.one_of(inner, inner.map("({})".format))
    return draw(st.sampled_from(SHAPES)).format(*(draw(operand) for _ in range(3)))


expressions = st.recursive(st.sampled_from(LEAVES), larger, max_leaves=10)
tests = (
    expressions
    | st.builds(str.__add__, st.sampled_from(["< ", ">=", "= ", "!= "]), expressions)
    | st.builds("[{}..{})".format, expressions, expressions)
)
cells = st.one_of(
    st.just("-"),
    st.lists(tests, min_size=1, max_size=3).map(",".join),
    st.lists(tests, min_size=1, max_size=3).map(", ".join).map("not({})".format),
    st.lists(tests, min_size=1, max_size=3).map(", ".join).map("({})".format),
)


def read(text: str) -> Tree:
    return Parser(text, declare_names(NAMES, ()), strict=False).tree()


def read_cell(text: str) -> Tree:
    return Parser(text, declare_names(NAMES, ()), strict=False).cell_tree()


def shape(value: Any, slots: dict[int, int]) -> Any:
    """A tree without places, its slots numbered in the order in which they are met."""
    if is_dataclass(value):
        parts = {part.name: getattr(value, part.name) for part in fields(value)}
        parts.pop("at", None)
        for name in ("slot", "partial"):
            if isinstance(parts.get(name), int):
                parts[name] = slots.setdefault(parts[name], len(slots))
        for name in ("items", "slots"):
            if name in parts and all(isinstance(one, int) for one in parts[name]):
                parts[name] = [slots.setdefault(one, len(slots)) for one in parts[name]]
        if "entries" in parts:
            parts["entries"] = [
                (key, slots.setdefault(slot, len(slots)), shape(one, slots))
                for key, slot, one in parts["entries"]
            ]
        return type(value).__name__, {name: shape(part, slots) for name, part in parts.items()}
    if isinstance(value, tuple):
        return [shape(one, slots) for one in value]
    return value


def result(work: Callable[[], Any]) -> str:
    try:
        return value_text([work()]) or ""
    except FeelError as error:
        return error.message.code


def check(text: str, read: Callable[[str], Tree], write: Callable[[Any, Any], str]) -> str:
    try:
        tree = read(text)
    except FeelError:
        assume(False)
    printed = write(tree, NAMES)
    again = read(printed)
    assert shape(again.root, {}) == shape(tree.root, {}), printed
    assert again.used == tree.used
    assert write(again, NAMES) == write(printed, NAMES) == write(text, NAMES) == printed
    return printed


@given(expressions)
@settings(max_examples=300, deadline=None)
def test_printed_expression_is_the_same_tree_and_value(text: str) -> None:
    printed = check(text, read, print_expression)
    assert result(lambda: evaluate(printed, CONTEXT)) == result(lambda: evaluate(text, CONTEXT))


@given(cells)
@settings(max_examples=300, deadline=None)
def test_printed_cell_is_the_same_tests(text: str) -> None:
    printed = check(text, read_cell, print_unary_tests)
    for value in (3, "t", True, None):
        told = result(lambda value=value: unary_test(text, value, CONTEXT))
        assert result(lambda value=value: unary_test(printed, value, CONTEXT)) == told


@given(texts)
@settings(max_examples=300, deadline=None)
def test_any_text_is_printed_or_refused(text: str) -> None:
    for write in (print_expression, print_unary_tests):
        try:
            printed = write(text, NAMES)
        except FeelError:
            continue
        assert write(printed, NAMES) == printed
