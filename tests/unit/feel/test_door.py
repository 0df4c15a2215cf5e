"""The room's door: compiled expressions, host functions, conversion of process data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from tests.unit.feel.notation import shown
from workflows.feel import (
    FeelError,
    Function,
    YearsMonths,
    compile_expression,
    convert,
    evaluate,
    parse_type,
)
from workflows.feel.door import compile_lenient, compile_lenient_tests


def test_a_declared_name_without_a_value_is_null() -> None:
    call = compile_expression("amount = null", {"amount": "number"})
    assert call({}) is True
    assert call({"amount": 0}) is False


def test_several_expressions_are_a_list_where_nobody_writes_them() -> None:
    assert shown(evaluate("1, [2, 3], a", {"a": "x"})) == '[1, [2, 3], "x"]'


def test_data_cannot_change_how_a_text_is_read() -> None:
    call = compile_expression("a - b", ["a", "b"])
    assert call({"a": 5, "b": 2, "a - b": 100}) == 3


def test_the_context_is_neither_changed_nor_copied_into_the_result() -> None:
    context = {"xs": [1, 2], "case": {"n": 1}}
    before = {"xs": [1, 2], "case": {"n": 1}}
    compile_expression('[append(xs, 3), context put(case, "n", 2)]', context.keys())(context)
    assert context == before


def test_any_mapping_is_a_context() -> None:
    frozen = MappingProxyType({"case": MappingProxyType({"kind": "x", "n": (1, 2)})})
    assert compile_expression('case.kind = "x"', ["case"])(frozen) is True
    assert evaluate("count(case.n)", frozen) == 2


def test_whole_numbers_and_floats_are_decimals_inside() -> None:
    assert type(evaluate("n", {"n": 3})) is Decimal
    assert evaluate("n + 0.2", {"n": 0.1}) == Decimal("0.3")
    assert evaluate("n", {"n": True}) is True


def test_host_function_gets_and_gives_plain_values() -> None:
    seen: list[Any] = []

    def deadline(rule: Any, base: Any) -> dict[str, Any]:
        seen.append((rule, base))
        return {"rule": rule, "days": 15}

    functions = {"deadline": Function(("rule", "base"), deadline)}
    call = compile_expression('deadline("reply", d).days + 1', ["d"], functions)
    assert call({"d": date(2026, 10, 9)}) == 16
    named = compile_expression('deadline(base: d, rule: "x").rule', ["d"], functions)
    assert named({"d": None}) == "x"
    assert seen == [("reply", date(2026, 10, 9)), ("x", None)]


def test_host_function_is_checked_like_a_built_in() -> None:
    functions = {"f": Function(("a", "b"), lambda a, b: [a, b], required=1)}
    assert compile_expression("f(1)", (), functions)({}) == [1, None]
    for text in ("f()", "f(1, 2, 3)", "f(c: 1)"):
        with pytest.raises(FeelError, match="argument_count"):
            compile_expression(text, (), functions)


def test_host_function_may_take_any_number_of_arguments() -> None:
    functions = {"f": Function(("a", "rest"), lambda a, rest: [a, rest], required=1, variadic=True)}
    assert shown(compile_expression("f(1, 2, 3)", (), functions)({})) == "[1, [2, 3]]"


def test_typed_host_parameters_are_converted_or_null() -> None:
    number = parse_type("number")
    functions = {"f": Function(("a",), lambda a: a, types=(number,))}
    assert compile_expression("f([7])", (), functions)({}) == 7
    assert compile_expression('f("x")', (), functions)({}) is None


def test_lenient_logic_may_name_item_definitions() -> None:
    types = {"tAges": parse_type("list<number>")}
    assert compile_lenient("[1] instance of tAges", (), types)({}) is True
    assert compile_lenient('["a"] instance of list<tAges>', (), types)({}) is False
    assert compile_lenient("(function(a: tAges) a)(5)", (), types)({}) == [5]
    assert compile_lenient("nobody(1)", ())({}) is None
    assert compile_lenient_tests("? instance of tAges", (), types)([1], {}) is True


def test_a_function_value_in_the_context_can_be_called() -> None:
    call = compile_expression("rate(100)", {"rate": "function"})
    assert call({"rate": Function(("n",), lambda n: n * 2)}) == 200
    assert call({"rate": 5}) is None


def test_names_shadow_in_the_order_local_element_context_function() -> None:
    names = {"x": "number", "people": "list"}
    context = {"x": 1, "people": [{"x": 2}]}
    assert compile_expression("people[x = 2].x", names)(context) == [2]
    assert shown(compile_expression("for x in [5] return x", names)(context)) == "[5]"


CONVERSIONS = [
    ("18600.00", "number", Decimal("18600.00")),
    (" 7 ", "number", Decimal(7)),
    (7, "number", Decimal(7)),
    ("seven", "number", None),
    (True, "number", None),
    ("2026-10-09", "date", date(2026, 10, 9)),
    ("2026-10-32", "date", None),
    (20261009, "date", None),
    ("08:30:00", "time", time(8, 30)),
    ("2026-10-09T08:30:00Z", "date and time", datetime(2026, 10, 9, 8, 30, tzinfo=UTC)),
    ("2026-10-09T08:30:00", "dateTime", datetime(2026, 10, 9, 8, 30)),  # noqa: DTZ001
    ("P3D", "days and time duration", timedelta(days=3)),
    ("P14M", "years and months duration", YearsMonths(14)),
    ("true", "boolean", True),
    ("yes", "boolean", None),
    ("a", "string", "a"),
    (5, "string", None),
    (None, "date", None),
    ("x", "any", "x"),
    ("x", "", "x"),
    (["2026-10-09", None], "list<date>", [date(2026, 10, 9), None]),
    ("a", "list<string>", ["a"]),
    ({"d": "2026-10-09", "e": 1}, "context<d: date>", {"d": date(2026, 10, 9), "e": 1}),
    (object(), "number", None),
    ([1, 2], "number", None),
]


@pytest.mark.parametrize(("value", "kind", "expected"), CONVERSIONS)
def test_convert(value: Any, kind: str, expected: Any) -> None:
    found = convert(value, kind)
    assert (found, type(found)) == (expected, type(expected))


def test_convert_refuses_an_unknown_type() -> None:
    with pytest.raises(FeelError, match="unknown_type"):
        convert("x", "nmuber")


def test_years_months_is_written_as_iso_8601() -> None:
    assert [str(YearsMonths(n)) for n in (14, -3, 12, 0)] == ["P1Y2M", "-P3M", "P1Y", "P0M"]
