"""Every kind of expression but operators and built-ins. DMN 1.5 §10.3.1.2, §10.3.2."""

from __future__ import annotations

import pytest

from tests.unit.feel.notation import shown, value_of
from workflows.feel import evaluate

FORMS = [
    # literals
    ('"\\u67ab\\U01F40E\\n"', '"枫\U0001f40e\n"'),
    ('"\\uD83D\\uDC0E"', '"\U0001f40e"'),
    ('"\\s+"', '"\\s+"'),
    ('@"2026-10-09"', "date 2026-10-09"),
    ('@"08:30:00@Asia/Shanghai"', "time 08:30:00@Asia/Shanghai"),
    ('@"2026-10-09T08:30:00+08:00"', "moment 2026-10-09T08:30:00+08:00"),
    ('@"P1Y"', "months 12"),
    ('@"nonsense"', "null"),
    ("1 /* a */ + // b\n 2", "3"),
    # lists and filters
    ("[]", "[]"),
    ("[1, [2]]", "[1, [2]]"),
    ("[1, 2, 3][2]", "2"),
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][0]", "null"),
    ("[1, 2, 3][4]", "null"),
    ("[1, 2, 3][1.5]", "null"),
    ("[1, 2, 3][item >= 2]", "[2, 3]"),
    ("[1, 2, 3][null]", "[]"),
    ("[][1]", "null"),
    ("[][item > 1]", "[]"),
    ("[1, 2, 3][item > 1][1]", "2"),
    ("5[1]", "5"),
    ("5[item > 3]", "[5]"),
    ("null[1]", "null"),
    ("[{x: 1, y: 2}, {x: 2, y: 3}][x = 1]", "[{x: 1, y: 2}]"),
    ("[{x: 1, y: 2}, {x: 2, y: 3}][x > 0].y", "[2, 3]"),
    ("[{x: 1}, {y: 2}, 3].x", "[1, null, null]"),
    ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
    ("{a: {b: {c: {x: 1}, x: 2}}}...x", "[1, 2]"),
    ("[{x: null}, {x y: 1}, 2]...x y", "[1]"),
    ("1...a", "[]"),
    ("{a: {in: 1}, in: 2}...in", "[1, 2]"),
    ('{a: {p: {k: "u", n: 1}}, p: {k: "v", n: 2}}...p[k = "v"]...n', "[2]"),
    ("[{x: [{z: 1}, {z: 2}]}][count(x[z > 1]) = 1].x[1].z", "[1, 2]"),
    ("[[1, 2], [3]][count(item) = 2]", "[[1, 2]]"),
    # contexts
    ("{}", "{}"),
    ("{a: 1, b: a + 1}.b", "2"),
    ("{a: {b: {c: 3}}}.a.b.c", "3"),
    ('{"a b": 1, c d: 2}.a b', "1"),
    ("{a b: 2, c: a b * 2}.c", "4"),
    ("{a: 1}.b", "null"),
    ("1.b", "null"),
    ("{a: 1, a: 2}", "null"),
    ("null.a", "null"),
    # ranges
    ("[1..3]", "[1..3]"),
    ("]1..3[", "(1..3)"),
    ("(1..3]", "(1..3]"),
    ("[3..1]", "null"),
    ('[1.."a"]', "null"),
    ("[null..1]", "null"),
    ("(< 5)", "(null..5)"),
    ("(>= 5)", "[5..null)"),
    ("(= 5)", "[5..5]"),
    ("[(1..3), [2..4]]", "[(1..3), [2..4]]"),
    ("{a: < 5}.a", "(null..5)"),
    # in
    ("1 in [1..3]", "true"),
    ("3 in [1..3)", "false"),
    ("3 in ]1..3]", "true"),
    ("1 in [2, 3, 1]", "true"),
    ("1 in [[2..4], [1..3]]", "true"),
    ("1 in (2, 3)", "false"),
    ("10 in (1, < 5, >= 10)", "true"),
    ("5 in > 3", "true"),
    ("5 in != 5", "false"),
    ("5 in (= 5)", "true"),
    ('"a" in "a"', "true"),
    ("null in [1..3]", "null"),
    ("null in (null)", "true"),
    ("5 in (? > 3 and ? < 6)", "true"),
    ("[1, 2] in ([1, 2])", "true"),
    ('@"2026-05-01" in [@"2026-01-01"..@"2026-12-31"]', "true"),
    # for
    ("for i in [1, 2, 3] return i + 1", "[2, 3, 4]"),
    ("for i in 1..3 return i", "[1, 2, 3]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for i in 1 + 1..1 + 3 return i", "[2, 3, 4]"),
    ("for i in [1..3) return i", "[1, 2]"),
    ("for i in [1, 2], j in [i, 9] return i * j", "[1, 9, 4, 18]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
    ("for i in 1..2 return partial", "[[], [[]]]"),
    ('for d in @"2026-01-30"..@"2026-02-01" return d.day', "[30, 31, 1]"),
    ("for i in [] return i", "[]"),
    ("for i in null return i", "null"),
    ("for i in 5 return i", "[5]"),
    ("for i in 1..1.5 return i", "null"),
    ("for a b in [1] return a b", "[1]"),
    ("for i in 1..3 return for j in 1..i return j", "[[1], [1, 2], [1, 2, 3]]"),
    # quantified
    ("some x in [1, 2] satisfies x > 1", "true"),
    ("some x in [1, 2] satisfies x > 2", "false"),
    ("some x in [1, null] satisfies x > 2", "null"),
    ("some x in [null, 3] satisfies x > 2", "true"),
    ("some x in [] satisfies true", "false"),
    ("every x in [1, 2] satisfies x > 0", "true"),
    ("every x in [1, null] satisfies x > 0", "null"),
    ("every x in [null, 0] satisfies x > 0", "false"),
    ("every x in [] satisfies false", "true"),
    ("every x in [1, 2], y in [3, 4] satisfies x < y", "true"),
    ("some x in null satisfies true", "null"),
    # functions
    ("(function(a, b) a + b)(1, 2)", "3"),
    ("(function(a, b) a - b)(b: 1, a: 5)", "4"),
    ("(function(a) a)(1, 2)", "null"),
    ("(function(a) a)(b: 1)", "null"),
    ('(function(a: number) a)("x")', "null"),
    ("(function(a: number) a)([7])", "7"),
    ("(function(a: list<number>) count(a))(7)", "1"),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(20)}.r", "2432902008176640000"),
    ("{k: 2, f: function(a) a * k, r: f(4)}.r", "8"),
    ("(for i in 1..3 return function(a) a * i)[3](10)", "30"),
    ("(function(a) function(b) a * 10 + b)(1)(2)", "12"),
    ("{a: 1, f: function(a) a}.f(5)", "5"),
    ("function(a, b) a", "function(a, b)"),
    ("5(1)", "null"),
    ("nobody(1)", "null"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form(text: str, expected: str) -> None:
    assert value_of(text) == expected


NAMED = [
    ("a b + 1", {"a b": 2}, "3"),
    ("a+b", {"a": 1, "b": 2}, "3"),
    ("a+b", {"a": 1, "b": 2, "a+b": 9}, "9"),
    ("a-b", {"a-b": 7}, "7"),
    ("a - b", {"a": 5, "b": 2}, "3"),
    ('案由 = "邻里"', {"案由": "邻里"}, "true"),
    ("金额 合计 * 2", {"金额 合计": 4}, "8"),
    ("for i in in a list return i", {"in a list": [1]}, "[1]"),
    ("days in weekend[1]", {"days in weekend": ["sat"]}, '"sat"'),
    ("x and y", {"x": True, "y": True}, "true"),
    ("date of birth.year", {"date of birth": "2000"}, "null"),
    ("case.down-payment", {"case": {"down-payment": 3}}, "3"),
    (
        "people[age > 1].name",
        {"people": [{"age": 1, "name": "a"}, {"age": 2, "name": "b"}]},
        '["b"]',
    ),
    ("people[age > limit].name", {"limit": 1, "people": [{"age": 2, "name": "b"}]}, '["b"]'),
    ("date", {"date": 5}, "5"),
    ('date("2026-01-01")', {"date": 5}, "date 2026-01-01"),
    ("name", {"name": None}, "null"),
    ("unknown + 1", {}, "null"),
    ("n + 1", {"n": 1}, "2"),
    ("n + 1", {"n": 1.5}, "2.5"),
    ("n", {"n": float("nan")}, "null"),
    ("count(t)", {"t": (1, 2)}, "2"),
]


@pytest.mark.parametrize(("text", "context", "expected"), NAMED)
def test_name_in_context(text: str, context: dict[str, object], expected: str) -> None:
    assert shown(evaluate(text, context)) == expected
