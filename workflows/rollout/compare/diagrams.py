"""Differences between the diagrams of two versions: elements, flows, lanes; not positions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.catalogue.manifest import Titles
from workflows.catalogue.source import PackageSource
from workflows.engine.diagram import read_diagrams
from workflows.engine.elements import Diagram, Element, Flow, SiteKind
from workflows.engine.findings import EngineError
from workflows.engine.reading import NS, read_xml
from workflows.rollout.compare.changes import (
    Change,
    Detail,
    Group,
    Kind,
    Moved,
    both,
    differing,
    paired,
)

SPOKEN = frozenset(
    {"name_en", "role", "performed_by", "scope", "acts_for", "access", "document"}
    | {"formJsonSchemaFilename", "formUiSchemaFilename", "assignee", "begins", "notice"}
)
"""Properties that are aspects of their own."""
FLOW = "sequenceFlow"
PEOPLE = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, slots=True)
class Drawn:
    """The diagrams of one version. `places`: id → where its shape or line stands."""

    diagram: Diagram
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def title(self, element: str) -> Titles:
        """Title of an element, its id where it has none."""
        known = self.diagram.elements.get(element)
        return known.title if known is not None and known.title["zh"] else both(element)


def read_drawn(source: PackageSource | None) -> Drawn:
    """The diagrams that can be read; what cannot is the gate's to tell."""
    roots: dict[str, Any] = {}
    for file, content in source.under("bpmn", ".bpmn").items() if source else ():
        try:
            roots[file] = read_xml(file, content)
        except EngineError:
            continue
    places = {key: place for root in roots.values() for key, place in _places(root)}
    return Drawn(read_diagrams(roots)[0], places)


def _places(root: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for tag in ("BPMNShape", "BPMNEdge"):
        for shape in root.iterfind(f".//bpmndi:{tag}", NS):
            points = [str(sorted(one.attrib.items())) for one in shape if len(one.attrib) > 1]
            yield str(shape.get("bpmnElement")), tuple(points)


def compare_drawn(before: Drawn, after: Drawn) -> Iterator[Change]:
    """Lanes, then elements, then flows."""
    yield from _lanes(before, after)
    yield from _elements(before, after)
    yield from _flows(before, after)


def find_moved(before: Drawn, after: Drawn) -> tuple[Moved, ...]:
    """Diagrams in which something that is on both sides stands elsewhere."""
    homes = {flow.id: flow.process for flow in after.diagram.flows}
    homes |= {key: one.process for key, one in after.diagram.elements.items()}
    counts: dict[str, int] = defaultdict(int)
    for key, place in after.places.items():
        if key in homes and before.places.get(key, place) != place:
            counts[homes[key]] += 1
    return tuple(Moved(part, after.title(part), count) for part, count in counts.items())


def _elements(before: Drawn, after: Drawn) -> Iterator[Change]:
    old, new = before.diagram.elements, after.diagram.elements
    texts = _texts(before.diagram), _texts(after.diagram)
    for key, kind in paired(old, new):
        was = _aspects(old[key], before, texts[0]) if key in old else {}
        now = _aspects(new[key], after, texts[1]) if key in new else {}
        element, side = (new[key], after) if key in new else (old[key], before)
        details = tuple(one for one in differing(was, now) if kind is None or one.aspect != "kind")
        if kind is not None or details:
            yield _change(kind or Kind.CHANGED, element.kind, element.process, side, key, details)


def _change(
    kind: Kind, noun: str, part: str, side: Drawn, element: str, details: tuple[Detail, ...]
) -> Change:
    known = side.diagram.elements.get(element)
    return Change(
        Group.DIAGRAM,
        kind,
        noun,
        part,
        side.title(part),
        element,
        side.title(element),
        details,
        calls=(known.calls or "") if known is not None and noun == "serviceTask" else "",
        role=(known.role or "") if known is not None and noun in PEOPLE else "",
    )


def _aspects(
    element: Element, side: Drawn, texts: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Everything that is meant by an element, aspect → text, the empty ones left out."""
    said = {
        "title_zh": element.title["zh"],
        "title_en": element.title["en"] if element.title["en"] != element.title["zh"] else "",
        "kind": element.kind,
        "diagram": element.process if element.kind != "process" else "",
        "parent": element.parent if element.parent != element.process else "",
        "lane": element.lane or "",
        "role": element.role or "",
        "scope": element.properties.get("scope", ""),
        "acts_for": element.properties.get("acts_for", ""),
        "access": element.properties.get("access", ""),
        "form": element.form or "",
        "document": element.properties.get("document", ""),
        _calls(element): element.calls or "",
        "event": element.event,
        "name": element.name,
        "host": element.attached_to or "",
        "interrupting": "" if element.interrupting else "no",
        "many": element.many or "",
        "instructions": element.instructions,
        "documentation": element.documentation,
        **texts.get(element.id, {}),
        **{f"many_{key}": text for key, text in side.diagram.loops.get(element.id, {}).items()},
    }
    said |= {f"property:{k}": v for k, v in element.properties.items() if k not in SPOKEN}
    return {aspect: text for aspect, text in said.items() if text}


def _calls(element: Element) -> str:
    names = {"callActivity": "called", "businessRuleTask": "decision"}
    return names.get(element.kind, "operation")


def _texts(diagram: Diagram) -> dict[str, dict[str, str]]:
    """Element → aspect → its FEEL texts; those of a kind that stands several times by lines."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for site in diagram.sites:
        if site.kind in (SiteKind.CONDITION, SiteKind.SCOPE):
            continue
        aspect = f"{site.kind}:{site.detail}" if site.detail else str(site.kind)
        known = found[site.element].get(aspect)
        found[site.element][aspect] = site.text if known is None else f"{known}\n{site.text}"
    return found


def _lanes(before: Drawn, after: Drawn) -> Iterator[Change]:
    """Lanes by name: who they stand for. Those of a diagram that is new or gone are not told
    apart from it, but they are there: a lane is power."""
    old, new = _lane_rights(before.diagram), _lane_rights(after.diagram)
    for key, kind in paired(old, new):
        details = differing(old.get(key, {}), new.get(key, {}))
        if kind is None and not details:
            continue
        part, _, lane = key.partition("\n")
        title = after.title(part) if kind is not Kind.REMOVED else before.title(part)
        yield Change(
            Group.DIAGRAM, kind or Kind.CHANGED, "lane", part, title, lane, both(lane), details
        )


def _lane_rights(diagram: Diagram) -> dict[str, dict[str, str]]:
    """Diagram and lane → the rights its people have there. A task outside of all lanes counts as
    one of a lane called like its role."""
    found: dict[str, dict[str, set[str]]] = {}
    for element in diagram.elements.values():
        lane = element.lane or (element.role if element.kind in PEOPLE else None)
        if lane is None:
            continue
        rights = found.setdefault(f"{element.process}\n{lane}", defaultdict(set))
        if element.kind in PEOPLE:
            rights["role"].add(element.role or "")
            for name in ("scope", "acts_for", "access"):
                rights[name].add(element.properties.get(name, ""))
    return {
        key: {name: "、".join(sorted(texts - {""})) for name, texts in rights.items()}
        for key, rights in found.items()
    }


def _flows(before: Drawn, after: Drawn) -> Iterator[Change]:
    """Flows by id; one that got another id but goes the same way is the same."""
    new = {flow.id: flow for flow in after.diagram.flows}
    old = _renamed({flow.id: flow for flow in before.diagram.flows}, new)
    for key, kind in paired(old, new):
        was = _flow_aspects(old[key]) if key in old else {}
        now = _flow_aspects(new[key]) if key in new else {}
        details = differing(was, now)
        if kind is None and not details:
            continue
        flow, side = (new[key], after) if key in new else (old[key], before)
        title = _way(flow, side)
        part = side.title(flow.process)
        yield Change(
            Group.DIAGRAM, kind or Kind.CHANGED, FLOW, flow.process, part, flow.id, title, details
        )


def _renamed(old: Mapping[str, Flow], new: Mapping[str, Flow]) -> dict[str, Flow]:
    free = {(flow.source, flow.target): key for key, flow in new.items() if key not in old}
    return {
        key if key in new else free.pop((flow.source, flow.target), key): flow
        for key, flow in old.items()
    }


def _flow_aspects(flow: Flow) -> dict[str, str]:
    said = {
        "source": flow.source,
        "target": flow.target,
        "condition": " ".join((flow.condition or "").split()),
        "default": "yes" if flow.default else "",
        "label": flow.title,
    }
    return {aspect: text for aspect, text in said.items() if text}


def _way(flow: Flow, side: Drawn) -> Titles:
    start, end = side.title(flow.source), side.title(flow.target)
    return {language: f"{start[language]} → {end[language]}" for language in ("zh", "en")}
