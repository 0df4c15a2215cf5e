"""The canonical form: what is written one way or another is printed one way."""

from __future__ import annotations

from time import process_time

import pytest

from workflows.feel import FeelError, print_expression, print_unary_tests
from workflows.feel.type_text import parse_type

NAMES = {
    **dict.fromkeys(("a", "b", "xs", "a-b", "date", "count"), ""),
    "down payment": "number",
    "金额": "number",
    "x": {"y": "number", "y and z": "boolean"},
}
PRINTED = [
    ("1+2*3", "1 + 2 * 3"),
    ("((1)+(2*3))", "1 + 2 * 3"),
    ("(1+2)*3", "(1 + 2) * 3"),
    ("1-(2-3)", "1 - (2 - 3)"),
    ("-a**2", "(-a) ** 2"),
    ("a=b and(a)or b", "a = b and a or b"),
    ("a and (a or b)", "a and (a or b)"),
    ("(a<b)=b", "(a < b) = b"),
    ("金额>50000", "金额 > 50000"),
    ("down\n payment // what is paid first\n", "down payment"),
    ("a-(b)", "(a) - b"),
    ("a - b", "a-b"),
    ("(date) and time", "(date) and time"),
    ("(x.y) and z", "(x.y) and z"),
    ("x. y and z", "x.y and z"),
    ("(count)(xs)", "(count)(xs)"),
    ("count ( xs )", "count(xs)"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    ("0e9", "0"),
    ("1.20e-70", "1.2e-70"),
    (r'"\u0041\t\u200b\"\\"', r'"A\t\u200B\"\\"'),
    ('"\u3000"', r'"\u3000"'),
    ('@"2026-01-31T08:00:00.50Z"', '@"2026-01-31T08:00:00.5Z"'),
    ('@"P12M"', '@"P1Y"'),
    ('@"2026-02-30"', "null"),
    ("]1..5[", "(1..5)"),
    ("[1..5[", "[1..5)"),
    ("[1..(xs[-1])]", "[1..(xs[-1])]"),
    ("(<5)", "(< 5)"),
    ("(=5)", "(= 5)"),
    ("[<5]", "[(< 5)]"),
    ("a in(1,>2)", "a in (1, > 2)"),
    ("a in (xs)", "a in xs"),
    ("a in ((<5))", "a in ((< 5))"),
    ("if(a)then(b)else(1)", "if a then b else 1"),
    ("1+if a then 1 else 2", "1 + (if a then 1 else 2)"),
    ("for i in(1..3),j in xs return(i+j)", "for i in (1..3), j in xs return i + j"),
    ("for i in 1..3 return i", "for i in 1..3 return i"),
    ("some i in xs satisfies(i>1)", "some i in xs satisfies i > 1"),
    ('{"a b":1,"if":2,c:a b+1}', '{a b: 1, "if": 2, c: a b + 1}'),
    ("xs[(item>1)].y[1]", "xs[item > 1].y[1]"),
    ("xs ... y", "xs...y"),
    ("f(x:1,y y:(2))", "f(x: 1, y y: 2)"),
    ("function(p:list<Any>,q)p", "function(p: list, q) p"),
    ("a instance of context<b:any>", "a instance of context<b: Any>"),
    ("a instance of function<>->number", "a instance of function<> -> number"),
    ("(a instance of list)<b", "(a instance of list) < b"),
    ("(a instance of date) and time", "(a instance of date) and time"),
    ("1, 2", "[1, 2]"),
]
CELLS = [
    ("-", "-"),
    ("<5,>6", "< 5, > 6"),
    ("( <5 )", "(< 5)"),
    ("not( 1,2 )", "not(1, 2)"),
    ("(not(a))", "(not(a))"),
    ("not(a)or b", "not(a) or b"),
    ("- 1", "-1"),
    ('( "a",<5 )', '"a", < 5'),
    ('("a"), "b"', '"a", "b"'),
    ('"a" , "b"', '"a", "b"'),
    ("?>5 and(?<8)", "? > 5 and ? < 8"),
    ("]1..5[, a", "(1..5), a"),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_expression_is_printed(text: str, printed: str) -> None:
    assert print_expression(text, NAMES) == printed
    assert print_expression(printed, NAMES) == printed


@pytest.mark.parametrize(("cell", "printed"), CELLS)
def test_cell_is_printed(cell: str, printed: str) -> None:
    assert print_unary_tests(cell, NAMES) == printed
    assert print_unary_tests(printed, NAMES) == printed


def test_what_differs_in_meaning_is_printed_differently() -> None:
    pairs = [("[1..5]", "[1..5)"), ("a and b or a", "a and (b or a)"), ('"1"', "1"), ("a", '"a"')]
    for one, other in pairs:
        assert print_expression(one, NAMES) != print_expression(other, NAMES)


def test_types_of_the_host_stand_under_their_names() -> None:
    types = {"tColour": parse_type("context<name: string>")}
    text = "a  instance of tColour"
    assert print_expression(text, NAMES, types=types) == "a instance of tColour"


def test_functions_of_the_host_are_names() -> None:
    assert print_expression("due by( a )", NAMES, ["due by"]) == "due by(a)"


def test_text_that_is_no_feel_is_refused_with_its_place() -> None:
    with pytest.raises(FeelError) as caught:
        print_expression("a +\n  * b", NAMES)
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "(= " * 60 + "1" + ")" * 60,
        "[1..xs[count(" * 15 + "xs" + ")]]" * 15,
        "1 in (" * 30 + "1" + "..2)" * 30,
        "[" + "a - (b), " * 5_000 + "1]",
        "1" + " + 1" * 250,
    ],
    ids=lambda text: text[:12],
)
def test_large_and_deep_texts_are_printed_soon(text: str) -> None:
    started = process_time()
    printed = print_expression(text, NAMES)
    assert process_time() - started < 3
    assert len(printed) > len(text) // 2


def test_text_deeper_than_pythons_stack_is_refused() -> None:
    deep = "(" * 20 + "1" + (" + 1" * 200 + ")") * 20
    with pytest.raises(FeelError, match="limit_nesting"):
        print_expression(deep, NAMES)
