"""Writes pictures into a BPMN file as diagram interchange (BPMN 2.0.2, clause 12)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from webapp.diagrams.layout import lay_out
from webapp.diagrams.picture import Box, Picture
from webapp.diagrams.tree import Document, Node, Scope
from webapp.diagrams.xml import BIOC, BPMNDI, COLOR, DC, DI, add, qname

ORIGIN = (160, 80)
BETWEEN_POOLS = 60
POOL_HEAD = 30
TONES = {"good": ("#e8f5e9", "#2e7d32"), "bad": ("#fdecea", "#b3261e")}
"""Fill and border of ends: the aim reached, or not. The label says it too."""

Colours = Mapping[str, tuple[str, str]]


def draw(root: etree._Element, document: Document, colours: Colours | None = None) -> None:
    """Append one BPMNDiagram with every process as a pool, one below the other.

    `colours`: (fill, border) by element id, beside those the notation asks for.
    """
    collaboration = root.find(qname("collaboration"))
    first = document.scopes[0].id
    whole = collaboration.get("id") if collaboration is not None else first
    diagram = add(root, "BPMNDiagram", ns=BPMNDI, id=f"diagram_{first}")
    plane = add(diagram, "BPMNPlane", ns=BPMNDI, id=f"plane_{first}", bpmnElement=whole)
    pools = {p.get("processRef"): p.get("id") for p in root.iter(qname("participant"))}
    painter = _Painter(plane, colours or {})
    x, y = ORIGIN
    for scope in document.scopes:
        picture = lay_out(scope).moved(x, y)
        box = Box(x, y, picture.width, picture.height)
        if scope.id in pools:
            painter.shape(pools[scope.id], box, isHorizontal="true")
        for lane, band in zip(scope.lanes, picture.bands, strict=True):
            strip = Box(x + POOL_HEAD, band.y, picture.width - POOL_HEAD, band.height)
            painter.shape(lane.id, strip, isHorizontal="true")
        painter.everything(scope, picture)
        y += int(picture.height) + BETWEEN_POOLS


class _Painter:
    """Writes shapes and edges into one plane."""

    def __init__(self, plane: etree._Element, colours: Colours) -> None:
        self.plane, self.colours = plane, colours

    def everything(self, scope: Scope, picture: Picture) -> None:
        for key, node in scope.nodes.items():
            self._node(node, picture.boxes[key], picture.labels.get(key))
            if node.scope:
                self.everything(node.scope, picture)
        for flow in scope.flows:
            edge = add(self.plane, "BPMNEdge", ns=BPMNDI, id=f"{flow.id}_di", bpmnElement=flow.id)
            for x, y in picture.routes[flow.id]:
                add(edge, "waypoint", ns=DI, x=_number(x), y=_number(y))
            if flow.id in picture.labels:
                _bounds(add(edge, "BPMNLabel", ns=BPMNDI), picture.labels[flow.id])

    def _node(self, node: Node, box: Box, label: Box | None) -> None:
        extra = {}
        if node.kind == "xor":
            extra["isMarkerVisible"] = "true"
        if node.scope:
            extra["isExpanded"] = "true"
        element = self.shape(node.id, box, **extra)
        if label:
            _bounds(add(element, "BPMNLabel", ns=BPMNDI), label)
        tone = TONES.get(node.attributes.get("tone", ""), self.colours.get(node.id))
        if tone:
            element.set(qname("background-color", COLOR), tone[0])
            element.set(qname("border-color", COLOR), tone[1])
            element.set(qname("fill", BIOC), tone[0])
            element.set(qname("stroke", BIOC), tone[1])

    def shape(self, ref: str, box: Box, **attributes: str) -> etree._Element:
        element = add(
            self.plane, "BPMNShape", ns=BPMNDI, id=f"{ref}_di", bpmnElement=ref, **attributes
        )
        _bounds(element, box)
        return element


def _bounds(parent: etree._Element, box: Box) -> None:
    x, y, width, height = map(_number, box)
    add(parent, "Bounds", ns=DC, x=x, y=y, width=width, height=height)


def _number(value: float) -> str:
    return str(round(value))
