"""BPMN file → SVG text, without a browser: reads the picture (DI), draws shapes, flows, labels.

Colours and strokes are attributes, never inline styles, so a strict content security policy
lets them pass; classes (`bpmn-shape`, `is-active`) are for the page's style sheet. Good for
the case page, the studio's previews, docs and print.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from lxml import etree

from webapp.diagrams import shapes
from webapp.diagrams.letters import Letters
from webapp.diagrams.picture import Box
from webapp.diagrams.xml import BIOC, BPMN, BPMNDI, COLOR, DC, DI, SPIFF, local, parse_xml, qname

FONTS = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
MARGIN = 10
LAYERS = ("lanes", "frames", "flows", "nodes")
"""From back to front; expanded sub-processes are frames, so that what is inside stays seen."""
SVG = "http://www.w3.org/2000/svg"
INK, PAPER, ACCENT = "#23272f", "#ffffff", "#0b57a4"
AROUND = (640.0, 400.0)
"""Width and height of the surroundings of an element, in pixels of the diagram."""
NO_MARKS: Mapping[str, str | shapes.Mark] = MappingProxyType({})


def paint(
    source: bytes,
    *,
    active: Collection[str] = (),
    language: str = "zh-Hans",
    title: str | None = None,
    marks: Mapping[str, str | shapes.Mark] = NO_MARKS,
    around: str = "",
) -> str:
    """The first plane of a .bpmn as SVG text.

    `active`: ids of elements where the run stands; they get a ring and the class `is-active`.
    `marks`: id → one of `MARKS` or its name, drawn as a ring or a broad line with its sign, and
    the class `is-<mark>`. `around`: id of an element; only its surroundings are shown.
    `language`: "en" shows the property `name_en` where an element has one. `title`: what a screen
    reader says, default the process's name. Raises ValueError for a file without a picture.
    """
    root = parse_xml(source)
    plane = root.find(f".//{qname('BPMNPlane', BPMNDI)}")
    if plane is None:
        raise ValueError("the file has no picture")
    return _Painting(root, frozenset(active), language, marks, around).render(plane, title)


def box_of(element: etree._Element) -> Box | None:
    """The `dc:Bounds` right below a shape or label."""
    bounds = element.find(qname("Bounds", DC))
    if bounds is None:
        return None
    return Box(*(float(bounds.get(key, "0")) for key in ("x", "y", "width", "height")))


class _Painting:
    def __init__(
        self,
        root: etree._Element,
        active: frozenset[str],
        language: str,
        marks: Mapping[str, str | shapes.Mark],
        around: str,
    ) -> None:
        self.root, self.active, self.language = root, active, language
        self.marks = {
            key: shapes.MARKS[mark] if isinstance(mark, str) else mark
            for key, mark in marks.items()
        }
        self.elements = {e.get("id"): e for e in root.iter() if local(e) and e.get("id")}
        self.svg = etree.Element(qname("svg", SVG), nsmap={None: SVG})
        self.extent: list[Box] = []
        self.around = around
        self.window: Box | None = None

    def render(self, plane: etree._Element, title: str | None) -> str:
        layers = {
            name: self._group(self.svg, name) for name in ("lanes", "frames", "flows", "nodes")
        }
        for shape in plane.findall(qname("BPMNShape", BPMNDI)):
            element, box = self.elements.get(shape.get("bpmnElement")), box_of(shape)
            if element is not None and box is not None:
                self._shape(layers, shape, element, box)
        for edge in plane.findall(qname("BPMNEdge", BPMNDI)):
            element = self.elements.get(edge.get("bpmnElement"))
            if element is not None:
                self._edge(layers["flows"], edge, element)
        self._frame(title or self._process_name())
        text: str = etree.tostring(self.svg, encoding="unicode")
        return text

    def _look_at(self, element: etree._Element, box: Box) -> None:
        if self.around and element.get("id") == self.around:
            x, y = box.middle
            self.window = Box(x - AROUND[0] / 2, y - AROUND[1] / 2, *AROUND)

    def _frame(self, title: str) -> None:
        left = min((box.x for box in self.extent), default=0) - MARGIN
        top = min((box.y for box in self.extent), default=0) - MARGIN
        width = max((box.right for box in self.extent), default=0) - left + MARGIN
        height = max((box.bottom for box in self.extent), default=0) - top + MARGIN
        left, top, width, height = self.window or (left, top, width, height)
        attributes = {
            "viewBox": f"{left:g} {top:g} {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "class": "bpmn-picture",
            "role": "img",
            "font-family": FONTS,
            "text-anchor": "middle",
            "fill": INK,
        }
        for name, value in attributes.items():
            self.svg.set(name, value)
        caption = etree.Element(qname("title", SVG))
        caption.text = title
        self.svg.insert(0, caption)
        self.svg.insert(1, shapes.arrow_tip(SVG, INK))

    def _process_name(self) -> str:
        process = self.root.find(qname("process"))
        return "" if process is None else self._name(process)

    def _name(self, element: etree._Element) -> str:
        if self.language.startswith("en"):
            path = f"{{{BPMN}}}extensionElements/{{{SPIFF}}}properties/{{{SPIFF}}}property"
            for found in element.findall(path):
                if found.get("name") == "name_en" and found.get("value"):
                    return str(found.get("value"))
        return element.get("name") or ""

    def _group(self, parent: etree._Element, name: str, element: str = "") -> etree._Element:
        group = etree.SubElement(parent, qname("g", SVG), {"class": f"bpmn-{name}"})
        if element:
            group.set("data-element", element)
        return group

    def _shape(
        self,
        layers: dict[str, etree._Element],
        shape: etree._Element,
        element: etree._Element,
        box: Box,
    ) -> None:
        self.extent.append(box)
        self._look_at(element, box)
        kind, name = local(element), self._name(element)
        if kind in ("participant", "lane"):
            process = self.elements.get(element.get("processRef"))
            name = (self._name(process) if process is not None else "") or name
            group = self._group(layers["lanes"], kind, element.get("id", ""))
            shapes.strip(group, box, is_pool=kind == "participant", ink=INK)
            self._letters(group).sideways(name, box)
            return
        is_active = element.get("id") in self.active
        layer = layers["frames" if _is_open(shape) else "nodes"]
        group = self._group(layer, "shape", element.get("id", ""))
        if is_active:
            group.set("class", "bpmn-shape is-active")
            shapes.ring(group, kind, box, ACCENT)
        mark = self.marks.get(element.get("id", ""))
        if mark is not None:
            group.set("class", f"{group.get('class')} is-{mark.name}")
            shapes.marked(group, kind, box, mark)
            self.extent.append(box.moved(-shapes.MARK_ROOM, -shapes.MARK_ROOM))
        if name:
            etree.SubElement(group, qname("title", SVG)).text = name
        fill, stroke = self._colours(shape)
        shapes.draw(group, element, box, shapes.Paint(fill, stroke, INK, _is_open(shape)))
        label = shape.find(qname("BPMNLabel", BPMNDI))
        self._words(group, kind, name, box, box_of(label) if label is not None else None, shape)

    def _words(
        self,
        group: etree._Element,
        kind: str,
        name: str,
        box: Box,
        label: Box | None,
        shape: etree._Element,
    ) -> None:
        letters = self._letters(group)
        if not name:
            return
        if kind.endswith(("Event", "Gateway")) or kind in ("dataObjectReference",):
            at = label or Box(box.x - 30, box.bottom + 4, box.width + 60, 14)
            self.extent.append(at)
            letters.beside(name, at)
        elif _is_open(shape):
            letters.heading(name, box)
        else:
            letters.inside(name, box)

    def _edge(self, layer: etree._Element, edge: etree._Element, element: etree._Element) -> None:
        points = [
            (float(p.get("x", "0")), float(p.get("y", "0")))
            for p in edge.findall(qname("waypoint", DI))
        ]
        group = self._group(layer, "flow", element.get("id", ""))
        dashed = local(element) in ("messageFlow", "association")
        mark = self.marks.get(element.get("id", ""))
        if mark is not None:
            group.set("class", f"bpmn-flow is-{mark.name}")
            shapes.underline(group, points, mark)
        shapes.line(group, points, ink=INK, dashed=dashed)
        source = self.elements.get(element.get("sourceRef"))
        if source is not None and source.get("default") == element.get("id"):
            shapes.slash(group, points, INK)
        self.extent += [Box(x, y, 0, 0) for x, y in points]
        if points:
            x, y = points[len(points) // 2]
            self._look_at(element, Box(x, y, 0, 0))
        label = edge.find(qname("BPMNLabel", BPMNDI))
        at = box_of(label) if label is not None else None
        if at is not None and self._name(element):
            self._letters(group).beside(self._name(element), at)

    def _letters(self, group: etree._Element) -> Letters:
        return Letters(group, SVG)

    def _colours(self, shape: etree._Element) -> tuple[str, str]:
        fill = shape.get(qname("background-color", COLOR)) or shape.get(qname("fill", BIOC))
        stroke = shape.get(qname("border-color", COLOR)) or shape.get(qname("stroke", BIOC))
        return fill or PAPER, stroke or INK


def _is_open(shape: etree._Element) -> bool:
    return str(shape.get("isExpanded")) == "true"
