"""The line notation: what it reads, and how it says what it can't read."""

from __future__ import annotations

import pytest

from webapp.diagrams.build import build
from webapp.diagrams.notation import NotationError, parse
from webapp.diagrams.xml import BPMN, SPIFF, parse_xml, qname

SMALL = """
process tea "泡茶" "Tea"
lane 当事人 "Party" performed_by=窗口受理员 acts_for=party
lane 窗口受理员
message stop "tea.withdraw"
start begin @窗口受理员 "开始" "Begin"
user boil "烧水" "Boil" form=boil assignee=mediator tell='先洗手。\\n\\n- 再烧水'
boundary.timer! late on=boil "3 工作日" date='deadline("x", today)'
boundary.message~ stopped on=boil message=stop variable=why
rule check "判断" decision=tea_ready
service note "登记" op=document.create with='kind: "cup"; series: "a"' result=cup
script count "记数" code='n = 1\\nm = n + 1'
xor ready "好了？"
end done "完成" tone=good
end never @当事人 "没有" tone=bad
begin > boil > check > note > count > ready
ready > done ? 'ok' "是" "yes"
ready > never else "否"
late > never
stopped > never
"""


def test_nodes_without_a_lane_stand_in_the_lane_of_the_node_before() -> None:
    scope = parse(SMALL).scopes[0]
    assert [scope.nodes[key].lane for key in ("begin", "boil", "late", "done", "never")] == [
        "窗口受理员",
        "窗口受理员",
        "窗口受理员",
        "窗口受理员",
        "当事人",
    ]


def test_a_chain_gives_one_flow_a_step_and_the_last_one_the_condition() -> None:
    flows = {flow.id: flow for flow in parse(SMALL).scopes[0].flows}
    assert flows["f_begin_boil"].condition is None
    assert flows["f_ready_done"].condition == "ok"
    assert (flows["f_ready_done"].label, flows["f_ready_done"].label_en) == ("是", "yes")
    assert flows["f_ready_never"].default


def test_second_flow_between_the_same_nodes_gets_a_number() -> None:
    scope = parse('process p "p"\nstart a\nend b\na > b\na > b ? "x"').scopes[0]
    assert [flow.id for flow in scope.flows] == ["f_a_b", "f_a_b_2"]


def test_sub_process_holds_its_own_nodes() -> None:
    text = 'process p "p"\nsub s "组" {\nstart a\nend b\na > b\n}\nend c\ns > c'
    scope = parse(text).scopes[0]
    inside = scope.nodes["s"].scope
    assert inside is not None
    assert list(inside.nodes) == ["a", "b"]
    assert scope.count_shapes() == 4


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("teapot x", "unknown kind teapot"),
        ("user x colour=red", "unknown attribute colour"),
        ("start a\nstart a", "a is there twice"),
        ("start a\na > b", "no node b in p"),
        ("lane x size=3", "unknown lane property size"),
        ("start 'a", "No closing quotation"),
    ],
)
def test_unreadable_line_is_named_with_its_number(line: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason) as caught:
        parse(f'process p "p"\n{line}')
    assert str(caught.value).startswith(f"line {line.count(chr(10)) + 2}: ")


def test_build_writes_the_extensions_an_engine_reads() -> None:
    root = parse_xml(build(SMALL))
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    properties = {
        found.get("name"): found.get("value")
        for found in by_id["boil"].iter(qname("property", SPIFF))
    }
    assert properties == {
        "name_en": "Boil",
        "formJsonSchemaFilename": "boil.schema.json",
        "formUiSchemaFilename": "boil.ui.json",
        "assignee": "mediator",
    }
    told = by_id["boil"].findtext(f".//{{{SPIFF}}}instructionsForEndUser")
    assert told == "先洗手。\n\n- 再烧水"
    assert by_id["late"].findtext(f".//{{{BPMN}}}timeDate") == 'deadline("x", today)'
    assert by_id["late"].get("cancelActivity") == "true"
    assert by_id["stopped"].get("cancelActivity") == "false"
    assert by_id["check"].findtext(f".//{{{SPIFF}}}calledDecisionId") == "tea_ready"
    assert by_id["count"].findtext(f"{{{BPMN}}}script") == "n = 1\nm = n + 1"
    assert by_id["ready"].get("default") == "f_ready_never"


def test_build_writes_operator_parameters_as_feel() -> None:
    operator = parse_xml(build(SMALL)).find(f".//{{{SPIFF}}}serviceTaskOperator")
    assert (operator.get("id"), operator.get("resultVariable")) == ("document.create", "cup")
    parameters = {p.get("id"): p.get("value") for p in operator.iter(qname("parameter", SPIFF))}
    assert parameters == {"kind": '"cup"', "series": '"a"'}


def test_build_writes_lane_properties() -> None:
    lane = parse_xml(build(SMALL)).find(f".//{{{BPMN}}}lane")
    properties = {p.get("name"): p.get("value") for p in lane.iter(qname("property", SPIFF))}
    assert properties == {"name_en": "Party", "performed_by": "窗口受理员", "acts_for": "party"}


def test_multi_instance_collections_are_declared_as_properties() -> None:
    text = 'process p "p"\nstart a\nuser b each=ids:one collect=out:answer until="ok"\na > b'
    root = parse_xml(build(text))
    declared = [p.get("id") for p in root.findall(f".//{{{BPMN}}}process/{{{BPMN}}}property")]
    assert declared == ["ids", "out"]
    assert root.findtext(f".//{{{BPMN}}}completionCondition") == "ok"


def test_building_twice_gives_the_same_bytes() -> None:
    assert build(SMALL) == build(SMALL)
