"""Labels once the routes are known: of nodes where no line runs, of flows along their route."""

from __future__ import annotations

from itertools import pairwise

from webapp.diagrams.picture import LABEL_LINE, Box, Picture, Point, text_width
from webapp.diagrams.tree import GATEWAYS, Flow, Node, Scope

WIDE = 220
"""Shapes wider than this are expanded sub-processes: a label may stand inside them."""


def place_labels(scope: Scope, picture: Picture) -> None:
    for node in scope.nodes.values():
        if node.id in picture.labels:
            label = picture.labels.pop(node.id)
            spots = _around(node, picture.boxes[node.id], label)
            picture.labels[node.id] = min(spots, key=lambda spot: _collisions(picture, spot))
    for flow in scope.flows:
        if flow.label:
            picture.labels[flow.id] = _spot(scope, picture, flow)


def _around(node: Node, box: Box, label: Box) -> list[Box]:
    """Where a node's words may stand, the usual place first."""
    x, _ = box.middle
    left, right = x - 8 - label.width, x + 8
    above, below = box.y - 2 - label.height, box.bottom + 4
    if node.is_boundary:
        return [label, label._replace(x=box.x - 2 - label.width)]
    beside = [Box(left, above, *label[2:]), Box(right, above, *label[2:])]
    lower = [Box(right, below, *label[2:]), Box(left, below, *label[2:])]
    centred = Box(label.x, box.y - 4 - label.height, *label[2:])
    if node.kind in GATEWAYS:
        return [label, *beside, *reversed(lower)]
    return [label, *lower, centred, *beside]


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
