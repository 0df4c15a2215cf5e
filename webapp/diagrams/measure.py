"""Picture quality of a .bpmn in numbers: what a person would call ugly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

from lxml import etree

from webapp.diagrams.picture import Box, Point
from webapp.diagrams.svg import box_of
from webapp.diagrams.xml import BPMNDI, DI, local, parse_xml, qname

TOUCH = 3
"""Pixels a line may come into a box before it counts."""
SHARED_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts over the first plane. `on_top`: pairs of flows with neither source nor target in
    common that lie on each other. `outside_lane`: nodes not inside their lane. `missing`:
    nodes and flows of the processes that are not drawn."""

    shapes: int
    lanes: int
    width: int
    height: int
    through_shapes: int
    overlapping: int
    on_top: int
    crossings: int
    bends_per_flow: float
    outside_lane: int
    missing: int


def measure(source: bytes) -> Measure:
    """Measures a file as it would be seen when opened."""
    sight = _Sight(parse_xml(source))
    boxes = [*sight.boxes.values()]
    bends = sum(max(0, len(points) - 2) for points in sight.routes.values())
    return Measure(
        shapes=len(sight.nodes),
        lanes=sum(local(sight.elements[key]) == "lane" for key in sight.boxes),
        width=round(max(b.right for b in boxes) - min(b.x for b in boxes)) if boxes else 0,
        height=round(max(b.bottom for b in boxes) - min(b.y for b in boxes)) if boxes else 0,
        through_shapes=sight.count_through(),
        overlapping=sight.count_overlapping(),
        on_top=sight.count_on_top(),
        crossings=sight.count_crossings(),
        bends_per_flow=round(bends / max(1, len(sight.routes)), 2),
        outside_lane=sight.count_outside(),
        missing=sight.count_missing(),
    )


class _Sight:
    """What the first plane shows, ready to be counted."""

    def __init__(self, root: etree._Element) -> None:
        self.elements = {e.get("id"): e for e in root.iter() if local(e) and e.get("id")}
        self.boxes: dict[str, Box] = {}
        self.routes: dict[str, list[Point]] = {}
        plane = root.find(f".//{qname('BPMNPlane', BPMNDI)}")
        for shape in plane.findall(qname("BPMNShape", BPMNDI)) if plane is not None else ():
            box, ref = box_of(shape), shape.get("bpmnElement")
            if box is not None and ref in self.elements:
                self.boxes[ref] = box
        for edge in plane.findall(qname("BPMNEdge", BPMNDI)) if plane is not None else ():
            if edge.get("bpmnElement") in self.elements:
                self.routes[edge.get("bpmnElement")] = [
                    (float(p.get("x", "0")), float(p.get("y", "0")))
                    for p in edge.findall(qname("waypoint", DI))
                ]
        self.nodes = [
            k for k in self.boxes if local(self.elements[k]) not in ("lane", "participant")
        ]
        self.inside = {
            k: {e.get("id") for e in self.elements[k].iter() if local(e)} for k in self.nodes
        }
        self.segments = [
            (flow, one, two)
            for flow, points in self.routes.items()
            for one, two in pairwise(points)
        ]

    def ends(self, flow: str) -> tuple[str, str]:
        element = self.elements[flow]
        return element.get("sourceRef", ""), element.get("targetRef", "")

    def count_through(self) -> int:
        count = 0
        for flow, points in self.routes.items():
            source, target = self.ends(flow)
            host = self.elements[source].get("attachedToRef") if source in self.elements else None
            for key in self.nodes:
                if key in (source, target, host) or {flow, source, target} & self.inside[key]:
                    continue
                count += any(
                    self.boxes[key].is_crossed_by(one, two, TOUCH) for one, two in pairwise(points)
                )
        return count

    def count_overlapping(self) -> int:
        count = 0
        for one, two in combinations(self.nodes, 2):
            related = two in self.inside[one] or one in self.inside[two]
            sits = self.elements[one].get("attachedToRef") == two
            sits = sits or self.elements[two].get("attachedToRef") == one
            count += not related and not sits and self.boxes[one].overlaps(self.boxes[two])
        return count

    def count_on_top(self) -> int:
        return sum(
            _share_a_line(a, b) and not set(self.ends(one)) & set(self.ends(two))
            for (one, *a), (two, *b) in combinations(self.segments, 2)
            if one != two
        )

    def count_crossings(self) -> int:
        return sum(
            _cross(a, b)
            for (one, *a), (two, *b) in combinations(self.segments, 2)
            if one != two and self.ends(one)[1] != self.ends(two)[1]
        )

    def count_outside(self) -> int:
        count = 0
        for key in self.boxes:
            if local(self.elements[key]) != "lane":
                continue
            lane = self.boxes[key]
            for ref in self.elements[key].findall(qname("flowNodeRef")):
                box = self.boxes.get((ref.text or "").strip())
                count += box is None or not (
                    lane.x <= box.x
                    and box.right <= lane.right
                    and lane.y <= box.y
                    and box.bottom <= lane.bottom
                )
        return count

    def count_missing(self) -> int:
        """Flows and what they join; definitions, lane sets and the like need no shape."""
        flows = [k for k, e in self.elements.items() if local(e) == "sequenceFlow"]
        ends = {end for flow in flows for end in self.ends(flow)}
        return sum(k not in self.routes for k in flows) + sum(k not in self.boxes for k in ends)


def _is_level(line: list[Point]) -> bool:
    return abs(line[0][1] - line[1][1]) < 0.5


def _share_a_line(one: list[Point], two: list[Point]) -> bool:
    if _is_level(one) != _is_level(two):
        return False
    along, across = (0, 1) if _is_level(one) else (1, 0)
    if abs(one[0][across] - two[0][across]) >= 1:
        return False
    start = max(min(p[along] for p in one), min(p[along] for p in two))
    end = min(max(p[along] for p in one), max(p[along] for p in two))
    return end - start > SHARED_LENGTH


def _cross(one: list[Point], two: list[Point]) -> bool:
    if _is_level(one) == _is_level(two):
        return False
    level, upright = (one, two) if _is_level(one) else (two, one)
    x, y = upright[0][0], level[0][1]
    return (
        min(p[0] for p in level) + 1 < x < max(p[0] for p in level) - 1
        and min(p[1] for p in upright) + 1 < y < max(p[1] for p in upright) - 1
    )
