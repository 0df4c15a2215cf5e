"""Redraw an existing .bpmn, any editor's, without touching its meaning.

Colours are kept. Notes, data objects and groups keep their place beside the nearest node; message
flows and associations are drawn straight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from webapp.diagrams.draw import draw
from webapp.diagrams.picture import Box
from webapp.diagrams.reader import read
from webapp.diagrams.svg import box_of
from webapp.diagrams.xml import (
    BIOC,
    BPMNDI,
    COLOR,
    DC,
    DI,
    add,
    local,
    parse_xml,
    qname,
    to_bytes,
)

BESIDE = ("textAnnotation", "dataObjectReference", "dataStoreReference", "group")
LINES = ("association", "messageFlow", "dataInputAssociation", "dataOutputAssociation")


@dataclass(frozen=True, slots=True)
class Tidied:
    """The redrawn file. `reordered`: exclusive and inclusive gateways whose exits now stand in
    another order from top to bottom. Editors and engines that try exits by height then behave
    differently unless the conditions exclude each other; a person should look at these."""

    source: bytes
    reordered: tuple[str, ...]


def tidy(source: bytes) -> Tidied:
    """Redraw. Raises ValueError for a file without a process, or with a DOCTYPE."""
    root = parse_xml(source)
    document = read(root)
    if not document.scopes:
        raise ValueError("the file has no process to draw")
    before, colours = _boxes(root), _colours(root)
    for diagram in root.findall(qname("BPMNDiagram", BPMNDI)):
        root.remove(diagram)
    draw(root, document, colours)
    _draw_beside(root, before)
    return Tidied(to_bytes(root), tuple(_reordered(root, before, _boxes(root))))


def _boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in root.iter(qname("BPMNShape", BPMNDI)):
        box = box_of(shape)
        if box is not None:
            found[shape.get("bpmnElement")] = box
    return found


def _colours(root: etree._Element) -> dict[str, tuple[str, str]]:
    found = {}
    for shape in root.iter(qname("BPMNShape", BPMNDI)):
        fill = shape.get(qname("background-color", COLOR)) or shape.get(qname("fill", BIOC))
        stroke = shape.get(qname("border-color", COLOR)) or shape.get(qname("stroke", BIOC))
        if fill or stroke:
            found[shape.get("bpmnElement")] = (fill or "#ffffff", stroke or "#22242a")
    return found


def _draw_beside(root: etree._Element, before: Mapping[str, Box]) -> None:
    """Shapes that are no flow nodes, moved as far as the node nearest to them moved."""
    plane = root.find(f".//{qname('BPMNPlane', BPMNDI)}")
    after = _boxes(root)
    anchors = [key for key in after if key in before and after[key].width <= 400]
    for element in root.iter(*(qname(name) for name in BESIDE)):
        old = before.get(element.get("id"))
        if old is None or not anchors:
            continue
        anchor = min(anchors, key=lambda key: _distance(before[key], old))
        moved = old.moved(after[anchor].x - before[anchor].x, after[anchor].y - before[anchor].y)
        _shape(plane, element.get("id"), moved)
        after[element.get("id")] = moved
    for element in root.iter(*(qname(name) for name in LINES)):
        ends = [after.get(end) for end in _ends(element)]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            _line(plane, element.get("id"), ends[0], ends[1])


def _ends(element: etree._Element) -> list[str]:
    """Ids a line joins; a data association stands inside the task it belongs to."""
    source, target = element.get("sourceRef"), element.get("targetRef")
    if local(element).startswith("data"):
        task = element.getparent().get("id")
        refs = [
            (ref.text or "").strip()
            for ref in element.findall(qname("sourceRef")) + element.findall(qname("targetRef"))
        ]
        return [*refs[:1], task] if local(element) == "dataInputAssociation" else [task, *refs[-1:]]
    return [end for end in (source, target) if end]


def _distance(one: Box, two: Box) -> float:
    return abs(one.middle[0] - two.middle[0]) + abs(one.middle[1] - two.middle[1])


def _shape(plane: etree._Element, ref: str, box: Box) -> None:
    shape = add(plane, "BPMNShape", ns=BPMNDI, id=f"{ref}_di", bpmnElement=ref)
    x, y, width, height = (str(round(value)) for value in box)
    add(shape, "Bounds", ns=DC, x=x, y=y, width=width, height=height)


def _line(plane: etree._Element, ref: str, one: Box, two: Box) -> None:
    """From border to border on the side that faces the other end."""
    edge = add(plane, "BPMNEdge", ns=BPMNDI, id=f"{ref}_di", bpmnElement=ref)
    upper, lower = (one, two) if one.middle[1] <= two.middle[1] else (two, one)
    if upper.bottom <= lower.y:
        points = {id(upper): (upper.middle[0], upper.bottom), id(lower): (lower.middle[0], lower.y)}
    else:
        left, right = (one, two) if one.middle[0] <= two.middle[0] else (two, one)
        points = {id(left): (left.right, left.middle[1]), id(right): (right.x, right.middle[1])}
    for box in (one, two):
        x, y = points[id(box)]
        add(edge, "waypoint", ns=DI, x=str(round(x)), y=str(round(y)))


def _reordered(
    root: etree._Element, before: Mapping[str, Box], after: Mapping[str, Box]
) -> list[str]:
    targets: dict[str, list[str]] = {}
    for flow in root.iter(qname("sequenceFlow")):
        targets.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))

    def order(places: Mapping[str, Box], gateway: str) -> list[str]:
        return sorted(targets.get(gateway, []), key=lambda key: (places[key].y, key))

    return [
        gateway.get("id")
        for gateway in root.iter(qname("exclusiveGateway"), qname("inclusiveGateway"))
        if all(key in before for key in targets.get(gateway.get("id"), []))
        and order(before, gateway.get("id")) != order(after, gateway.get("id"))
    ]
