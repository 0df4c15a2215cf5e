"""What the gate is told before a package is published."""

from __future__ import annotations

import pytest

from tests.unit.decisions.drawn import boxed, decision, dmn, literal, table, tabled
from workflows.decisions import Decisions, load
from workflows.messages import say

NAMES = {"a": "number", "b": "string", "case": "context", "xs": "list"}


def told(decisions: Decisions) -> list[tuple[str, int | None, int | None, str]]:
    return [(p.element, p.row, p.column, p.message.code) for p in decisions.problems(NAMES)]


def test_sound_table_has_no_problems() -> None:
    decisions = tabled("FIRST", ["a", "case.x"], ["y"], ["> 1 | b | count(xs)", "- | - | today()"])
    assert told(decisions) == []


def test_misspelt_name_in_a_cell_is_found_with_its_place() -> None:
    decisions = tabled("FIRST", ["a"], ["y"], ["1 | 1", "> limt | 2", "- | bb + 1"])
    assert told(decisions) == [
        ("r2", 2, 1, "decisions.cell"),
        ("r3", 3, 2, "decisions.cell"),
    ]
    assert "limt" in say(decisions.problems(NAMES)[0].message, "en")


@pytest.mark.parametrize(
    "text",
    [
        "nobody",
        "case.x + nobody",
        "nobody(1)",
        "abs()",
        'substring("a", 1, 2, 3)',
        "x instance of t",
    ],
)
def test_text_that_can_only_be_null_is_found(text: str) -> None:
    assert [code for *_, code in told(boxed(literal(text)))] == ["decisions.expression"]


def test_names_inside_the_file_count_as_known() -> None:
    decisions = load(
        dmn(
            decision("first", table("FIRST", ["a"], ["y"], ["- | 1"])),
            decision("second", literal("first + 1"), needs=["first"]),
            decision("third", literal("second + first"), needs=["second"]),
        )
    )
    assert told(decisions) == [("third", None, None, "decisions.expression")]


def test_input_that_nobody_gives_is_found() -> None:
    xml = dmn(
        '<inputData id="i1" name="a"/><inputData id="i2" name="zz"/>',
        decision("d", literal("a"), inputs=["i1", "i2"]),
    )
    assert told(load(xml)) == [("i2", None, None, "decisions.input_unknown")]


def test_unknown_type_is_found() -> None:
    assert told(boxed(literal("a"), type_="tGhost")) == [
        ("d", None, None, "decisions.type_unknown")
    ]


def test_constant_of_another_type_than_its_column_is_found() -> None:
    decisions = tabled(
        "FIRST", ["a"], ["y"], ["1 | 1", '2 | "x"', "3 | true", "4 | null"], types=[None, "string"]
    )
    assert told(decisions) == [
        ("r1", 1, 2, "decisions.output_type"),
        ("r3", 3, 2, "decisions.output_type"),
    ]


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        ("a", '"5"'),
        ("a", "true"),
        ("a", '5, "6"'),
        ("a", 'not("5")'),
        ("a", '> "5"'),
        ("b", "5"),
        ("b", "[1..5]"),
        ("b", 'date("2026-01-01")'),
        ("on", '"2026-01-01"'),
        ("on", '> "2026-01-01"'),
        ("on", "20260101"),
        ("flag", '"true"'),
        ("owner.n", '"5"'),
    ],
)
def test_constant_that_its_column_never_equals_is_found(read: str, cell: str) -> None:
    names = {**NAMES, "on": "date", "flag": "boolean", "owner": "context<n: number>"}
    decisions = tabled("FIRST", [read], ["y"], [f"{cell} | 1", "- | 2"])
    problems = decisions.problems(names)
    codes = [(p.element, p.row, p.column, p.message.code) for p in problems]
    assert codes == [("r1", 1, 1, "decisions.input_type")]
    assert cell in say(problems[0].message, "en")


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        ("a", "-5, [1..2], > 7, null"),
        ("a", "? > 5"),
        ("a", "a + 1"),
        ("b", '"5", "x"'),
        ("b", '? != "x" and count(xs) > 1'),
        ("xs", '"x", 5'),
        ("case", '"x", 5'),
        ("case.x", "5"),
        ("a + 1", '"5"'),
        ("on", 'date("2026-01-01"), > @"2026-01-01"'),
    ],
)
def test_cell_that_may_match_is_left_alone(read: str, cell: str) -> None:
    decisions = tabled("FIRST", [read], ["y"], [f"{cell} | 1", "- | 2"])
    assert "decisions.input_type" not in {
        p.message.code for p in decisions.problems({**NAMES, "on": "date"})
    }


def test_what_a_required_decision_gives_is_known_to_the_cells() -> None:
    inner = decision("a", literal('"text"'), type_="string")
    outer = decision("d", table("FIRST", ["a"], ["y"], ['"text" | 1', "5 | 2"]), needs=["a"])
    assert told(load(dmn(inner, outer))) == [("r2", 2, 1, "decisions.input_type")]
