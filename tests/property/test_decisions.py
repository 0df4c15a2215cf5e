"""Random tables against a plain reading of DMN's text; findings against every value there is."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.decisions.drawn import tabled
from workflows.decisions import DecisionError, load

NUMBERS = [Decimal(n) / 2 for n in range(-1, 10)]
"""Every point and every stretch between the integers 0 to 4 that cells use."""
WORDS = ["a", "b", "c"]


def number_cell(low: int, high: int, shape: str) -> tuple[str, Any]:
    a, b = Decimal(low), Decimal(high)
    return {
        "any": ("-", lambda v: True),
        "is": (str(low), lambda v: v == a),
        "two": (f"{low}, {high}", lambda v: v in (a, b)),
        "below": (f"< {low}", lambda v: v < a),
        "least": (f">= {low}", lambda v: v >= a),
        "closed": (f"[{low}..{high}]", lambda v: a <= v <= b),
        "open": (f"({low}..{high})", lambda v: a < v < b),
        "not": (f"not({low}, > {high})", lambda v: not (v == a or v > b)),
    }[shape]


number_cells = st.builds(
    number_cell,
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["any", "is", "two", "below", "least", "closed", "open", "not"]),
)
word_cells = st.lists(st.sampled_from(WORDS), max_size=2).map(
    lambda ws: (", ".join(f'"{w}"' for w in ws) or "-", lambda v: not ws or v in ws)
)
bool_cells = st.sampled_from(
    [("-", lambda v: True), ("true", lambda v: v is True), ("false", lambda v: v is False)]
)
rows = st.lists(
    st.tuples(number_cells, word_cells, bool_cells, st.integers(1, 3)), min_size=1, max_size=5
)
INPUTS = ["n", ("w", '"a","b","c"'), "t"]
WORLD = list(product(NUMBERS, WORDS, [True, False]))


def drawn(hit: str, table: Any, aggregation: str | None = None) -> Any:
    rules = [f"{n[0]} | {w[0]} | {t[0]} | {y}" for n, w, t, y in table]
    return tabled(hit, INPUTS, [("y", "3,2,1")], rules, aggregation=aggregation)


def matching(table: Any, values: Any) -> list[int]:
    number, word, truth = values
    return [
        i for i, (n, w, t, _) in enumerate(table) if n[1](number) and w[1](word) and t[1](truth)
    ]


def expected(hit: str, results: list[int]) -> Any:
    """The hit policies as the standard words them; "error" where it allows no answer."""
    if hit in ("COLLECT", "RULE ORDER"):
        return results
    if hit == "OUTPUT ORDER":
        return sorted(results, reverse=True)
    if not results:
        return None
    if (hit == "UNIQUE" and len(results) > 1) or (hit == "ANY" and len(set(results)) > 1):
        return "error"
    return max(results) if hit == "PRIORITY" else results[0]


@pytest.mark.parametrize(
    "hit", ["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
)
@settings(max_examples=30, deadline=None)
@given(table=rows, values=st.sampled_from(WORLD))
def test_table_decides_as_the_standard_reads(hit: str, table: Any, values: Any) -> None:
    results = [table[i][3] for i in matching(table, values)]
    context = dict(zip("nwt", values, strict=True))
    try:
        value = drawn(hit, table).evaluate("d", context)
    except DecisionError:
        value = "error"
    assert value == expected(hit, results)


@settings(max_examples=60, deadline=None)
@given(table=rows, values=st.sampled_from(WORLD))
def test_collect_sums_up_what_matches(table: Any, values: Any) -> None:
    results = [table[i][3] for i in matching(table, values)]
    context = dict(zip("nwt", values, strict=True))
    for aggregation, fold in (("SUM", sum), ("MIN", min), ("MAX", max), ("COUNT", len)):
        value = drawn("COLLECT", table, aggregation).evaluate("d", context)
        assert value == (fold(results) if results or aggregation == "COUNT" else None)


@settings(max_examples=80, deadline=None)
@given(table=rows)
def test_overlaps_and_gaps_are_those_that_exist(table: Any) -> None:
    hits = [matching(table, values) for values in WORLD]
    findings = drawn("UNIQUE", table).findings()
    pairs = {(a + 1, b + 1) for hit in hits for a in hit for b in hit if a < b}
    assert {f.rows for f in findings if f.kind == "overlap"} == pairs
    assert any(f.kind == "gap" for f in findings) is any(not hit for hit in hits)


@settings(max_examples=80, deadline=None)
@given(table=rows)
def test_rules_that_never_decide_are_those_that_never_do(table: Any) -> None:
    hits = [matching(table, values) for values in WORLD]
    used = {hit[0] for hit in hits if hit}
    never = {(i + 1,) for i in range(len(table)) if i not in used}
    assert {f.rows for f in drawn("FIRST", table).findings() if f.kind == "never"} == never
    best = {max(hit, key=lambda i: (table[i][3], -i)) for hit in hits if hit}
    beaten = {(i + 1,) for i in range(len(table)) if i not in best}
    assert {f.rows for f in drawn("PRIORITY", table).findings() if f.kind == "never"} == beaten


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.none() | st.integers() | st.text(max_size=5))
def test_any_cell_is_decided_or_refused(cell: str, result: str, value: Any) -> None:
    text = "".join(c for c in f"{cell}|{result}" if c.isprintable())
    cells = text.split("|")[:2]
    try:
        decisions = tabled("FIRST", ["x"], ["y"], ["|".join(cells)])
        decisions.findings()
        decisions.problems({"x": "any"})
        outcome: Any = decisions.explain("d", {"x": value}).matched
    except DecisionError as error:
        outcome = (error.message.code,)
    assert isinstance(outcome, tuple)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_file_is_read_or_refused(content: Any) -> None:
    with pytest.raises(DecisionError):
        load(content)
