"""Overlaps, gaps, rules that never decide, outputs not allowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decisions.drawn import tabled
from workflows.messages import say


def found(*arguments: Any, **named: Any) -> list[tuple[str, str, tuple[int, ...]]]:
    findings = tabled(*arguments, **named).findings()
    return [(one.kind, one.severity, one.rows) for one in findings]


def examples(*arguments: Any, **named: Any) -> list[str]:
    return [str(one.message.params["example"]) for one in tabled(*arguments, **named).findings()]


@pytest.mark.parametrize(
    "rules",
    [
        ["< 10 | 1", ">= 10 | 2"],
        ["[0..10] | 1", "> 10 | 2", "< 0 | 3"],
        ["not(1, 2) | 1", "1, 2 | 2"],
        ["- | 1"],
        ["a + 1 | 1", "a + 2 | 2", "- | 3"],
    ],
)
def test_sound_table_is_left_alone(rules: list[str]) -> None:
    hit = "FIRST" if "a + 1 | 1" in rules else "UNIQUE"
    assert found(hit, ["n"], ["y"], rules) == []


def test_overlap_under_unique_is_an_error_and_names_both_rules() -> None:
    rules = ["< 10 | 1", "[10..20] | 2", ">= 20 | 3"]
    assert found("UNIQUE", ["n"], ["y"], rules) == [("overlap", "error", (2, 3))]
    assert examples("UNIQUE", ["n"], ["y"], rules) == ["n 20"]
    message = tabled("UNIQUE", ["n"], ["y"], rules).findings()[0].message
    assert "2、3" in say(message)
    assert "n 20" in say(message, "en")


def test_overlap_needs_every_column() -> None:
    rules = ['< 10 | "a" | 1', '< 20 | "b" | 2', ">= 20 | - | 3", '[10..20) | "a" | 4']
    assert found("UNIQUE", ["n", ("s", '"a","b"')], ["y"], rules) == []


def test_overlap_under_any_matters_only_where_results_differ() -> None:
    assert found("ANY", ["n"], ["y"], ["- | 1", "> 5 | 1"]) == []
    assert found("ANY", ["n"], ["y"], ["- | 1", "> 5 | 2"]) == [("overlap", "warning", (1, 2))]
    assert found("ANY", ["n"], ["y"], ["- | 1", "> 5 | n"]) == []


@pytest.mark.parametrize("hit", ["FIRST", "COLLECT", "RULE ORDER"])
def test_overlap_is_wanted_elsewhere(hit: str) -> None:
    assert found(hit, ["n"], ["y"], ["> 5 | 1", "- | 2"]) == []


@pytest.mark.parametrize(
    ("inputs", "rules", "types", "gaps"),
    [
        (["n"], ["< 10 | 1", "> 10 | 2"], [], ["n 10"]),
        (["n"], ["< 10 | 1", "[20..30] | 2"], [], ["n [10..20), > 30"]),
        (["b"], ["true | 1"], [], ["b false"]),
        ([("s", '"a","b","c"')], ['"a" | 1', '"b" | 2'], [], ['s "c"']),
        (["s"], ['"a" | 1', '"b" | 2'], [], []),
        (["x", "y"], ["true | true | 1", "false | - | 2"], [], ["y false"]),
        ([("n", "[0..100]")], ["[0..50) | 1"], [], ["n [50..100]"]),
        (["d"], ['< date("2026-01-01") | 1', '>= date("2026-01-02") | 2'], [], ["d 2026-01-01"]),
        (["d"], ['<= date("2026-01-01") | 1', '>= date("2026-01-02") | 2'], [], []),
        (["n"], ["odd(?) | 1", "< 5 | 2"], [], []),
    ],
)
def test_gap(inputs: Any, rules: list[str], types: list[Any], gaps: list[str]) -> None:
    named = [text.split("；")[-1] for text in examples("UNIQUE", inputs, ["y"], rules, types=types)]
    assert named[: len(gaps)] == gaps
    assert bool(named) is bool(gaps)


def test_default_fills_gaps() -> None:
    assert found("UNIQUE", ["n"], [("y", "", "0")], ["< 10 | 1"]) == []


@pytest.mark.parametrize(
    ("hit", "rules", "rows"),
    [
        ("FIRST", ["- | 1", "> 5 | 2"], [(2,)]),
        ("FIRST", ["< 5 | 1", ">= 5 | 2", "- | 3"], [(3,)]),
        ("FIRST", ["< 5 | 1", "> 5 | 2", "- | 3"], []),
        ("FIRST", ["odd(?) | 1", "- | 2", "odd(?) | 3"], [(3,)]),
        ("FIRST", ["odd(?) | 1", "even(?) | 2", "- | 3"], []),
        ("COLLECT", ["[5..3] | 1", "- | 2"], [(1,)]),
        ("RULE ORDER", ["- | 1", "> 5 | 2"], []),
    ],
)
def test_rule_that_never_decides(hit: str, rules: list[str], rows: list[tuple[int, ...]]) -> None:
    assert [one[2] for one in found(hit, ["n"], ["y"], rules) if one[0] == "never"] == rows


def test_rule_outside_the_allowed_inputs_never_decides() -> None:
    rules = ['"a" | 1', '"b" | 2', '"c" | 3']
    assert found("UNIQUE", [("s", '"a","b"')], ["y"], rules) == [("never", "warning", (3,))]


def test_rule_of_lower_priority_that_never_decides() -> None:
    outputs = [("y", '"high","low"')]
    rules = ['> 5 | "low"', '- | "high"']
    assert found("PRIORITY", ["n"], outputs, rules) == [("never", "warning", (1,))]


def test_output_that_is_not_allowed() -> None:
    rules = ['< 5 | "a"', '>= 5 | "c"']
    assert found("UNIQUE", ["n"], [("y", '"a","b"')], rules) == [("output", "warning", (2,))]


def test_input_value_that_is_not_allowed_among_others_that_are() -> None:
    rules = ['"a", "x" | 1', '"b" | 2', 'not("y") | 3']
    wanted = [("input", "warning", (1,)), ("input", "warning", (3,))]
    assert found("FIRST", [("s", '"a","b"')], ["y"], rules)[:2] == wanted


def test_large_tables_end_quickly() -> None:
    rules = [f"{n}, {n + 7} | > {n} | < {n} | not({n}) | {n}" for n in range(300)]
    assert isinstance(tabled("FIRST", ["a", "b", "c", "d"], ["y"], rules).findings(), tuple)
