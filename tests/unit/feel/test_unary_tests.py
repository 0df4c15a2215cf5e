"""Cells of decision tables. DMN 1.5 §10.3.1.2 rules 7–18, §10.3.2.8."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workflows.feel import compile_unary_tests, unary_test

CONTEXT = {"limit": 10, "kinds": ["a", "b"], "flag": True, "off": False, "days": date(2026, 1, 1)}
CELLS = [
    ("-", 1, True),
    ("-", None, True),
    ("- 1", -1, True),
    ("5", 5, True),
    ("5", "5", False),
    ("5, 6", 6, True),
    ("< 5", 4, True),
    ("< 5", "a", False),
    ("< 5", None, False),
    ("> limit", 11, True),
    ("[1..5]", 5, True),
    ("[1..5)", 5, False),
    ("]1..5]", 1, False),
    ("[1..limit]", 10, True),
    ("[limit..1]", 5, False),
    ("[1..5]", None, False),
    ("[1..5]", "3", False),
    ("[1..5], > 10", 11, True),
    ("not(5, 6)", 7, True),
    ("not(5, 6)", 6, False),
    ("not(< 5)", 5, True),
    ("not(null)", 1, True),
    ("not(null)", None, False),
    ('"a"', "a", True),
    ('not("a")', None, True),
    ('"a", "b"', "c", False),
    ("kinds", "b", True),
    ("kinds", ["a", "b"], True),
    ('["x", [1..3]]', 2, True),
    ("null", None, True),
    ("null", 0, False),
    ("true", True, True),
    ("true", False, False),
    ("false", False, True),
    ("flag", "anything", False),
    ("flag", True, True),
    ("off", "anything", False),
    ("off", False, True),
    ("limit = 10", "anything", False),
    ("limit = 10", True, True),
    ("?", "anything", True),
    ("?", None, False),
    ("? + 1", 1, False),
    ('"b", string length(?) = 3', "foo", True),
    ("? > 5", 6, True),
    ("? > 5 and ? < 8", 9, False),
    ("? + 1 = limit", 9, True),
    ("not(? > 5)", 6, False),
    ("count(?) > 1", [1, 2], True),
    ('list contains(?, "a")', ["a"], True),
    ('not(list contains(?, "a"))', ["b"], True),
    ('not(list contains(?, "a")), "z"', ["a"], False),
    ("some x in ? satisfies x > 1", [1, 2], True),
    ("?[1] = 1", [1], True),
    ("!= 5", 6, True),
    ("= 5", 5, True),
    ("(< 5)", 4, True),
    ("(5)", 5, True),
    ('("123", true)', True, True),
    ('("123", true)', "123", True),
    ('("123", true)', False, False),
    ("(< 5, > 7)", 8, True),
    ("(limit - 5) + 1, 7", 6, True),
    ("(1), (2)", 2, True),
    ("> days", date(2026, 1, 2), True),
    ('[@"2026-01-01"..@"2026-12-31"]', date(2026, 5, 1), True),
    ('starts with(?, "a")', "abc", True),
]


@pytest.mark.parametrize(("cell", "value", "passes"), CELLS)
def test_cell(cell: str, value: Any, passes: bool) -> None:
    assert unary_test(cell, value, CONTEXT) is passes
    assert compile_unary_tests(cell, CONTEXT.keys())(value, CONTEXT) is passes


def test_a_number_of_any_python_kind_is_tested() -> None:
    test = compile_unary_tests("> 5", ())
    assert [test(value, {}) for value in (6, 6.5, Decimal(6), float("nan"), True)] == [
        True,
        True,
        True,
        False,
        False,
    ]
