"""The gate asks the decisions room: names nobody declares, overlaps and gaps of tables."""

from __future__ import annotations

import pytest

from tests.engine.test_checks import errors, line, warnings
from tests.factories.engine import bpmn
from workflows.engine import OPERATIONS, Finding, check_process
from workflows.messages import say

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f">'


def dmn(hit: str, read: str, *rules: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{test}</text></inputEntry>'
        f"<outputEntry><text>{result}</text></outputEntry></rule>"
        for n, (test, result) in enumerate(rules, start=1)
    )
    table = (
        f'<decisionTable id="t" hitPolicy="{hit}"><input id="i"><inputExpression id="ie">'
        f'<text>{read}</text></inputExpression></input><output id="o" name="y"/>{rows}'
        "</decisionTable>"
    )
    return f'{HEAD}<decision id="d" name="d">{table}</decision></definitions>'.encode()


def check(table: bytes) -> tuple[Finding, ...]:
    return check_process(
        "p",
        {"p.bpmn": bpmn(line())},
        {"d.dmn": table},
        {"x": "number"},
        roles=("人民调解员",),
        rules=(),
        operations=OPERATIONS,
        forms=("a.schema.json",),
    )


@pytest.mark.parametrize("read", ["x", "case.amount", "count(parties)", "today.year"])
def test_declared_names_are_known_to_tables(read: str) -> None:
    findings = check(dmn("FIRST", read, ("-", "1")))
    assert "decision_problem" not in dict(errors(findings))
    assert "decision_rules" not in dict(warnings(findings))


def test_misspelt_name_in_a_table_is_an_error() -> None:
    findings = check(dmn("FIRST", "x", ("&lt; limt", "1"), ("-", "2")))
    found = [f for f in findings if f.code == "engine.decision_problem"]
    assert [(f.element, f.file, f.severity) for f in found] == [("r1", "d.dmn", "error")]
    assert "limt" in say(found[0].message)
    assert "limt" in say(found[0].message, "en")


def test_overlap_under_unique_is_an_error() -> None:
    findings = check(dmn("UNIQUE", "x", ("&lt; 5", "1"), ("&gt;= 4", "2")))
    assert ("decision_rules", "d") in errors(findings)


def test_gap_is_a_warning() -> None:
    findings = check(dmn("FIRST", "x", ("&lt; 5", "1")))
    assert ("decision_rules", "d") in warnings(findings)
    assert ("decision_rules", "d") not in errors(findings)
