"""What `load` reads from real editors, and what it refuses."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.decisions.drawn import boxed, decision, dmn, literal, table, tabled
from workflows.decisions import DecisionError, load
from workflows.messages import say


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ],
)
def test_every_version_is_read(namespace: str) -> None:
    xml = dmn(decision("d", literal("7")), namespace=namespace)
    assert load(xml).evaluate("d", {}) == 7
    assert load(xml.encode()).evaluate("d", {}) == 7


EDITOR = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_1" name="DRD"
  xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" xmlns:dmndi="https://x/DMNDI/"
  namespace="http://camunda.org/schema/1.0/dmn" exporter="dmn-js">
  <extensionElements><biodi:any/></extensionElements>
  <decision id="decision_1" name="是否 受理">
    <extensionElements><biodi:bounds x="1" decision="no"/></extensionElements>
    <decisionTable id="table_1">
      <extensionElements><biodi:any><rule/></biodi:any></extensionElements>
      <input id="input_1" label="年龄" biodi:width="200">
        <extensionElements/>
        <inputExpression id="e_1" typeRef="string"><text>age</text></inputExpression>
      </input>
      <output id="output_1" label="结果" name="result" typeRef="string" />
      <rule id="rule_1">
        <extensionElements/>
        <description>note</description>
        <inputEntry id="u_1"><extensionElements/><text>&lt; 18</text></inputEntry>
        <outputEntry id="l_1"><text>"child"</text></outputEntry>
        <annotationEntry><text>x</text></annotationEntry>
      </rule>
      <rule id="rule_2">
        <inputEntry id="u_2"><text></text></inputEntry>
        <outputEntry id="l_2"><text></text></outputEntry>
      </rule>
      <!-- a comment -->
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="x"/></dmndi:DMNDI>
</definitions>"""


def test_file_of_an_editor_with_extensions_everywhere() -> None:
    decisions = load(EDITOR.replace('id="table_1"', 'id="table_1" hitPolicy="FIRST"'))
    assert decisions.evaluate("decision_1", {"age": 5}) == "child"
    assert decisions.evaluate("是否 受理", {"age": 50}) is None
    assert decisions.explain("decision_1", {"age": 5}).inputs == {"年龄": 5}


def test_hit_policy_is_unique_where_none_is_given() -> None:
    with pytest.raises(DecisionError) as caught:
        load(EDITOR).evaluate("decision_1", {"age": 5})
    assert caught.value.message.code == "decisions.two_match"


LAUGHS = """<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">&b;</definitions>"""
DEEP = "<list>" * 40 + literal("1") + "</list>" * 40


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("", "not_xml"),
        ("not xml", "not_xml"),
        (b"\xff\xfe\x00", "not_xml"),
        ("<definitions", "not_xml"),
        ("<definitions/>", "not_dmn"),
        ('<definitions xmlns="https://www.omg.org/spec/CMMN/20151109/MODEL"/>', "not_dmn"),
        ('<a xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "not_dmn"),
        (LAUGHS, "doctype"),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions/>', "doctype"),
        (dmn(" " * 3_000_000), "too_large"),
        (dmn("<a>" * 400 + "</a>" * 400), "not_xml"),
        (dmn("<a/>" * 110_000), "too_many_elements"),
        (dmn(decision("d", DEEP)), "nested_too_deeply"),
        (dmn(decision("d", ""), decision("d", "")), "id_twice"),
        (dmn("<decision/>"), "no_id"),
        (dmn(decision("d", literal("1"), needs=["ghost"])), "reference_unknown"),
        (dmn(decision("d", literal("1"), knows=["ghost"])), "reference_unknown"),
        (dmn(decision("d", literal("1"), needs=["d"])), "cyclic"),
        (
            dmn(
                decision("a", literal("1"), needs=["b"]),
                decision("b", literal("1"), needs=["c"]),
                decision("c", literal("1"), needs=["a"]),
            ),
            "cyclic",
        ),
        (dmn(decision("d", "<context><contextEntry/></context>")), "part_missing"),
        (dmn(decision("d", "<conditional/>")), "part_missing"),
        (dmn(decision("d", "<invocation/>")), "part_missing"),
        (dmn(decision("d", '<functionDefinition kind="Java"/>')), "language"),
        (
            dmn(
                decision(
                    "d",
                    '<literalExpression expressionLanguage="juel"><text>1</text>'
                    "</literalExpression>",
                )
            ),
            "language",
        ),
        (dmn(decision("d", table("BEST", ["a"], ["x"], ["1 | 2"]))), "hit_policy"),
        (
            dmn(decision("d", table("FIRST", ["a"], ["x"], ["1 | 2"], aggregation="SUM"))),
            "aggregation",
        ),
        (
            dmn(decision("d", table("COLLECT", ["a"], ["x"], ["1 | 2"], aggregation="AVG"))),
            "aggregation",
        ),
        (dmn(decision("d", table("FIRST", ["a"], [], ["1"]))), "no_output"),
        (dmn(decision("d", table("FIRST", ["a"], ["x", "x"], ["1 | 2 | 3"]))), "output_names"),
        (dmn(decision("d", table("FIRST", [""], ["x"], ["1 | 2"]))), "no_input_expression"),
        (dmn(decision("d", table("FIRST", ["a"], ["x"], ["1 | 2 | 3"]))), "row_width"),
        (dmn(decision("d", table("FIRST", ["a", "b"], ["x"], ["1 | 2"]))), "row_width"),
        (dmn(decision("d", literal("1 +"))), "expression"),
        (dmn(decision("d", literal("(1"))), "expression"),
        (dmn(decision("d", table("FIRST", ["a b)"], ["x"], []))), "expression"),
        (dmn(decision("d", table("FIRST", ["a"], ["x"], ["> > 5 | 2"]))), "cell"),
        (dmn(decision("d", table("FIRST", ["a"], ["x"], ['5 | "open']))), "cell"),
    ],
)
def test_broken_file_is_refused(xml: Any, code: str) -> None:
    with pytest.raises(DecisionError) as caught:
        load(xml).check()
    assert caught.value.message.code == f"decisions.{code}"
    assert "{" not in say(caught.value.message, "en")


def test_broken_cell_is_named_with_line_and_column() -> None:
    with pytest.raises(DecisionError) as caught:
        tabled("FIRST", ["a", "b"], ["x"], ["1 | 2 | 3", "1 | < 5,\n > > 7 | 3"]).check()
    error = caught.value
    assert (error.where.element, error.where.row, error.where.column) == ("r2", 2, 2)
    assert (error.line, error.column) == (2, 4)


@pytest.mark.parametrize(
    "logic",
    [
        literal("1 +"),
        "<conditional/>",
        table("BEST", ["a"], ["x"], ["- | 2"]),
        table("PRIORITY", ["a"], ["x"], ["- | 2"]),
        table("FIRST", ["a b)"], ["x"], ["- | 2"]),
        table("FIRST", ["a"], [("x", "> >")], ["- | 2"]),
        '<literalExpression expressionLanguage="juel"><text>1</text></literalExpression>',
    ],
)
def test_broken_decision_leaves_the_others_of_its_file_usable(logic: str) -> None:
    decisions = load(dmn(decision("bad", logic), decision("good", literal("7"))))
    assert decisions.evaluate("good", {}) == 7
    with pytest.raises(DecisionError):
        decisions.evaluate("bad", {})
    assert len(decisions.problems({"a": "number"})) == 1


def test_sound_file_passes_the_check() -> None:
    load(EDITOR).check()


def test_long_chains_of_requirements_are_read() -> None:
    chain = [decision("d0", literal("0"))]
    chain += [
        decision(f"d{n}", literal(f"d{n - 1} + 1"), needs=[f"d{n - 1}"]) for n in range(1, 2000)
    ]
    assert load(dmn(*chain)).evaluate("d1999", {}) == 1999


def test_what_dmn_calls_an_error_is_null() -> None:
    texts = ["1 / 0", '"a" + 1', "abs()", 'date("x")', "nobody(1)", "a.b.c", '@"x"']
    decisions = boxed("<list>" + "".join(map(literal, texts)) + "</list>")
    assert decisions.evaluate("d", {"a": 1}) == [None] * len(texts)


def test_decisions_are_shared_by_threads() -> None:
    decisions = tabled("FIRST", ["a", "b"], ["x"], [f"{n} | > {n} | a + b" for n in range(50)])
    wrong: list[object] = []

    def work(seed: int) -> None:
        for n in range(200):
            a, extra = n % 50, {f"k{seed}-{n % 30}": n}
            if decisions.evaluate("d", {"a": a, "b": a + 1, **extra}) != 2 * a + 1:
                wrong.append((seed, n))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_context_is_not_changed() -> None:
    context = {"a": [1, 2], "b": {"c": 1}}
    logic = literal('[append(a, 3), context put(b, "c", 2)]')
    assert boxed(logic).evaluate("d", context) == [[1, 2, 3], {"c": 2}]
    assert context == {"a": [1, 2], "b": {"c": 1}}
