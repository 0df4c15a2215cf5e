"""The texts of a diagram: what is FEEL, what a node writes, how often it runs.

`Collected` gathers over all files of a package; `diagram.py` walks, this module looks into a node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.elements import Element, Flow, Site, SiteKind
from workflows.engine.findings import Finding
from workflows.engine.reading import beginnings, begins, full, tag_of
from workflows.engine.scripts import assigned_names

EVENTS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "conditional",
    "terminateEventDefinition": "terminate",
    "cancelEventDefinition": "cancel",
    "compensateEventDefinition": "compensate",
    "linkEventDefinition": "link",
}


@dataclass
class Collected:
    """Collects over all files; `findings` holds what cannot be put into the records."""

    elements: dict[str, Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: set[str] = field(default_factory=set)
    loops: dict[str, Mapping[str, str]] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """Root definitions of the file being read: id → {"name", "code", "variable"}."""


def text_of(node: Any, path: str) -> str:
    """Text of the element at `path` below a node, "" where there is none."""
    found = node.find(full(path))
    return (found.text or "").strip() if found is not None else ""


def properties_of(node: Any) -> dict[str, str]:
    """Extension properties of a node."""
    path = "bpmn:extensionElements/spiffworkflow:properties/spiffworkflow:property"
    return {str(p.get("name")): p.get("value") or "" for p in node.iterfind(full(path))}


_TEXTS: tuple[tuple[SiteKind, str], ...] = (
    (SiteKind.SCRIPT, "bpmn:script"),
    (SiteKind.SCRIPT, "bpmn:extensionElements/spiffworkflow:preScript"),
    (SiteKind.SCRIPT, "bpmn:extensionElements/spiffworkflow:postScript"),
    (SiteKind.TIMER, "bpmn:timerEventDefinition/bpmn:timeDate"),
    (SiteKind.CONDITIONAL, "bpmn:conditionalEventDefinition/bpmn:condition"),
    (
        SiteKind.PAYLOAD,
        "bpmn:messageEventDefinition/bpmn:extensionElements/spiffworkflow:messagePayload",
    ),
    (SiteKind.PAYLOAD, "bpmn:extensionElements/spiffworkflow:messagePayload"),
    (SiteKind.COMPLETION, "bpmn:multiInstanceLoopCharacteristics/bpmn:completionCondition"),
    (SiteKind.CARDINALITY, "bpmn:multiInstanceLoopCharacteristics/bpmn:loopCardinality"),
)
_OPERATOR = "bpmn:extensionElements/spiffworkflow:serviceTaskOperator"
_PARAMETERS = f"{_OPERATOR}//spiffworkflow:parameter"
_RESULTS = (
    "bpmn:messageEventDefinition/bpmn:extensionElements/spiffworkflow:messageVariable",
    "bpmn:extensionElements/spiffworkflow:messageVariable",
    "bpmn:extensionElements/spiffworkflow:variableName",
)


def read_texts(reader: Collected, node: Any, key: str, file: str) -> None:
    """Adds the FEEL texts of a node and the names it writes."""
    writes: list[str] = []
    there = beginnings(node)
    for kind, path in _TEXTS:
        for found in node.iterfind(full(path)) if begins(path) in there else ():
            text = found.text or ""
            reader.sites.append(Site(kind, key, text, file, found.sourceline or 0))
            if kind is SiteKind.SCRIPT:
                writes.extend(assigned_names(text))
    for parameter in node.iterfind(full(_PARAMETERS)) if begins(_PARAMETERS) in there else ():
        reader.sites.append(
            Site(
                SiteKind.PARAMETER,
                key,
                parameter.get("value") or "",
                file,
                parameter.sourceline or 0,
                str(parameter.get("id") or ""),
            )
        )
    _read_property_texts(reader, key, file, node.sourceline or 0)
    writes.extend(_results(reader, node, there))
    loop = _loop(node)
    if loop:
        reader.loops[key] = loop
        writes.extend(loop[name] for name in ("item", "output", "output_item") if name in loop)
    if writes:
        reader.written[key] = tuple(dict.fromkeys(writes))


def _read_property_texts(reader: Collected, key: str, file: str, line: int) -> None:
    element = reader.elements[key]
    if element.kind not in ("userTask", "manualTask", "task"):
        return
    if assignee := element.properties.get("assignee"):
        reader.sites.append(Site(SiteKind.ASSIGNEE, key, assignee, file, line))
    if element.scope not in ("owner", "parent", "county", "court"):
        reader.sites.append(Site(SiteKind.SCOPE, key, element.scope, file, line))
    for kind in (SiteKind.BEGINS, SiteKind.NOTICE):
        if text := element.properties.get(kind.value):
            reader.sites.append(Site(kind, key, text, file, line))


def _results(reader: Collected, node: Any, there: Collection[str]) -> Iterable[str]:
    """Names that calls, messages, errors and whole forms bring in. `there`: how the paths below
    the node begin."""
    operator = node.find(full(_OPERATOR)) if begins(_OPERATOR) in there else None
    if operator is not None and operator.get("resultVariable"):
        yield str(operator.get("resultVariable"))
    for path in _RESULTS:
        if begins(path) in there and (name := text_of(node, path)):
            yield name
    for child in node:
        kind = EVENTS.get(tag_of(child))
        known = reader.names.get(str(child.get(f"{kind}Ref")), {})
        if kind in ("error", "escalation", "signal") and known.get("variable"):
            yield known["variable"]


def _loop(node: Any) -> dict[str, str]:
    many = node.find(full("bpmn:multiInstanceLoopCharacteristics"))
    if many is None:
        return {}
    found = {
        "input": text_of(many, "bpmn:loopDataInputRef"),
        "output": text_of(many, "bpmn:loopDataOutputRef"),
    }
    for name, tag in (("item", "inputDataItem"), ("output_item", "outputDataItem")):
        item = many.find(full(f"bpmn:{tag}"))
        found[name] = str(item.get("id") or "") if item is not None else ""
    return {name: value for name, value in found.items() if value}


def read_correlation(reader: Collected, node: Any, file: str) -> None:
    """Adds the retrieval expressions of a correlation property."""
    key = str(node.get("id") or "")
    for path in node.iterfind(full("bpmn:correlationPropertyRetrievalExpression")):
        for child in path:
            reader.sites.append(
                Site(SiteKind.CORRELATION, key, child.text or "", file, child.sourceline or 0)
            )
