"""Every hit policy of DMN 1.5 §8.2.10, row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.decisions.drawn import decision, dmn, table, tabled
from workflows.decisions import DecisionError, load

AGES = ["< 18 | 1", "[18..65] | 2", "> 60 | 3", "> 70 | 3"]


def ages(hit: str, **named: Any) -> Any:
    return tabled(hit, ["age"], ["x"], AGES, **named)


@pytest.mark.parametrize(
    ("hit", "age", "value", "matched"),
    [
        ("UNIQUE", 10, 1, (1,)),
        ("UNIQUE", 40, 2, (2,)),
        ("FIRST", 62, 2, (2,)),
        ("FIRST", 80, 3, (3,)),
        ("ANY", 80, 3, (3, 4)),
        ("RULE ORDER", 62, [2, 3], (2, 3)),
        ("COLLECT", 80, [3, 3], (3, 4)),
        ("UNIQUE", None, None, ()),
        ("FIRST", None, None, ()),
        ("ANY", None, None, ()),
        ("RULE ORDER", None, [], ()),
        ("COLLECT", None, [], ()),
    ],
)
def test_policy_chooses(hit: str, age: Any, value: Any, matched: tuple[int, ...]) -> None:
    explained = ages(hit).explain("d", {"age": age})
    assert explained.value == value
    assert explained.matched == matched
    assert explained.inputs == {"age": age}


def test_unique_refuses_two_matches_and_names_them() -> None:
    with pytest.raises(DecisionError) as caught:
        ages("UNIQUE").evaluate("d", {"age": 62})
    assert caught.value.message.code == "decisions.two_match"
    assert caught.value.message.params["rules"] == "2、3"
    assert caught.value.where.element == "t"


def test_any_refuses_different_results() -> None:
    with pytest.raises(DecisionError) as caught:
        ages("ANY").evaluate("d", {"age": 62})
    assert caught.value.message.code == "decisions.not_any"


def test_any_tells_true_from_one() -> None:
    decisions = tabled("ANY", ["a"], ["x"], ["- | true", "- | 1"])
    with pytest.raises(DecisionError):
        decisions.evaluate("d", {"a": 1})


@pytest.mark.parametrize(
    ("aggregation", "age", "value"),
    [
        ("SUM", 62, 5),
        ("MIN", 62, 2),
        ("MAX", 62, 3),
        ("COUNT", 80, 2),
        ("COUNT", None, 0),
        ("SUM", None, None),
        ("MIN", None, None),
        ("MAX", None, None),
    ],
)
def test_collect_sums_up(aggregation: str, age: Any, value: Any) -> None:
    assert ages("COLLECT", aggregation=aggregation).evaluate("d", {"age": age}) == value


def test_collect_sums_up_each_output() -> None:
    decisions = tabled(
        "COLLECT", ["a"], ["x", "y"], ["- | 1 | 10", "- | 2 | 20"], aggregation="SUM"
    )
    assert decisions.evaluate("d", {}) == {"x": 3, "y": 30}


@pytest.mark.parametrize(
    ("hit", "value", "matched"),
    [
        ("PRIORITY", "high", (3,)),
        ("OUTPUT ORDER", ["high", "low", "low", None], (3, 1, 4, 2)),
    ],
)
def test_order_of_the_allowed_values_is_the_priority(
    hit: str, value: Any, matched: tuple[int, ...]
) -> None:
    rules = ['- | "low"', "- | null", '> 1 | "high"', '- | "low"']
    decisions = tabled(hit, ["a"], [("x", '"high", "middle", "low"')], rules)
    explained = decisions.explain("d", {"a": 2})
    assert (explained.value, explained.matched) == (value, matched)


def test_priority_goes_by_the_first_output_then_the_next() -> None:
    outputs = [("x", '"a","b"'), ("y", "1,2")]
    rules = ['- | "b" | 1', '- | "a" | 2', '- | "a" | 1']
    decisions = tabled("PRIORITY", ["n"], outputs, rules)
    assert decisions.evaluate("d", {}) == {"x": "a", "y": 1}
    ordered = tabled("OUTPUT ORDER", ["n"], outputs, rules).explain("d", {})
    assert ordered.matched == (3, 2, 1)


def test_priority_may_stand_in_the_item_definition() -> None:
    item = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
        '<allowedValues><text>"high","low"</text></allowedValues></itemDefinition>'
    )
    logic = table("PRIORITY", ["a"], ["x"], ['- | "low"', '- | "high"'], types=[None, "tLevel"])
    assert load(dmn(item, decision("d", logic))).evaluate("d", {}) == "high"


@pytest.mark.parametrize("hit", ["PRIORITY", "OUTPUT ORDER"])
def test_priority_without_values_is_refused(hit: str) -> None:
    with pytest.raises(DecisionError) as caught:
        tabled(hit, ["a"], ["x"], ["- | 1"]).check()
    assert caught.value.message.code == "decisions.no_priorities"


@pytest.mark.parametrize(
    ("hit", "value"), [("FIRST", "none"), ("UNIQUE", "none"), ("COLLECT", ["none"])]
)
def test_default_is_given_where_no_rule_matches(hit: str, value: Any) -> None:
    decisions = tabled(hit, ["a"], [("x", "", '"none"')], ['> 5 | "some"'])
    assert decisions.evaluate("d", {"a": 1}) == value
    assert decisions.explain("d", {"a": 1}).matched == ()


def test_default_of_one_output_leaves_the_others_null() -> None:
    decisions = tabled("FIRST", ["a"], [("x", "", '"none"'), "y"], ['> 5 | "some" | 1'])
    assert decisions.evaluate("d", {"a": 1}) == {"x": "none", "y": None}


def test_several_outputs_give_a_context() -> None:
    decisions = tabled("FIRST", ["a"], ["x", "y"], ["1 | 2 | a + 1"])
    assert decisions.evaluate("d", {"a": 1}) == {"x": 2, "y": 2}
    assert decisions.evaluate("d", {"a": 2}) is None


def test_table_without_inputs_matches_always() -> None:
    assert tabled("FIRST", [], ["x"], ["7"]).evaluate("d", {}) == 7


def test_table_without_rules_gives_null() -> None:
    assert tabled("UNIQUE", ["a"], ["x"], []).evaluate("d", {"a": 1}) is None
    assert isinstance(
        tabled("COLLECT", ["a"], ["x"], [], aggregation="COUNT").evaluate("d", {}), Decimal
    )
