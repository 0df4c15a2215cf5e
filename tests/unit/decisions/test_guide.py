"""Every table, cell and sentence of the guide for writers is as it says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.decisions.drawn import tabled
from workflows.decisions import Decisions
from workflows.decisions.hits import Hits
from workflows.feel import compile_expression, evaluate, unary_test

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "decisions-guide.md").read_text(encoding="utf-8")
LETTERS = {"U": "UNIQUE", "F": "FIRST", "A": "ANY", "P": "PRIORITY", "C": "COLLECT"}
SUMS = {"+": "SUM", "#": "COUNT", "<": "MIN", ">": "MAX"}
CODE = re.compile(r"`([^`]+)`")
TABLE = re.compile(r"^(\| [UFAPCRO][+#<>]? \|.*→.*\n(?:\|.*\n)+)\n((?:- .*\n)*)", re.M)
EXAMPLE = re.compile(r"- `(.+)` gives `(.+)` by (?:rules? ([\d, ]+)|no rule)")


def rows(block: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in block.splitlines()
        if line.startswith("| ")
    ]


def drawn(block: str) -> Decisions:
    """The table of a block; its outputs are the columns behind the arrow."""
    head, *rules = rows(block)
    width = sum("→" not in cell for cell in head[1:])
    names = [CODE.findall(cell)[0] for cell in head[1:]]
    texts = [" | ".join(CODE.findall(cell)[0] for cell in rule[1:]) for rule in rules]
    aggregation = SUMS.get(head[0][1:])
    hit = LETTERS[head[0][0]]
    return tabled(hit, names[:width], names[width:], texts, aggregation=aggregation)


def examples() -> list[Any]:
    return [
        pytest.param(block, line, id=line[3:30])
        for block, lines in TABLE.findall(GUIDE)
        for line in lines.splitlines()
    ]


@pytest.mark.parametrize(("block", "line"), examples())
def test_table_of_the_guide_decides_as_it_says(block: str, line: str) -> None:
    given, wanted, rules = EXAMPLE.fullmatch(line).groups()  # type: ignore[union-attr]
    explained = drawn(block).explain("d", evaluate(f"{{{given}}}", {}))
    assert explained.value == evaluate(wanted, {})
    assert explained.matched == tuple(int(n) for n in re.findall(r"\d+", rules or ""))


def test_every_table_of_the_guide_has_examples_and_is_sound() -> None:
    found = TABLE.findall(GUIDE)
    assert len(found) == 4
    for block, lines in found:
        assert lines
        assert [one for one in drawn(block).findings() if one.kind != "gap"] == []


CELLS = [row for row in rows(GUIDE.split("## Cells")[1].split("\n- ")[0]) if row[0] != "cell"]


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row[0])
def test_cell_of_the_guide_matches_what_it_says(row: list[str]) -> None:
    (cell,) = CODE.findall(row[0])
    for column, passes in ((row[1], True), (row[2], False)):
        values = CODE.findall(column)
        assert values
        for value in values:
            assert unary_test(cell, evaluate(value, {}), {}) is passes, value


def test_hit_policies_of_the_guide_are_all_there_are() -> None:
    named = re.findall(r"^\| [UFAPCRO] `([A-Z ]+)`", GUIDE, re.M)
    assert len(named) == 7
    for policy in named:
        Hits(policy, None, None, lambda result: result, lambda _result: ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy", "value"),
    [("UNIQUE", None), ("FIRST", None), ("ANY", None), ("COLLECT", []), ("RULE ORDER", [])],
)
def test_where_no_rule_matches_the_value_is_as_the_guide_says(policy: str, value: Any) -> None:
    assert tabled(policy, ["a"], ["y"], ["1 | 1"]).evaluate("d", {"a": 2}) == value


def test_aggregations_of_nothing_are_as_the_guide_says() -> None:
    found = [
        tabled("COLLECT", ["a"], ["y"], ["1 | 1"], aggregation=sum_).evaluate("d", {"a": 2})
        for sum_ in ("SUM", "COUNT", "MIN", "MAX")
    ]
    assert found == [None, 0, None, None]


def test_sentences_the_guide_quotes_are_those_that_are_said() -> None:
    texts = tomllib.loads((ROOT / "workflows/texts/decisions.toml").read_text(encoding="utf-8"))
    section = GUIDE.split("## What the check says")[1].split("\n## ")[0]
    quoted = [CODE.findall(row[0])[0] for row in rows(section) if row[0] != "it says"]
    assert len(quoted) == 9
    for phrase in quoted:
        assert any(phrase in text["zh"] for text in texts.values()), phrase


def test_expressions_the_guide_shows_in_passing_are_feel() -> None:
    names = {"amount": "number", "parties": "list", "today": "date", "signed_on": "date"}
    shown = ["count(parties)", "amount / 2", "today - signed_on", "amount * 0.5"]
    for text in (*shown, 'today + duration("P30D")'):
        assert f"`{text}`" in GUIDE
        compile_expression(text, names)
