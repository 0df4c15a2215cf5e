"""The drawn signs of BPMN (2.0.2, clause 7): task, event, gateway, lane, flow."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from webapp.diagrams.picture import Box, Point
from webapp.diagrams.xml import BPMN, local, qname

GATEWAY_SIGNS = {
    "exclusiveGateway": "M-8,-8 8,8 M8,-8 -8,8",
    "parallelGateway": "M-11,0 11,0 M0,-11 0,11",
    "inclusiveGateway": "M-9,0 a9,9 0 1,0 18,0 a9,9 0 1,0 -18,0",
    "eventBasedGateway": "M0,-9 9,-2 5,8 -5,8 -9,-2 z",
    "complexGateway": "M-9,0 9,0 M0,-9 0,9 M-7,-7 7,7 M7,-7 -7,7",
}
EVENT_SIGNS = {
    "messageEventDefinition": "M-9,-6 9,-6 9,6 -9,6 z M-9,-6 0,1 9,-6",
    "timerEventDefinition": "M-10,0 a10,10 0 1,0 20,0 a10,10 0 1,0 -20,0 M0,-7 0,0 5,2",
    "escalationEventDefinition": "M0,-9 7,8 0,1 -7,8 z",
    "errorEventDefinition": "M-8,7 -3,-7 3,3 8,-8",
    "signalEventDefinition": "M0,-9 9,7 -9,7 z",
    "terminateEventDefinition": "M-9,0 a9,9 0 1,0 18,0 a9,9 0 1,0 -18,0",
    "conditionalEventDefinition": "M-7,-9 7,-9 7,9 -7,9 z M-4,-5 4,-5 M-4,0 4,0 M-4,5 4,5",
}
TASK_SIGNS = {
    "userTask": "M6,6 a3.4,3.4 0 1,0 .1,0 M0,20 c0,-9 12,-9 12,0 z",
    "manualTask": "M0,8 6,3 16,3 16,6 M0,8 0,17 12,17 16,14 M16,6 12,6 M16,10 11,10 M16,14 11,14",
    "scriptTask": "M3,2 16,2 C9,8 18,12 12,18 L-1,18 C5,12 -4,8 3,2 z M3,7 10,7 M5,12 12,12",
    "businessRuleTask": "M0,3 18,3 18,18 0,18 z M0,8 18,8 M0,13 18,13 M5,8 5,18",
    "serviceTask": "M9,2 9,5 M9,15 9,18 M1,10 4,10 M14,10 17,10 M3,4 5,6 M13,14 15,16 "
    "M3,16 5,14 M13,6 15,4 M4,10 a5,5 0 1,0 10,0 a5,5 0 1,0 -10,0 "
    "M7,10 a2,2 0 1,0 4,0 a2,2 0 1,0 -4,0",
    "receiveTask": "M0,4 18,4 18,16 0,16 z M0,4 9,11 18,4",
    "sendTask": "M0,4 18,4 18,16 0,16 z M0,4 9,11 18,4",
}


class Mark(NamedTuple):
    """How a painted element is set off: by colour, by line and by sign, so that none is alone."""

    name: str
    colour: str
    dash: str
    sign: str


MARKS = {
    mark.name: mark
    for mark in (
        Mark("added", "#1f6240", "none", "+"),
        Mark("removed", "#a62519", "3 4", "−"),
        Mark("changed", "#b9770e", "10 4", "≠"),
        Mark("passed", "#1f6240", "none", "✓"),
        Mark("missed", "#48555c", "3 4", "?"),
        Mark("stuck", "#a62519", "3 4", "!"),
        Mark("parted", "#8a5300", "none", "≠"),
        Mark("differs", "#0b57a4", "10 4", "≠"),
    )
}
SIGN_RADIUS, LETTER = 9.0, 8.0
"""Pixels: of a sign's disc, and of each further character that makes it longer."""
MARK_ROOM = 18
"""Pixels beside a shape that its ring and sign take."""


class Paint(NamedTuple):
    """Colours of one shape; `is_open`: an expanded sub-process."""

    fill: str
    stroke: str
    ink: str
    is_open: bool


def _put(group: etree._Element, name: str, **attributes: str) -> etree._Element:
    namespace = etree.QName(group).namespace
    return etree.SubElement(
        group,
        qname(name, namespace or ""),
        {key.replace("_", "-"): value for key, value in attributes.items()},
    )


def _path(group: etree._Element, path: str, at: Point, *, ink: str, fill: str, width: str) -> None:
    _put(
        group,
        "path",
        d=path,
        transform=f"translate({at[0]:g} {at[1]:g})",
        fill=fill,
        stroke=ink,
        stroke_width=width,
    )


def _rect(group: etree._Element, box: Box, **attributes: str) -> None:
    x, y, width, height = (f"{value:g}" for value in box)
    _put(group, "rect", x=x, y=y, width=width, height=height, **attributes)


def draw(group: etree._Element, element: etree._Element, box: Box, paint: Paint) -> None:
    """The sign of a node; its words are written by `letters`."""
    kind = local(element)
    if kind.endswith("Event"):
        _event(group, element, box, paint)
    elif kind.endswith("Gateway"):
        _gateway(group, kind, box, paint)
    elif kind == "textAnnotation":
        bracket = f"M{box.x + 12:g},{box.y:g} h-12 v{box.height:g} h12"
        _put(group, "path", d=bracket, fill="none", stroke=paint.ink)
    elif kind in ("dataObjectReference", "dataStoreReference", "group"):
        dash = "4 3" if kind == "group" else "none"
        _rect(group, box, fill="none", stroke=paint.stroke, stroke_dasharray=dash)
    else:
        _activity(group, element, box, paint)


def _event(group: etree._Element, element: etree._Element, box: Box, paint: Paint) -> None:
    kind, (x, y), radius = local(element), box.middle, box.width / 2
    dash = "4 3" if element.get("cancelActivity") == "false" else "none"
    width = "3" if kind == "endEvent" else "1.5"
    circle = {"cx": f"{x:g}", "cy": f"{y:g}", "stroke_dasharray": dash}
    _put(
        group,
        "circle",
        r=f"{radius:g}",
        fill=paint.fill,
        stroke=paint.stroke,
        stroke_width=width,
        **circle,
    )
    if kind not in ("startEvent", "endEvent"):
        _put(group, "circle", r=f"{radius - 3:g}", fill="none", stroke=paint.stroke, **circle)
    filled = kind in ("endEvent", "intermediateThrowEvent")
    for child in element:
        sign = EVENT_SIGNS.get(local(child))
        if sign:
            fill = paint.stroke if filled else "none"
            _path(group, sign, (x, y), ink=paint.stroke, fill=fill, width="1.3")


def _gateway(group: etree._Element, kind: str, box: Box, paint: Paint) -> None:
    half = box.width / 2
    diamond = f"M0,{-half:g} {half:g},0 0,{half:g} {-half:g},0 z"
    _path(group, diamond, box.middle, ink=paint.stroke, fill=paint.fill, width="1.5")
    sign = GATEWAY_SIGNS.get(kind, "")
    _path(group, sign, box.middle, ink=paint.stroke, fill="none", width="2.5")


def _activity(group: etree._Element, element: etree._Element, box: Box, paint: Paint) -> None:
    kind = local(element)
    width = "4" if kind == "callActivity" else "1.5"
    _rect(group, box, rx="9", fill=paint.fill, stroke=paint.stroke, stroke_width=width)
    if kind in TASK_SIGNS:
        fill = paint.stroke if kind == "sendTask" else "none"
        corner = (box.x + 6, box.y + 4)
        _path(group, TASK_SIGNS[kind], corner, ink=paint.stroke, fill=fill, width="1")
    foot = (box.middle[0], box.bottom - 16)
    if element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None:
        bars = "M-5,2 v11 M0,2 v11 M5,2 v11"
        _path(group, bars, foot, ink=paint.stroke, fill="none", width="2")
    elif kind == "callActivity" or (kind == "subProcess" and not paint.is_open):
        plus = "M-7,0 h14 v14 h-14 z M0,3 v8 M-4,7 h8"
        _path(group, plus, foot, ink=paint.stroke, fill=paint.fill, width="1.2")


def strip(group: etree._Element, box: Box, *, is_pool: bool, ink: str) -> None:
    """A pool or lane with the line beside its title."""
    _rect(group, box, fill="none", stroke=ink)
    if is_pool:
        line = f"M{box.x + 30:g},{box.y:g} v{box.height:g}"
        _put(group, "path", d=line, fill="none", stroke=ink)


def ring(group: etree._Element, kind: str, box: Box, colour: str) -> None:
    """The mark of where the run stands: a broad line around, so that colour is not alone."""
    gap = 6.0
    wide = Box(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap)
    is_round = kind.endswith(("Event", "Gateway"))
    radius = f"{wide.width / 2:g}" if is_round else "14"
    _rect(
        group,
        wide,
        rx=radius,
        fill="none",
        stroke=colour,
        stroke_width="4",
        **{"class": "bpmn-ring"},
    )


def marked(group: etree._Element, kind: str, box: Box, mark: Mark) -> None:
    """A ring around a shape and its sign in a disc at the upper left corner."""
    gap = 6.0
    wide = Box(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap)
    is_round = kind.endswith(("Event", "Gateway"))
    _rect(
        group,
        wide,
        rx=f"{wide.width / 2:g}" if is_round else "14",
        fill="none",
        stroke=mark.colour,
        stroke_width="4",
        stroke_dasharray=mark.dash,
    )
    _sign(group, (wide.x + 2, wide.y + 2), mark)


def underline(group: etree._Element, points: list[Point], mark: Mark) -> None:
    """A broad line under a flow and its sign in the middle of the way."""
    if len(points) < 2:
        return
    _put(
        group,
        "path",
        d=_rounded(points),
        fill="none",
        stroke=mark.colour,
        stroke_width="7",
        stroke_opacity="0.55",
        stroke_dasharray=mark.dash,
    )
    one, two = points[(len(points) - 1) // 2], points[(len(points) - 1) // 2 + 1]
    _sign(group, ((one[0] + two[0]) / 2, (one[1] + two[1]) / 2), mark)


def counted(name: str, count: int) -> Mark:
    """The mark with a number as its sign."""
    return MARKS[name]._replace(sign=str(count))


def _sign(group: etree._Element, at: Point, mark: Mark) -> None:
    """A disc, or a longer one around more than one character; it grows to the right."""
    (x, y), more = at, LETTER * (len(mark.sign) - 1)
    disc = Box(x - SIGN_RADIUS, y - SIGN_RADIUS, 2 * SIGN_RADIUS + more, 2 * SIGN_RADIUS)
    _rect(group, disc, rx=f"{SIGN_RADIUS:g}", fill=mark.colour)
    middle = f"{x + more / 2:g}"
    text = _put(group, "text", x=middle, y=f"{y + 5:g}", fill="#ffffff", font_size="14")
    text.text = mark.sign


def line(group: etree._Element, points: list[Point], *, ink: str, dashed: bool) -> None:
    """A flow with rounded corners and an arrow tip."""
    if len(points) < 2:
        return
    _put(
        group,
        "path",
        d=_rounded(points),
        fill="none",
        stroke=ink,
        stroke_width="1.5",
        stroke_dasharray="5 4" if dashed else "none",
        marker_end="url(#bpmn-tip)",
    )


def _rounded(points: list[Point], radius: float = 5) -> str:
    path = f"M{points[0][0]:g},{points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        one, two = _towards(corner, before, radius), _towards(corner, after, radius)
        path += f" L{one[0]:g},{one[1]:g} Q{corner[0]:g},{corner[1]:g} {two[0]:g},{two[1]:g}"
    return f"{path} L{points[-1][0]:g},{points[-1][1]:g}"


def _towards(start: Point, end: Point, most: float) -> Point:
    length = max(abs(end[0] - start[0]) + abs(end[1] - start[1]), 0.001)
    share = min(most, length / 2) / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def slash(group: etree._Element, points: list[Point], ink: str) -> None:
    """The stroke across a default flow near its source."""
    if len(points) < 2:
        return
    x, y = _towards(points[0], points[1], 14)
    _put(
        group, "path", d=f"M{x - 4:g},{y - 6:g} {x + 4:g},{y + 6:g}", stroke=ink, stroke_width="1.5"
    )


def arrow_tip(namespace: str, ink: str) -> etree._Element:
    """The `defs` a picture needs once."""
    defs = etree.Element(qname("defs", namespace))
    marker = _put(
        defs,
        "marker",
        id="bpmn-tip",
        viewBox="0 0 10 10",
        refX="9",
        refY="5",
        markerWidth="8",
        markerHeight="8",
        orient="auto",
    )
    _put(marker, "path", d="M0,1 10,5 0,9 z", fill=ink)
    return defs
