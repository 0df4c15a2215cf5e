"""What cells let pass: constants by look-up, everything else by FEEL's unary tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.decisions.drawn import boxed, table, tabled
from workflows.decisions import DecisionError


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("-", "x", True),
        ('"a"', "a", True),
        ('"a"', "A", False),
        ('"a", "b"', "b", True),
        ('"a","b"', "c", False),
        ('"甲","乙"', "乙", True),
        ("5", Decimal("5.00"), True),
        ("5", 5, True),
        ("-5", -5, True),
        ("1, 2, 3", 3, True),
        ("5", "5", False),
        ("1", True, False),
        ("true", 1, False),
        ("true", True, True),
        ("true", None, False),
        ("false", None, False),
        ("true, false", False, True),
        ('"a"', None, False),
        ("null", None, True),
        ("null", "a", False),
        ("> 5", 6, True),
        ("> 5", None, False),
        ("[1..5)", 5, False),
        ("]1..5]", 5, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ('not("a")', "b", True),
        ("< 5, > 10", 11, True),
        ('date("2026-01-01")', date(2026, 1, 1), True),
        ('>= date("2026-01-01")', date(2025, 12, 31), False),
        ("? * 2 = 10", 5, True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ('list contains(?, "a")', ["a", "b"], True),
        ('"a"', ["a"], False),
        ("[1, 2]", 2, True),
        ('starts with(?, "a")', "abc", True),
        ("", "anything", True),
    ],
)
def test_cell(cell: str, value: Any, passes: bool) -> None:
    decisions = tabled("FIRST", ["x"], ["y"], [f'{cell} | "hit"'])
    found = decisions.evaluate("d", {"x": value, "limit": 7})
    assert found == ("hit" if passes else None)


def test_input_is_evaluated_as_an_expression() -> None:
    decisions = tabled("FIRST", ["count(xs[item > n])"], ["y"], ["2 | n", "- | 0"])
    assert decisions.evaluate("d", {"xs": [1, 5, 6], "n": 4}) == 4


def test_columns_are_all_asked() -> None:
    rules = ['"a" | > 1 | 1', '"a" | - | 2', "- | > 1 | 3"]
    decisions = tabled("COLLECT", ["x", "n"], ["y"], rules)
    assert decisions.evaluate("d", {"x": "a", "n": 2}) == [1, 2, 3]
    assert decisions.evaluate("d", {"x": "b", "n": 2}) == [3]
    assert decisions.evaluate("d", {"x": "a", "n": 0}) == [2]


def test_name_nobody_gives_is_null() -> None:
    decisions = tabled("FIRST", ["absent"], ["y"], ["null | 1", "- | 2"])
    assert decisions.evaluate("d", {}) == 1
    assert decisions.evaluate("d", {"absent": 5}) == 2


def test_names_of_the_context_may_have_spaces_and_signs() -> None:
    decisions = tabled("FIRST", ["loan amount"], ["y"], ["> 5 | loan amount - down-payment"])
    assert decisions.evaluate("d", {"loan amount": 9, "down-payment": 2}) == 7


def test_name_of_the_context_goes_before_a_function_of_that_name() -> None:
    decisions = tabled("FIRST", ["date"], ["y"], ['"x" | date'])
    assert decisions.evaluate("d", {"date": "x"}) == "x"


def test_foreign_keys_of_the_context_do_no_harm() -> None:
    decisions = tabled("FIRST", ["a"], ["y"], ["1 | 2"])
    assert decisions.evaluate("d", {"a": 1, "": 3, "if": 4, "x + y": 5, "1": 6}) == 2


def test_value_outside_the_allowed_input_values_counts_as_null() -> None:
    rules = ['"b", "c" | 1', "null | 2"]
    decisions = tabled("FIRST", [("x", '"a","b"')], ["y"], rules)
    assert decisions.evaluate("d", {"x": "b"}) == 1
    assert decisions.evaluate("d", {"x": None}) == 2
    assert decisions.evaluate("d", {"x": "c"}) == 2
    assert decisions.explain("d", {"x": "c"}).inputs == {"x": None}


def test_value_outside_the_allowed_output_values_is_null() -> None:
    decisions = tabled("FIRST", ["x"], [("y", '"a","b"'), "z"], ["- | x | x"])
    assert decisions.evaluate("d", {"x": "b"}) == {"y": "b", "z": "b"}
    assert decisions.evaluate("d", {"x": "c"}) == {"y": None, "z": "c"}


def test_output_entry_with_a_type_of_its_own_is_of_that_type_or_null() -> None:
    cells = table("FIRST", ["x"], ["y", "z"], ["- | x | x"])
    typed = cells.replace("<outputEntry>", '<outputEntry typeRef="number">', 1)
    assert boxed(typed).evaluate("d", {"x": "5"}) == {"y": None, "z": "5"}
    assert boxed(typed).evaluate("d", {"x": [5]}) == {"y": 5, "z": [5]}


def test_output_is_of_its_declared_type_or_null() -> None:
    decisions = tabled("FIRST", ["x"], ["y"], ["- | x"], types=[None, "number"])
    assert decisions.evaluate("d", {"x": 5}) == 5
    assert decisions.evaluate("d", {"x": [5]}) == 5
    assert decisions.evaluate("d", {"x": "5"}) is None


def test_limit_inside_a_cell_names_the_cell() -> None:
    endless = "count(for a in 1..90000 return for b in 1..90000 return 1) > 1"
    decisions = tabled("FIRST", ["x", "x"], ["y"], ["- | - | 1", f"- | {endless} | 2"])
    with pytest.raises(DecisionError) as caught:
        decisions.evaluate("d", {"x": 1})
    where = caught.value.where
    assert (where.element, where.row, where.column) == ("r2", 2, 2)
    assert caught.value.line == 1


def test_inputs_that_look_alike_are_told_apart() -> None:
    explained = tabled("FIRST", ["x", "x"], ["y"], ["- | - | 1"]).explain("d", {"x": 3})
    assert explained.inputs == {"x": 3, "x (x)": 3}
