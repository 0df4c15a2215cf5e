"""What a writer is told: the code of the sentence, its line and column."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import workflows.feel
from workflows.feel import FeelError, compile_expression, compile_unary_tests, names_used
from workflows.messages import load_catalogue, say

NAMES = {
    "amount": "number",
    "case": {"title": "string", "parties": [{"name": "string"}]},
    "today": "date",
    "bare": "context",
}
MISTAKES = [
    ("", "unfinished", 1, 1),
    ("amount >", "unfinished", 1, 9),
    ("amount +\n  * 2", "unexpected", 2, 3),
    ("amount > 5 5", "unexpected", 1, 12),
    ("amount, 5", "unexpected", 1, 7),
    ("(amount", "unfinished", 1, 8),
    ("[1, 2", "unfinished", 1, 6),
    ("if amount then 1", "unfinished", 1, 17),
    ("for i in [1] i", "expected", 1, 14),
    ("amuont > 5", "unknown_name", 1, 1),
    ("amount > 5 and\n kind = 1", "unknown_name", 2, 2),
    ("case.titel", "unknown_member", 1, 6),
    ("case.parties.nmae", "unknown_member", 1, 14),
    ("case.parties[nmae = 1]", "unknown_name", 1, 14),
    ("foo(1)", "unknown_name", 1, 1),
    ("count()", "argument_count", 1, 1),
    ('1 + contains("a")', "argument_count", 1, 5),
    ('contains(text: "a", match: "b")', "unknown_parameter", 1, 1),
    ('contains("a", match: "b")', "mixed_arguments", 1, 15),
    ('contains(match: "a", match: "b")', "repeated_argument", 1, 22),
    ("amount == 5", "foreign_sign", 1, 8),
    ("amount = 5 && amount", "foreign_sign", 1, 12),
    ("amount ≥ 5", "foreign_sign", 1, 8),
    ("amount = 'x'", "foreign_sign", 1, 10),
    ("amount ＞ 5", "full_width", 1, 8),
    ("count（[1]）", "full_width", 1, 6),
    ('amount = "abc', "open_string", 1, 10),
    ('amount = "abc\n"', "open_string", 1, 10),
    ('"\\uD83D"', "bad_escape", 1, 1),
    ('@"2026-02-30"', "bad_literal", 1, 1),
    ("1 < amount < 5", "chained_comparison", 1, 12),
    ("amount > > 5", "unexpected", 1, 10),
    ("{a: 1, a: 2}", "repeated_key", 1, 8),
    ("function(a) external {java: 1}", "external_function", 1, 13),
    ("amount instance of nmuber", "unknown_type", 1, 20),
    ("today()", "clock_function", 1, 1),
    ("1e99999", "limit_number", 1, 1),
]


@pytest.mark.parametrize(("text", "code", "line", "column"), MISTAKES)
def test_mistake_is_named_with_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(FeelError) as caught:
        compile_expression(text, NAMES)
    error = caught.value
    assert (error.message.code, error.line, error.column) == (f"feel.{code}", line, column)
    for language in ("zh", "en"):
        spoken = say(error.message, language)
        assert "{" not in spoken
        assert spoken != error.message.code
    assert str(error).startswith(f"{line}:{column} ")


@pytest.mark.parametrize(
    ("cell", "code", "column"),
    [
        ("", "unfinished", 1),
        ("> ", "unfinished", 3),
        ("1,", "unfinished", 3),
        ("not(1", "unfinished", 6),
        ("unknown", "unknown_name", 1),
        ("> 5 > 6", "unexpected", 5),
    ],
)
def test_mistake_in_a_cell(cell: str, code: str, column: int) -> None:
    with pytest.raises(FeelError) as caught:
        compile_unary_tests(cell, NAMES)
    assert (caught.value.message.code, caught.value.column) == (f"feel.{code}", column)


def test_members_of_an_open_context_are_not_checked() -> None:
    assert compile_expression("bare.anything.at all", NAMES)({"bare": {}}) is None


def test_names_used_are_the_declared_ones() -> None:
    text = "for amount in [1] return amount + count(case.parties[name = today])"
    assert names_used(text, NAMES) == {"case", "today"}
    assert names_used('people("mediator")[1]', NAMES) == set()


def test_every_sentence_of_the_room_is_used_and_every_code_has_one() -> None:
    room = Path(workflows.feel.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py"))
    texts = tomllib.loads((room.parent / "texts" / "feel.toml").read_text(encoding="utf-8"))
    for code in texts:
        assert f'"{code.removeprefix("feel.")}"' in source, code
    assert {f"feel.{code}" for _, code, _, _ in MISTAKES} <= set(texts) <= set(load_catalogue())
