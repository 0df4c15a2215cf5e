"""Labels of flows: the first free spot along the route, from its source on."""

from __future__ import annotations

from itertools import pairwise

from webapp.diagrams.picture import LABEL_LINE, Box, Picture, Point, text_width
from webapp.diagrams.tree import GATEWAYS, Flow, Node, Scope

WIDE = 220
"""Shapes wider than this are expanded sub-processes: a label may stand inside them."""


def place_flow_labels(scope: Scope, picture: Picture) -> None:
    for node in scope.nodes.values():
        if node.id in picture.labels and not node.is_boundary:
            _step_aside(scope, picture, node)
    for flow in scope.flows:
        if flow.label:
            picture.labels[flow.id] = _spot(scope, picture, flow)


def _step_aside(scope: Scope, picture: Picture, node: Node) -> None:
    """A flow where the label stands pushes it: a gateway's question to the left of the line
    above, an event's name to the right of the line below."""
    box, label = picture.boxes[node.id], picture.labels[node.id]
    ends = [picture.routes[f.id][0] for f in scope.flows if f.source == node.id]
    ends += [picture.routes[f.id][-1] for f in scope.flows if f.target == node.id]
    middle = [y for x, y in ends if abs(x - box.middle[0]) < 1]
    if node.kind in GATEWAYS and any(y <= box.y for y in middle):
        left = box.middle[0] - 8 - label.width
        picture.labels[node.id] = Box(left, label.y + 4, label.width, label.height)
    elif node.kind not in GATEWAYS and any(y >= box.bottom for y in middle):
        picture.labels[node.id] = label.moved(label.width / 2 + 8, 2)


def _spot(scope: Scope, picture: Picture, flow: Flow) -> Box:
    """Of all spots that fit the one with the fewest collisions; the earliest of equals. Spots on
    a line shared with another exit of the same gateway come last: they would not tell which."""
    points, width = picture.routes[flow.id], text_width(flow.label) + 4
    twins = [picture.routes[f.id] for f in scope.flows if f.source == flow.source and f is not flow]
    spots = []
    for (x1, y1), (x2, y2) in pairwise(points):
        if any(_runs_along((x1, y1), (x2, y2), twin) for twin in twins):
            continue
        if y1 == y2 and abs(x2 - x1) >= width:
            left = x1 + 6 if x2 > x1 else x1 - 6 - width
            spots += [
                Box(left, y1 - 17, width, LABEL_LINE),
                Box(left, y1 + 3, width, LABEL_LINE),
            ]
        elif x1 == x2 and abs(y2 - y1) >= 20:
            top = y1 + 6 if y2 > y1 else y1 - 20
            spots += [
                Box(x1 + 5, top, width, LABEL_LINE),
                Box(x1 - 5 - width, top, width, LABEL_LINE),
            ]
    if not spots:
        return Box(points[0][0] + 6, points[0][1] - 17, width, LABEL_LINE)
    return min(spots, key=lambda spot: _collisions(picture, spot))


def _runs_along(one: Point, two: Point, route: list[Point]) -> bool:
    """Whether the beginning of a segment lies on a route."""
    probe = (one[0] + _sign(two[0] - one[0]) * 4, one[1] + _sign(two[1] - one[1]) * 4)
    return any(
        min(a[0], b[0]) - 1 <= probe[0] <= max(a[0], b[0]) + 1
        and min(a[1], b[1]) - 1 <= probe[1] <= max(a[1], b[1]) + 1
        for a, b in pairwise(route)
    )


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _collisions(picture: Picture, spot: Box) -> int:
    shapes = [box for box in picture.boxes.values() if box.width <= WIDE]
    hits = sum(spot.overlaps(other) for other in [*picture.labels.values(), *shapes])
    for points in picture.routes.values():
        hits += sum(spot.is_crossed_by(one, two) for one, two in pairwise(points))
    return hits
