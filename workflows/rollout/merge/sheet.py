"""One BPMN file that things are taken into or from."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from workflows.engine.findings import EngineError
from workflows.engine.reading import BPMN, NS, read_xml, tag_of

_HOLDERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
"""Elements with a diagram of their own: only what they say of themselves is taken."""
_BEFORE_ENDS = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef")
_ENDS = ("incoming", "outgoing")
_ARTIFACTS = frozenset({"association", "group", "textAnnotation"})
_FLOW = "sequenceFlow"


@dataclass
class Sheet:
    """`path`: of the file; `root`: its definitions; `touched`: something was taken or removed."""

    path: str
    root: Any
    touched: bool = False
    _known: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index()

    @classmethod
    def read(cls, path: str, content: bytes) -> Sheet | None:
        """None where the file cannot be read."""
        try:
            read_xml(path, content)
        except EngineError:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return cls(path, etree.fromstring(content, parser))

    def __contains__(self, element: str) -> bool:
        return element in self._known

    def copy(self) -> Sheet:
        """The same file, to be taken whole."""
        return Sheet(self.path, deepcopy(self.root), touched=True)

    @property
    def processes(self) -> frozenset[str]:
        """Ids of the processes drawn here."""
        return frozenset(str(node.get("id")) for node in self.root.iterfind("bpmn:process", NS))

    def written(self) -> bytes:
        """The file."""
        etree.indent(self.root)
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")) + b"\n"

    def take(self, other: Sheet, element: str) -> None:
        """A step, line or note as the other file has it."""
        wanted = other._known.get(element)
        if wanted is None:
            return
        self._take_referred(other, wanted)
        here = self._known.get(element)
        if tag_of(wanted) in _HOLDERS and here is not None:
            self.take_header(other, element)
            return
        copy = deepcopy(wanted)
        if here is not None and self._home(here) == other._home(wanted):
            here.getparent().replace(here, copy)
        else:
            if here is not None:
                here.getparent().remove(here)
            _append(self._known.get(other._home(wanted), self._first_process()), copy)
        self._changed()

    def take_header(self, other: Sheet, element: str) -> None:
        """What a process or a subprocess says of itself; its inside stays."""
        here, wanted = self._known.get(element), other._known.get(element)
        if here is None or wanted is None:
            return
        for child in [one for one in here if _is_header(one)]:
            here.remove(child)
        here.attrib.clear()
        here.attrib.update(wanted.attrib)
        for place, child in enumerate(one for one in wanted if _is_header(one)):
            here.insert(place, deepcopy(child))
        self._changed()

    def take_place(self, other: Sheet, element: str, process: str) -> None:
        """Where it stands in the drawing."""
        drawn = other._drawn(element)
        if drawn is None:
            return
        here = self._drawn(element)
        if here is not None:
            here.getparent().replace(here, deepcopy(drawn))
            return
        planes = list(self.root.iterfind(".//bpmndi:BPMNPlane", NS))
        own = (plane for plane in planes if plane.get("bpmnElement") == process)
        plane = next(own, planes[0] if planes else None)
        if plane is not None:
            plane.append(deepcopy(drawn))

    def remove(self, element: str) -> None:
        """The step or line with its place, and from its lane."""
        node, drawn = self._known.get(element), self._drawn(element)
        for gone in (node, drawn, *self._references(element)):
            if gone is not None:
                gone.getparent().remove(gone)
        self._changed()

    def take_lane(self, other: Sheet, name: str) -> None:
        """What a lane says of itself; who is in it is said by the steps."""
        here, wanted = self._lane(name), other._lane(name)
        if wanted is None:
            return
        copy = deepcopy(wanted)
        for reference in copy.findall("bpmn:flowNodeRef", NS):
            copy.remove(reference)
        if here is None:
            self._add_lane(other, wanted, copy)
            return
        copy.set("id", str(here.get("id")))
        for reference in here.findall("bpmn:flowNodeRef", NS):
            copy.append(deepcopy(reference))
        here.getparent().replace(here, copy)
        self._changed()

    def remove_lane(self, name: str) -> None:
        """A lane nothing stands in any more."""
        lane = self._lane(name)
        if lane is not None and lane.find("bpmn:flowNodeRef", NS) is None:
            self.remove(str(lane.get("id")))

    def take_lane_of(self, other: Sheet, element: str) -> None:
        """The step stands in the lane in which the other file has it."""
        wanted = next(iter(other._references(element)), None)
        if wanted is None:
            return
        name = str(wanted.getparent().get("name"))
        if self._lane(name) is None:
            self.take_lane(other, name)
        lane = self._lane(name)
        for reference in self._references(element):
            reference.getparent().remove(reference)
        if lane is not None:
            etree.SubElement(lane, f"{{{BPMN}}}flowNodeRef").text = element
        self._changed()

    def take_default(self, other: Sheet, flow: str) -> None:
        """Whether a line is the one its gateway takes when no condition is true."""
        wanted = other._known.get(flow)
        source = None if wanted is None else wanted.get("sourceRef")
        here, there = self._known.get(str(source)), other._known.get(str(source))
        if source is None or here is None or there is None:
            return
        if there.get("default") == flow:
            here.set("default", flow)
        elif here.get("default") == flow:
            del here.attrib["default"]

    def tidy_ends(self) -> None:
        """Every step says which lines come and go, as the lines have it."""
        self._index()
        flows = list(self.root.iter(f"{{{BPMN}}}{_FLOW}"))
        ends = {str(flow.get(end)) for flow in flows for end in ("sourceRef", "targetRef")}
        told = {str(node.getparent().get("id")) for node in self.root.iter(*_tags(_ENDS))}
        for element in ends | told:
            node = self._known.get(element)
            if node is None:
                continue
            for child in [one for one in node if _tag(one) in _ENDS]:
                node.remove(child)
            place = sum(_tag(one) in _BEFORE_ENDS for one in node)
            for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
                for flow in flows:
                    if flow.get(end) == element:
                        line = etree.Element(f"{{{BPMN}}}{tag}")
                        line.text = str(flow.get("id"))
                        node.insert(place, line)
                        place += 1

    def _index(self) -> None:
        self._known = {
            str(node.get("id")): node
            for node in self.root.iter(f"{{{BPMN}}}*")
            if node.get("id") is not None
        }

    def _changed(self) -> None:
        self.touched = True
        self._index()

    def _first_process(self) -> Any:
        return self.root.find("bpmn:process", NS)

    def _home(self, node: Any) -> str:
        return str(node.getparent().get("id"))

    def _drawn(self, element: str) -> Any | None:
        for tag in ("BPMNShape", "BPMNEdge"):
            for drawn in self.root.iterfind(f".//bpmndi:{tag}", NS):
                if drawn.get("bpmnElement") == element:
                    return drawn
        return None

    def _references(self, element: str) -> list[Any]:
        """The lines of lanes that hold the step."""
        found = self.root.iter(f"{{{BPMN}}}flowNodeRef")
        return [one for one in found if (one.text or "").strip() == element]

    def _lane(self, name: str) -> Any | None:
        return next(
            (one for one in self.root.iter(f"{{{BPMN}}}lane") if one.get("name") == name), None
        )

    def _add_lane(self, other: Sheet, wanted: Any, copy: Any) -> None:
        """Into the set of lanes; its band is drawn where the newer version has it."""
        sets = self.root.find(".//bpmn:laneSet", NS)
        if sets is None:
            sets = etree.Element(f"{{{BPMN}}}laneSet")
            self._first_process().insert(0, sets)
        sets.append(copy)
        self._changed()
        self.take_place(other, str(wanted.get("id")), str(self._first_process().get("id")))

    def _take_referred(self, other: Sheet, node: Any) -> None:
        """Messages, errors and signals the step names and this file does not have."""
        for reference in _refers_to(node):
            wanted = other._known.get(reference)
            if wanted is not None and wanted.getparent() is other.root and reference not in self:
                self.root.insert(0, deepcopy(wanted))
                self._changed()


def _refers_to(node: Any) -> Iterator[str]:
    for one in node.iter(f"{{{BPMN}}}*"):
        yield from (str(text) for name, text in one.attrib.items() if str(name).endswith("Ref"))


def _append(home: Any, node: Any) -> None:
    """Behind the other steps, before notes."""
    for place, child in enumerate(home):
        if _tag(child) in _ARTIFACTS:
            home.insert(place, node)
            return
    home.append(node)


def _is_header(node: Any) -> bool:
    """Whether it belongs to the element itself: everything without an id of its own."""
    tag = _tag(node)
    return tag not in (*_ENDS, "laneSet") and (
        node.get("id") is None or tag.endswith("Characteristics")
    )


def _tag(node: Any) -> str:
    return tag_of(node) if isinstance(node.tag, str) else ""


def _tags(names: tuple[str, ...]) -> list[str]:
    return [f"{{{BPMN}}}{name}" for name in names]
