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
