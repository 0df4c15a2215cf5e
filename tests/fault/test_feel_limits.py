"""Whatever a package holds, an evaluation ends soon and says why."""

from __future__ import annotations

import threading
from decimal import Decimal
from time import monotonic, process_time
from typing import Any

import pytest

from workflows.feel import FeelError, Function, compile_expression, evaluate, unary_test

BIG = "x" * 900_000
RECURSE = "{f: function(n) f(n + 1), r: f(1)}.r"
TWIN = "{f: function(n) f(n + 1) + f(n + 2), r: f(1)}.r"
IN_RANGES = "1 in (" * 50 + "1..2" + ")..2" * 49 + ")"
DOUBLE = '{f: function(t, n) if n = 0 then t else f(t + t, n - 1), r: f("0123456789", 30)}.r'
RUNAWAYS = [
    ("for i in 1..1000000 return i", "limit_list"),
    ("for i in 1..100000, j in 1..100000 return 1", "limit_list"),
    ("every i in 1..100000, j in 1..100000 satisfies true", "limit_steps"),
    ("for i in 1..-99999999999 return i", "limit_list"),
    ("for i in 1..100000 return for j in 1..100000 return j", "limit_steps"),
    (RECURSE, "limit_depth"),
    (TWIN, "limit_depth"),
    ("{f: function(g) g(g), r: f(f)}.r", "limit_depth"),
    ("string join(for i in 1..90 return big)", "limit_string"),
    ("big + big", "limit_string"),
    ('replace(big, "x", "xx")', "limit_steps"),
    ('split(big, "x")', "limit_steps"),
    ('replace(big, "x+", big)', None),
    ("for i in 1..100000 return string length(big)", "limit_steps"),
    ("for i in 1..100000 return distinct values(many)", "limit_steps"),
    ("for i in 1..100000 return many = many", "limit_steps"),
    ("for i in 1..100000 return partial", "limit_steps"),
    ("sort(many, function(a, b) every i in 1..1000 satisfies true)", "limit_steps"),
    ("distinct values(for i in 1..90000 return {a: i})", "limit_steps"),
    (DOUBLE, "limit_string"),
    ("(" * 100 + "1" + ")" * 100, "limit_nesting"),
    ("-" * 1000 + "1", "limit_nesting"),
    ("[" * 5000, "limit_nesting"),
    ("if true then " * 100, "limit_nesting"),
    ("1" + "+1" * 1000, "limit_chain"),
    ("true" + " and true" * 1000, "limit_chain"),
    ("(1" + "+1" * 200 + ")", None),
    ("(" * 60 + "1" + ("+1" * 250 + ")") * 60, "limit_nesting"),
    ("a" + ".b" * 1000, "limit_chain"),
    ("1 instance of " + "list<" * 1000, "limit_nesting"),
    (" " * 1_000_000, "limit_text"),
    ("1" * 60_000, "limit_number"),
    ("9 ** 9 ** 9 ** 9", None),
    ("1e6000 * 1e6000", None),
    ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', None),
    ('matches(big, "(x+x+)+y")', None),
    ('matches("a", "((a{1,100}){1,100}){1,100}")', None),
    ("[1..100000000000] = [1..100000000000]", None),
    ('number("1e999999999")', None),
    ("(= " * 60 + "1" + ")" * 60, None),
    (IN_RANGES, None),
    ("[" + "many, " * 10_000 + "1]", None),
    ("{" + ", ".join(f"q b{n}: q b{max(n - 1, 0)}" for n in range(3_000)) + "}", None),
    ("{" + ", ".join(["a: 1"] * 10_000) + "}", None),
    ("f(" + ", ".join(f"a{n}: 1" for n in range(6_000)) + ")", None),
]


@pytest.mark.parametrize(("text", "code"), RUNAWAYS, ids=lambda value: str(value)[:40])
def test_runaway_ends_quickly(text: str, code: str | None) -> None:
    context = {"big": BIG, "many": list(range(5_000)), "a": None}
    started = process_time()
    if code is None:
        evaluate(text, context)
    else:
        with pytest.raises(FeelError) as caught:
            evaluate(text, context)
        assert caught.value.message.code == f"feel.{code}"
    assert process_time() - started < 5


def test_a_runaway_in_a_cell_ends_too() -> None:
    with pytest.raises(FeelError, match="limit"):
        unary_test("every i in 1..100000, j in 1..100000 satisfies true", 1, {})


def test_evaluations_inside_a_host_function_share_the_budget() -> None:
    inner = compile_expression("every i in 1..1000 satisfies i > 0", ())
    host = {"work": Function((), lambda: inner({}))}
    outer = compile_expression("every i in 1..100000 satisfies work()", (), host)
    started = monotonic()
    with pytest.raises(FeelError, match="limit_steps"):
        outer({})
    assert monotonic() - started < 5


def test_a_host_function_that_calls_itself_through_feel_is_stopped() -> None:
    functions: dict[str, Function] = {}
    functions["again"] = Function(("n",), lambda n: call({"n": n}))
    call = compile_expression("again(n + 1)", ["n"], functions)
    with pytest.raises(FeelError, match="limit_depth"):
        call({"n": 1})


def test_a_function_that_outlives_its_evaluation_gets_a_new_budget() -> None:
    made = evaluate("function(n) every i in 1..n satisfies true", {})
    for _ in range(7):
        assert evaluate("f(90000)", {"f": made}) is True
    assert made.call(Decimal(90_000)) is True


def test_a_type_from_outside_feel_is_refused() -> None:
    with pytest.raises(FeelError, match="foreign_value"):
        evaluate("x", {"x": object()})


@pytest.mark.parametrize(
    "text",
    [
        "x.__class__",
        "x.upper",
        '"a".__len__',
        "[].append",
        "{}.keys",
        "f.call",
        "open",
        "__import__",
    ],
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    context = {"x": "text", "f": Function((), lambda: 1)}
    found = evaluate(text, context)
    assert found is None or found == []


def test_threads_share_compiled_expressions() -> None:
    text = "sum(for i in 1..50 return i * n) + count(xs[item > n])"
    call = compile_expression(text, ["n", "xs"])
    wrong: list[Any] = []

    def work(n: int) -> None:
        context = {"n": n, "xs": list(range(100))}
        expected = sum(i * n for i in range(1, 51)) + sum(x > n for x in range(100))
        wrong.extend(got for got in (call(context) for _ in range(60)) if got != expected)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
