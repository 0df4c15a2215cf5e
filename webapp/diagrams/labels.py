"""Labels of flows: the first free spot along the route, from its source on."""

from __future__ import annotations

import itertools

from webapp.diagrams.picture import LABEL_LINE, Box, Picture, text_width
from webapp.diagrams.tree import GATEWAYS, Flow, Scope

WIDE = 220
"""Shapes wider than this are expanded sub-processes: a label may stand inside them."""


def place_flow_labels(scope: Scope, picture: Picture) -> None:
    for node in scope.nodes.values():
        if node.kind in GATEWAYS and node.id in picture.labels:
            _step_aside(scope, picture, node.id)
    for flow in scope.flows:
        if flow.label:
            picture.labels[flow.id] = _spot(picture, flow)


def _step_aside(scope: Scope, picture: Picture, gateway: str) -> None:
    """A flow through the top of a gateway pushes the gateway's question to the left."""
    box, label = picture.boxes[gateway], picture.labels[gateway]
    ends = [picture.routes[f.id][0] for f in scope.flows if f.source == gateway]
    ends += [picture.routes[f.id][-1] for f in scope.flows if f.target == gateway]
    if any(abs(x - box.middle[0]) < 1 and y <= box.y for x, y in ends):
        picture.labels[gateway] = Box(
            box.middle[0] - 8 - label.width, label.y + 4, label.width, label.height
        )


def _spot(picture: Picture, flow: Flow) -> Box:
    points, width = picture.routes[flow.id], text_width(flow.label) + 4
    spots = []
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
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


def _collisions(picture: Picture, spot: Box) -> int:
    shapes = [box for box in picture.boxes.values() if box.width <= WIDE]
    hits = sum(spot.overlaps(other) for other in [*picture.labels.values(), *shapes])
    for points in picture.routes.values():
        hits += sum(spot.is_crossed_by(one, two) for one, two in itertools.pairwise(points))
    return hits
