"""Requirement diagrams: decisions on decisions, inputs, knowledge models, services."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.decisions.drawn import attributes, decision, dmn, literal, table
from workflows.decisions import DecisionError, load


def given(key: str, type_: str | None = None) -> str:
    variable = f"<variable{attributes(name=key, typeRef=type_)}/>"
    return f'<inputData id="in_{key}" name="{key}">{variable}</inputData>'


def knowledge(key: str, parameters: str, logic: str, *, knows: str = "", type_: str = "") -> str:
    formal = "".join(
        f"<formalParameter{attributes(name=n, typeRef=t or None)}/>"
        for n, _, t in (p.strip().partition(":") for p in parameters.split(",") if p)
    )
    known = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{k}"/></knowledgeRequirement>'
        for k in knows.split()
    )
    return (
        f'<businessKnowledgeModel id="{key}" name="{key}">'
        f"<variable{attributes(name=key, typeRef=type_ or None)}/>"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{known}</businessKnowledgeModel>"
    )


def service(key: str, outputs: str, inputs: str = "", decisions: str = "") -> str:
    parts = "".join(f'<outputDecision href="#{k}"/>' for k in outputs.split())
    parts += "".join(f'<inputDecision href="#{k}"/>' for k in decisions.split())
    parts += "".join(f'<inputData href="#{k}"/>' for k in inputs.split())
    return f'<decisionService id="{key}" name="{key}">{parts}</decisionService>'


def test_decision_sees_what_it_requires() -> None:
    decisions = load(
        dmn(
            given("age", "number"),
            decision(
                "risk",
                table("FIRST", ["age"], ["r"], ['< 25 | "high"', '- | "low"']),
                inputs=["in_age"],
            ),
            decision("price", literal('if risk = "high" then 2 * base else base'), needs=["risk"]),
        )
    )
    assert decisions.names == ("risk", "price")
    assert decisions.evaluate("price", {"age": 20, "base": 100}) == 200
    assert decisions.evaluate("price", {"age": 30, "base": 100}) == 100
    assert decisions.evaluate("risk", {"age": 20}) == "high"


def test_required_decision_is_made_even_where_the_context_has_its_name() -> None:
    decisions = load(dmn(decision("a", literal("1")), decision("b", literal("a + 1"), needs=["a"])))
    assert decisions.evaluate("b", {"a": 41}) == 2


def test_decision_required_twice_is_made_once() -> None:
    chain = [decision("d0", literal("1"))]
    for n in range(1, 60):
        chain.append(decision(f"d{n}", literal(f"d{n - 1} + d{n - 1}"), needs=[f"d{n - 1}"]))
    assert load(dmn(*chain)).evaluate("d59", {}) == 2**59


def test_decision_is_found_by_id_or_name() -> None:
    xml = dmn(
        '<decision id="x1" name="总 价"><variable name="total"/>' + literal("7") + "</decision>"
    )
    decisions = load(xml)
    assert decisions.evaluate("x1", {}) == decisions.evaluate("总 价", {}) == 7
    with pytest.raises(DecisionError) as caught:
        decisions.evaluate("total", {})
    assert caught.value.message.code == "decisions.unknown"


def test_decision_without_logic_is_null() -> None:
    assert load(dmn('<decision id="d" name="d"/>')).evaluate("d", {}) is None


def test_input_is_of_its_declared_type() -> None:
    decisions = load(
        dmn(
            given("day", "date"),
            given("n", "feel:number"),
            decision("d", literal("[day, n]"), inputs=["in_day", "in_n"]),
        )
    )
    assert decisions.evaluate("d", {"day": date(2026, 1, 2), "n": 3}) == [date(2026, 1, 2), 3]
    assert decisions.evaluate("d", {"day": "2026-01-02", "n": "3"}) == [date(2026, 1, 2), None]
    assert decisions.evaluate("d", {}) == [None, None]


def test_knowledge_model_is_a_function() -> None:
    decisions = load(
        dmn(
            knowledge("fee", "amount:number,rate", literal("amount * rate")),
            decision("a", literal("fee(100, 0.05)"), knows=["fee"]),
            decision("b", literal("fee(rate: 2, amount: 10)"), knows=["fee"]),
            decision("c", literal('fee("x", 2)'), knows=["fee"]),
            decision("e", literal("fee(1)"), knows=["fee"]),
            decision("f", literal("for x in [1, 2] return fee(x, 10)"), knows=["fee"]),
        )
    )
    found = [decisions.evaluate(key, {}) for key in "abcef"]
    assert found == [5, 20, None, None, [10, 20]]


def test_knowledge_model_may_hold_a_table_and_know_another() -> None:
    rows = ['"a" | double(1)', "- | double(n)"]
    decisions = load(
        dmn(
            knowledge("double", "x", literal("2 * x")),
            knowledge("pick", "k,n", table("FIRST", ["k"], ["y"], rows), knows="double"),
            decision("d", literal('[pick("a", 5), pick("b", 5)]'), knows=["pick"]),
        )
    )
    assert decisions.evaluate("d", {}) == [2, 10]


def test_knowledge_model_does_not_see_the_caller() -> None:
    decisions = load(
        dmn(knowledge("f", "x", literal("[x, y]")), decision("d", literal("f(1)"), knows=["f"]))
    )
    assert decisions.evaluate("d", {"y": 5}) == [1, None]


def test_knowledge_model_may_call_itself_within_limits() -> None:
    decisions = load(
        dmn(
            knowledge("fact", "n", literal("if n <= 1 then 1 else n * fact(n - 1)")),
            decision("d", literal("fact(n)"), knows=["fact"]),
        )
    )
    assert decisions.evaluate("d", {"n": 8}) == 40320
    with pytest.raises(DecisionError) as caught:
        decisions.evaluate("d", {"n": 100})
    assert caught.value.message.code == "decisions.limit_depth"


def test_calls_that_multiply_are_stopped() -> None:
    body = literal("if n <= 0 then 1 else f(n - 1) + f(n - 1)")
    decisions = load(dmn(knowledge("f", "n", body), decision("d", literal("f(15)"), knows=["f"])))
    with pytest.raises(DecisionError) as caught:
        decisions.evaluate("d", {})
    assert caught.value.message.code in ("decisions.limit_calls", "decisions.limit_time")


SERVICE = dmn(
    given("x"),
    decision("inner", literal("x + 1"), inputs=["in_x"]),
    decision("middle", literal("inner * 10"), needs=["inner"]),
    decision("other", literal("x"), inputs=["in_x"]),
    service("one", "middle", inputs="in_x"),
    service("two", "middle other", inputs="in_x"),
    service("given", "middle", decisions="inner"),
    service("both", "other middle", inputs="in_x", decisions="inner"),
    decision("call", literal("one(4)"), knows=["one"]),
    decision("call_named", literal("one(x: 4)"), knows=["one"]),
    decision("call_given", literal("given(7)"), knows=["given"]),
    decision("call_both", literal("both(1, 2)"), knows=["both"]),
    decision("call_wrong", literal("one()"), knows=["one"]),
)


@pytest.mark.parametrize(
    ("key", "context", "value"),
    [
        ("one", {"x": 4}, 50),
        ("two", {"x": 4}, {"middle": 50, "other": 4}),
        ("given", {"inner": 3, "x": 100}, 30),
        ("call", {"x": 1}, 50),
        ("call_named", {}, 50),
        ("call_given", {}, 70),
        ("call_both", {}, {"other": 1, "middle": 20}),
        ("call_wrong", {}, None),
        ("middle", {"x": 1}, 20),
    ],
)
def test_decision_service(key: str, context: dict[str, Any], value: Any) -> None:
    assert load(SERVICE).evaluate(key, context) == value


def test_explain_of_a_required_table_tells_of_the_asked_decision_only() -> None:
    decisions = load(
        dmn(
            decision("a", table("FIRST", ["n"], ["y"], ["> 1 | 1", "- | 2"])),
            decision("b", table("FIRST", ["a"], ["z"], ["1 | 10", "2 | 20"]), needs=["a"]),
        )
    )
    explained = decisions.explain("b", {"n": 0})
    assert (explained.value, explained.inputs, explained.matched) == (20, {"a": 2}, (2,))


def test_explain_of_other_logic_has_no_rules() -> None:
    explained = load(SERVICE).explain("middle", {"x": 1})
    assert (explained.value, explained.inputs, explained.matched) == (20, {}, ())
    assert load(SERVICE).explain("one", {"x": 1}).value == 20
