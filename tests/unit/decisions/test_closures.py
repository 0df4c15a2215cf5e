"""Functions as values: handed from decision to decision, kept in contexts, closed over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decisions.drawn import decision, dmn, literal
from tests.unit.decisions.test_requirements import given, knowledge, service
from workflows.decisions import load

NUMBER = '<formalParameter name="{}" typeRef="number"/>'


def function(parameter: str, body: str) -> str:
    return f"<functionDefinition>{NUMBER.format(parameter)}{body}</functionDefinition>"


FILE = dmn(
    given("n"),
    decision("makes", literal("function(a) a + n"), inputs=["in_n"]),
    decision("calls", literal("makes(2)"), needs=["makes"]),
    decision("boxed", function("a", literal("a * n")), inputs=["in_n"]),
    decision("calls_boxed", literal("boxed(3)"), needs=["boxed"]),
    knowledge("times", "a:number", literal("function(b) a * b")),
    decision("curried", literal("times(10)(2)"), knows=["times"]),
    knowledge("deep", "a", function("b", function("c", literal("a * b * c")))),
    decision("curried_boxed", literal("deep(2)(3)(4)"), knows=["deep"]),
    knowledge("twice", "f,g", literal("f(5) * g(10)")),
    knowledge("plus", "x", literal("x + 1")),
    decision("hands_over", literal("twice(plus, function(x) x * n)"), knows=["twice", "plus"],
             inputs=["in_n"]),
    decision("tenfold", literal("n * 10"), inputs=["in_n"]),
    service("serve", "tenfold", inputs="in_n"),
    decision("hands_service", literal("twice(serve, serve)"), knows=["twice", "serve"]),
    decision("library", literal("{add up: function(a, b) a + b, half: function(a) a / 2}")),
    decision("uses", literal("library.add up(library.half(n), 1)"), needs=["library"],
             inputs=["in_n"]),
    decision("sorted", literal("sort([3, 1, 2], function(x, y) x > y)")),
    decision("mapped", literal("for f in [plus, function(x) x * 2] return f(n)"), knows=["plus"],
             inputs=["in_n"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("calls", 9),
        ("calls_boxed", 21),
        ("curried", 20),
        ("curried_boxed", 24),
        ("hands_over", 420),
        ("hands_service", 5000),
        ("uses", 4.5),
        ("sorted", [3, 2, 1]),
        ("mapped", [8, 14]),
    ],
)
def test_function_is_a_value(key: str, value: Any) -> None:
    assert load(FILE).evaluate(key, {"n": 7}) == value
