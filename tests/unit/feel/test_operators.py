"""Each operator by the types of both sides. DMN 1.5 §10.3.2.4 to §10.3.2.8, tables 42 to 53."""

from __future__ import annotations

import pytest

from tests.unit.feel.notation import value_of

OPERANDS = {
    "null": "null",
    "boolean": "true",
    "number": "2",
    "string": '"2"',
    "date": '@"2026-01-31"',
    "time": '@"08:30:00"',
    "date and time": '@"2026-01-31T08:30:00"',
    "days": '@"P2D"',
    "months": '@"P2M"',
    "list": "[2]",
    "context": "{a: 2}",
    "range": "[1..2]",
    "function": "function(a) a",
}
MEANINGFUL = {
    "+": {
        ("number", "number"): "4",
        ("string", "string"): '"22"',
        ("days", "days"): "seconds 345600",
        ("months", "months"): "months 4",
        ("date", "days"): "date 2026-02-02",
        ("days", "date"): "date 2026-02-02",
        ("date", "months"): "date 2026-03-31",
        ("months", "date"): "date 2026-03-31",
        ("date and time", "days"): "moment 2026-02-02T08:30:00",
        ("days", "date and time"): "moment 2026-02-02T08:30:00",
        ("date and time", "months"): "moment 2026-03-31T08:30:00",
        ("months", "date and time"): "moment 2026-03-31T08:30:00",
        ("time", "days"): "time 08:30:00",
        ("days", "time"): "time 08:30:00",
    },
    "-": {
        ("number", "number"): "0",
        ("days", "days"): "seconds 0",
        ("months", "months"): "months 0",
        ("date", "days"): "date 2026-01-29",
        ("date", "months"): "date 2025-11-30",
        ("date and time", "days"): "moment 2026-01-29T08:30:00",
        ("date and time", "months"): "moment 2025-11-30T08:30:00",
        ("time", "days"): "time 08:30:00",
        ("date", "date"): "seconds 0",
        ("date and time", "date and time"): "seconds 0",
        ("time", "time"): "seconds 0",
    },
    "*": {
        ("number", "number"): "4",
        ("number", "days"): "seconds 345600",
        ("days", "number"): "seconds 345600",
        ("number", "months"): "months 4",
        ("months", "number"): "months 4",
    },
    "/": {
        ("number", "number"): "1",
        ("days", "number"): "seconds 86400",
        ("months", "number"): "months 1",
        ("days", "days"): "1",
        ("months", "months"): "1",
    },
    "**": {("number", "number"): "4"},
}
PAIRS = [(left, right) for left in OPERANDS for right in OPERANDS]
ORDERED = {"number", "string", "date", "time", "date and time", "days", "months"}


def by_type_pair(operator: str) -> dict[tuple[str, str], str]:
    """What the operator gives for each pair; a table is one test, 169 tests cost more than it."""
    return {
        (left, right): value_of(f"({OPERANDS[left]}) {operator} ({OPERANDS[right]})")
        for left, right in PAIRS
    }


@pytest.mark.parametrize("operator", MEANINGFUL)
def test_arithmetic_by_type_pair(operator: str) -> None:
    table = MEANINGFUL[operator]
    assert by_type_pair(operator) == {pair: table.get(pair, "null") for pair in PAIRS}


def expected_equality(left: str, right: str) -> str:
    if "null" in (left, right):
        return "true" if left == right else "false"
    if left != right:
        return "null"
    return "false" if left == "function" else "true"


def test_equality_by_type_pair() -> None:
    assert by_type_pair("=") == {pair: expected_equality(*pair) for pair in PAIRS}


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_ordering_by_type_pair(operator: str) -> None:
    same = "true" if "=" in operator else "false"
    expected = {(a, b): same if a == b and a in ORDERED else "null" for a, b in PAIRS}
    assert by_type_pair(operator) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("2 ** 3 ** 2", "64"),
        ("-2 ** 2", "4"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 0", "null"),
        ("0 ** 0", "1"),
        ("(-1) ** 0.5", "null"),
        ("9 ** 9999999", "null"),
        ("10 / 4 * 2", "5"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ('-@"P1D"', "seconds -86400"),
        ('-@"P1Y"', "months -12"),
        ('-"a"', "null"),
        ('@"2024-01-31" + @"P1M"', "date 2024-02-29"),
        ('@"2024-02-29" - @"P1Y"', "date 2023-02-28"),
        ('@"9999-12-31" + @"P1D"', "null"),
        ('@"0001-01-01" - @"P1M"', "null"),
        ('@"23:00:00" + @"PT2H"', "time 01:00:00"),
        ('@"01:00:00" - @"PT2H"', "time 23:00:00"),
        ('@"2026-01-01T00:00:00Z" - @"2026-01-01T08:00:00+08:00"', "seconds 0"),
        ('@"2026-01-01T00:00:00" - @"2026-01-01T00:00:00Z"', "null"),
        ('@"2026-01-02T08:00:00+08:00" - @"2026-01-01"', "seconds 86400"),
        ('1.5 * @"P4DT1H"', "seconds 523800"),
        ('@"P10Y11M" / 2.5', "months 52"),
        ('@"P1D" / @"PT6H"', "4"),
        ('@"P1D" / 0', "null"),
    ],
)
def test_arithmetic_of_particular_values(text: str, expected: str) -> None:
    assert value_of(text) == expected


def test_a_day_across_a_clock_change_keeps_the_instant() -> None:
    before = '@"2026-03-28T12:00:00@Europe/Berlin"'
    assert value_of(f'{before} + @"PT24H"') == "moment 2026-03-29T13:00:00@Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.00", "true"),
        ('"a" = "A"', "false"),
        ("[1, [2]] = [1, [2]]", "true"),
        ("[1, 2] = [2, 1]", "false"),
        ('[1] = ["1"]', "false"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("{a: 1} = {a: 2}", "false"),
        ("[1..2] = [1..2)", "false"),
        ("1 != 2", "true"),
        ('1 != "1"', "null"),
        ("null != 1", "true"),
        ('@"2026-01-01T00:00:00Z" = @"2026-01-01T08:00:00+08:00"', "true"),
        ('@"2026-01-01T00:00:00" = @"2026-01-01T00:00:00Z"', "false"),
        ('@"10:30:00Z" = @"10:30:00+00:00"', "true"),
        ('@"2026-01-01T00:00:00+00:00" = @"2026-01-01T00:00:00@Etc/UTC"', "false"),
        ('@"P1D" = @"PT24H"', "true"),
        ('@"P1Y" = @"P12M"', "true"),
        ('"b" > "a"', "true"),
        ('@"2026-01-02" > @"2026-01-01"', "true"),
        ('@"2026-01-01T00:00:00" < @"2026-01-01T00:00:01Z"', "null"),
        ("2 between 1 and 3", "true"),
        ("3 between 1 and 3", "true"),
        ("4 between 1 and 3", "false"),
        ("4 between null and 3", "false"),
        ("2 between null and 3", "null"),
        ('range("[2..)") = >= 2', "true"),
    ],
)
def test_comparison_of_particular_values(text: str, expected: str) -> None:
    assert value_of(text) == expected


WIDE = "context<a: string>"
NARROW = "context<a: string, b: string>"
TRUTH = {"true": True, "false": False, "null": None, '"x"': None}


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_and_or_in_three_valued_logic(left: str, right: str) -> None:
    a, b = TRUTH[left], TRUTH[right]
    both = False if False in (a, b) else (None if None in (a, b) else True)
    either = True if True in (a, b) else (None if None in (a, b) else False)
    names = {True: "true", False: "false", None: "null"}
    assert value_of(f"{left} and {right}") == names[both]
    assert value_of(f"{left} or {right}") == names[either]


def test_long_chains_decide_at_the_first_decisive_operand() -> None:
    assert value_of("null and true and false") == "false"
    assert value_of("null or false or true") == "true"
    assert value_of("true or false and false") == "true"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if true then 1 else 2", "1"),
        ("if false then 1 else 2", "2"),
        ("if null then 1 else 2", "2"),
        ('if "true" then 1 else 2', "2"),
        ("if 1 > 2 then 1 else if 2 > 1 then 3 else 4", "3"),
    ],
)
def test_if_takes_the_branch_only_for_true(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", "true"),
        ("1 instance of Any", "true"),
        ("null instance of Any", "false"),
        ("null instance of Null", "true"),
        ('"a" instance of number', "false"),
        ("[1] instance of list<number>", "true"),
        ("[1, null] instance of list<number>", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ("1 instance of list<number>", "false"),
        ("{a: 1} instance of context<a: number>", "true"),
        ("{a: 1} instance of context<b: number>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ('@"P1D" instance of days and time duration', "true"),
        ('@"P1D" instance of years and months duration', "false"),
        ('@"2026-01-01T00:00:00" instance of date and time', "true"),
        ('@"2026-01-01T00:00:00" instance of date', "false"),
        ("(function(a: string) 1) instance of function<string> -> number", "true"),
        ("(function() 1) instance of function", "true"),
        ("(function() 1) instance of function<> -> string", "false"),
        (
            f"(function(a: {WIDE}) a) instance of function<{NARROW}> -> Any",
            "true",
        ),
        (
            f"(function(a: {NARROW}) 1) instance of function<{WIDE}> -> number",
            "false",
        ),
        ("(function(a: string) 1) instance of function<string, string> -> number", "false"),
        ('(function() {b: "b"}) instance of function<> -> context<b: string, c: string>', "false"),
        ("1 instance of function<> -> Any", "false"),
    ],
)
def test_instance_of(text: str, expected: str) -> None:
    assert value_of(text) == expected
