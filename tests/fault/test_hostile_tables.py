"""Whatever a table holds, deciding and checking it ends soon: with a value, null or a sentence."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from tests.unit.decisions.drawn import decision, dmn, literal, table, tabled
from workflows.decisions import DecisionError, Decisions, load
from workflows.messages import say

TOWER = "9 ** 9 ** 9 ** 9 ** 9"
POINTS = "(= " * 60 + "1" + ")" * 60
CELLS = [
    (TOWER, None),
    ("1e999999", "cell"),
    ("[1..999999999999999999999999]", None),
    ("? in (1..9999999999999999)", None),
    ("count(for i in 1..1000000 return i) > ?", "cell"),
    ("every i in 1..100000, j in 1..100000 satisfies i + j > ?", "cell"),
    ("(" * 200 + "1" + ")" * 200, "cell"),
    ("not(" * 200 + "1" + ")" * 200, "cell"),
    (POINTS, None),
    ('matches(string(?), "(a+)+$")', None),
    ('matches(big, "(x+x+)+y")', None),
    ('replace(big, "x", big) = ?', "cell"),
    ('"' + "x" * 1_000_000 + '"', None),
    (" , ".join(["1"] * 300_000), None),
    ("-1 + " * 300_000 + "1", "cell"),
    ("big + big", "cell"),
    ('"', "cell"),
    ("\x00", "not_xml"),
]
RESULTS = [
    (TOWER, None),
    ("[" * 200 + "]" * 200, "cell"),
    ("for i in 1..1000000 return i", "cell"),
    ("{f: function(n) f(n + 1), r: f(1)}.r", "cell"),
    ('"' + "x" * 1_000_000 + '"', None),
    ("big + big", "cell"),
]
CONTEXT = {"a": 1, "big": "x" * 900_000}


def ends(work: Callable[[], Any], code: str | None) -> None:
    """Within three seconds: no error where `code` is None, else this one, with a sentence."""
    started = process_time()
    if code is None:
        work()
    else:
        with pytest.raises(DecisionError) as caught:
            work()
        assert caught.value.message.code == f"decisions.{code}"
        for language in ("zh", "en"):
            spoken = say(caught.value.message, language)
            assert spoken != caught.value.message.code
            assert len(spoken) < 1_000
    assert process_time() - started < 3


@pytest.mark.parametrize(("cell", "code"), CELLS, ids=lambda value: str(value)[:30])
def test_hostile_cell_ends(cell: str, code: str | None) -> None:
    ends(lambda: hostile(f"{cell} | 1").evaluate("d", CONTEXT), code)


@pytest.mark.parametrize(("result", "code"), RESULTS, ids=lambda value: str(value)[:30])
def test_hostile_result_ends(result: str, code: str | None) -> None:
    ends(lambda: hostile(f"- | {result}").evaluate("d", CONTEXT), code)


@pytest.mark.parametrize("cell", [cell for cell, code in CELLS if code != "not_xml"], ids=len)
def test_hostile_cell_is_checked_soon(cell: str) -> None:
    def check() -> None:
        decisions = hostile(f"{cell} | 1", "< 5 | 2")
        decisions.findings()
        decisions.problems({"a": "number", "big": "string"})

    ends(check, None)


def hostile(*rules: str) -> Decisions:
    return tabled("FIRST", ["a"], ["y"], rules)


@pytest.mark.parametrize(
    "rules",
    [
        [f"[{n}..{n + 7}] | [{n % 50}..60] | > {n} | {n}" for n in range(399)],
        [", ".join(map(str, range(n, n + 400))) + " | - | - | 1" for n in range(60)],
        [f'"{n}", "{n + 1}" | not("{n}") | - | {n}' for n in range(240)],
    ],
    ids=["ranges", "lists", "texts"],
)
def test_contradictory_table_is_checked_soon_and_told(rules: list[str]) -> None:
    decisions = tabled("UNIQUE", ["a", "b", "c"], ["y"], rules)
    ends(lambda: decisions.findings(), None)
    values = {"a": "1", "b": "x", "c": 500} if '"' in rules[0] else {"a": 60, "b": 55, "c": 500}
    ends(lambda: decisions.evaluate("d", values), "two_match")


def test_diamonds_of_requirements_are_decided_once_each() -> None:
    def level(n: int) -> list[str]:
        needs = [f"a{n + 1}", f"b{n + 1}"]
        logic = literal(f"a{n + 1} + b{n + 1}")
        return [decision(f"{side}{n}", logic, needs=needs) for side in "ab"]

    last = [decision(f"{side}60", literal("1")) for side in "ab"]
    drawn = load(dmn(*(one for n in range(60) for one in level(n)), *last))
    ends(lambda: drawn.evaluate("a0", {}), None)
    assert drawn.evaluate("a0", {}) == 2**60


def test_loop_through_a_knowledge_model_is_refused_at_loading() -> None:
    function = "<encapsulatedLogic>" + literal("g()") + "</encapsulatedLogic>"
    knowledge = "".join(
        f'<businessKnowledgeModel id="{one}" name="{one}"><variable name="{one}"/>{function}'
        f'<knowledgeRequirement><requiredKnowledge href="#{other}"/></knowledgeRequirement>'
        "</businessKnowledgeModel>"
        for one, other in (("f", "g"), ("g", "f"))
    )
    ends(lambda: load(dmn(knowledge, decision("d", literal("f()"), knows=["f"]))), "cyclic")


@pytest.mark.parametrize("hit", ["UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"])
@pytest.mark.parametrize("context", [{}, {"a": None, "b": None}])
def test_missing_and_null_inputs_match_only_what_says_so(hit: str, context: dict[str, Any]) -> None:
    rules = ["1 | - | 1", "> 0 | - | 2", "not(1) | > 0 | 3", '"" | - | 4', "[0..9] | - | 5"]
    lists = hit in ("COLLECT", "RULE ORDER")
    silent = tabled(hit, ["a", "b"], ["y"], rules)
    assert silent.evaluate("d", context) == ([] if lists else None)
    told = tabled(hit, ["a", "b"], ["y"], [*rules, "null | null | 6"])
    assert told.evaluate("d", context) == ([6] if lists else 6)


def test_misspelt_input_is_a_problem_before_the_catch_all_rule_hides_it() -> None:
    decisions = tabled("FIRST", ["amuont"], ["y"], ["> 50000 | 1", "- | 2"])
    problems = decisions.problems({"amount": "number"})
    assert [problem.message.code for problem in problems] == ["decisions.expression"]
    assert "amuont" in say(problems[0].message, "en")


def test_nulls_in_every_result_come_out_as_nulls() -> None:
    rules = ["- | null | x", "- | y.z | 1 / 0"]
    drawn = load(dmn(decision("d", table("COLLECT", ["a"], ["p", "q"], rules))))
    assert drawn.evaluate("d", {}) == [{"p": None, "q": None}] * 2
