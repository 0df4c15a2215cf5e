"""Redrawing a file changes its picture and nothing else."""

from __future__ import annotations

import pytest
from lxml import etree

from webapp.diagrams.build import build
from webapp.diagrams.measure import measure
from webapp.diagrams.svg import box_of
from webapp.diagrams.tidy import tidy
from webapp.diagrams.xml import BPMNDI, COLOR, DC, parse_xml, qname

TEXT = """
process p "流程"
lane 甲
lane 乙
start a @甲 "始"
xor g "去哪？"
user t1 "一" form=one
user t2 @乙 "二" form=two
end e1 @甲 "成" tone=good
end e2 @乙 "不成" tone=bad
a > g
g > t1 ? "n = 1" "一"
g > t2 ? "n = 2" "二"
t1 > e1
t2 > e2
"""

NOTE = (
    '<bpmn:textAnnotation xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="note">'
    "<bpmn:text>说明</bpmn:text></bpmn:textAnnotation>"
)
LINK = (
    '<bpmn:association xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="link" '
    'sourceRef="t1" targetRef="note"/>'
)


def meaning(source: bytes) -> bytes:
    root = parse_xml(source)
    for diagram in root.findall(qname("BPMNDiagram", BPMNDI)):
        root.remove(diagram)
    return etree.tostring(root, method="c14n")


def shape(source: bytes, ref: str) -> etree._Element:
    return parse_xml(source).find(f".//{qname('BPMNShape', BPMNDI)}[@bpmnElement='{ref}']")


def moved(source: bytes, ref: str, *, x: int, y: int) -> bytes:
    root = parse_xml(source)
    bounds = root.find(
        f".//{qname('BPMNShape', BPMNDI)}[@bpmnElement='{ref}']/{qname('Bounds', DC)}"
    )
    bounds.set("x", str(x))
    bounds.set("y", str(y))
    return etree.tostring(root)


def noted(source: bytes) -> bytes:
    """The file with a note 20 px above task t1, and a line to it."""
    root = parse_xml(source)
    process = root.find(qname("process"))
    process.append(etree.fromstring(NOTE))
    process.append(etree.fromstring(LINK))
    box = box_of(root.find(f".//{qname('BPMNShape', BPMNDI)}[@bpmnElement='t1']"))
    plane = root.find(f".//{qname('BPMNPlane', BPMNDI)}")
    drawn = etree.SubElement(plane, qname("BPMNShape", BPMNDI), id="note_di", bpmnElement="note")
    etree.SubElement(
        drawn,
        qname("Bounds", DC),
        x=str(box.x),
        y=str(box.y - 50),
        width="100",
        height="30",
    )
    return etree.tostring(root)


def test_meaning_stays_byte_for_byte() -> None:
    source = moved(build(TEXT), "t2", x=900, y=20)
    assert meaning(tidy(source).source) == meaning(source)


def test_a_moved_shape_comes_back_into_its_lane() -> None:
    source = moved(build(TEXT), "t2", x=900, y=20)
    assert measure(source).outside_lane == 1
    assert measure(tidy(source).source).outside_lane == 0


def test_gateway_whose_exits_change_their_order_is_named() -> None:
    source = moved(build(TEXT), "t2", x=300, y=-400)
    assert tidy(source).reordered == ("g",)
    assert tidy(build(TEXT)).reordered == ()


def test_tidying_twice_changes_nothing_more() -> None:
    once = tidy(moved(build(TEXT), "t1", x=5, y=5)).source
    assert tidy(once).source == once


def test_colours_are_kept() -> None:
    redrawn = shape(tidy(build(TEXT)).source, "e2")
    assert redrawn.get(qname("background-color", COLOR)) == "#fdecea"


def test_note_stays_beside_its_task() -> None:
    source = moved(noted(build(TEXT)), "t1", x=2000, y=1000)
    note = parse_xml(source).find(f".//{qname('BPMNShape', BPMNDI)}[@bpmnElement='note']")
    bounds = note.find(qname("Bounds", DC))
    bounds.set("x", "2000")
    bounds.set("y", "950")
    redrawn = tidy(etree.tostring(bounds.getroottree())).source
    task, beside = box_of(shape(redrawn, "t1")), box_of(shape(redrawn, "note"))
    assert (beside.x, beside.y) == (task.x, task.y - 50)
    assert (
        parse_xml(redrawn).find(f".//{qname('BPMNEdge', BPMNDI)}[@bpmnElement='link']") is not None
    )


def test_doctype_is_refused() -> None:
    with pytest.raises(ValueError, match="DOCTYPE"):
        tidy(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


def test_file_without_a_process_is_refused() -> None:
    with pytest.raises(ValueError, match="no process"):
        tidy(b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')
