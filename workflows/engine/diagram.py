"""Reads BPMN files into `Diagram`: one walk over the XML, no judgement.

The conventions are those of the SpiffWorkflow ecosystem (docs/engine.md): extension properties
in `spiffworkflow:properties`, instructions, called decisions and service operators. A lane's name
is a role; lanes carry properties too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.engine.diagram_texts import (
    EVENTS,
    Collected,
    properties_of,
    read_correlation,
    read_texts,
    text_of,
)
from workflows.engine.elements import Diagram, Element, Flow, Site, SiteKind
from workflows.engine.findings import Finding, error
from workflows.engine.reading import full, tag_of

FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass
class _Lane:
    """A lane while its process is read."""

    name: str
    properties: Mapping[str, str]
    parent: _Lane | None


def read_diagrams(roots: Mapping[str, Any]) -> tuple[Diagram, tuple[Finding, ...]]:
    """All files (name → XML root) as one `Diagram`, and findings for ids that stand twice."""
    reader = Collected()
    for file, root in roots.items():
        reader.names = _root_definitions(root)
        for process in root.findall(full("bpmn:process")):
            _read_process(reader, process, file)
        for correlation in root.iterfind(full(".//bpmn:correlationProperty")):
            read_correlation(reader, correlation, file)
        reader.shapes.update(
            str(node.get("bpmnElement"))
            for tag in ("BPMNShape", "BPMNEdge", "BPMNPlane")
            for node in root.iterfind(full(f".//bpmndi:{tag}"))
        )
    diagram = Diagram(
        elements=reader.elements,
        flows=tuple(reader.flows),
        sites=tuple(reader.sites),
        processes=tuple(reader.processes),
        written=reader.written,
        shapes=frozenset(reader.shapes),
        loops=reader.loops,
        declared=frozenset(reader.declared),
    )
    return diagram, tuple(reader.findings)


def _root_definitions(root: Any) -> dict[str, dict[str, str]]:
    return {
        str(node.get("id")): {
            "name": node.get("name") or "",
            "code": node.get("errorCode") or node.get("escalationCode") or "",
            "variable": text_of(node, "bpmn:extensionElements/spiffworkflow:variableName"),
        }
        for tag in ("message", "error", "escalation", "signal")
        for node in root.findall(full(f"bpmn:{tag}"))
    }


def _read_process(reader: Collected, process: Any, file: str) -> None:
    key = str(process.get("id") or "")
    reader.processes.append(key)
    properties = properties_of(process)
    _add(
        reader,
        Element(
            id=key,
            kind="process",
            process=key,
            title=_title(process, properties),
            lane=None,
            role=None,
            properties=properties,
            documentation=text_of(process, "bpmn:documentation"),
            file=file,
            line=process.sourceline or 0,
        ),
    )
    lanes: dict[str, _Lane] = {}
    for lane_set in process.findall(full("bpmn:laneSet")):
        _read_lanes(lane_set, None, lanes)
    _read_scope(reader, process, process=key, parent=key, lane=None, lanes=lanes, file=file)


def _read_lanes(lane_set: Any, parent: _Lane | None, lanes: dict[str, _Lane]) -> None:
    for node in lane_set.findall(full("bpmn:lane")):
        lane = _Lane(node.get("name") or "", properties_of(node), parent)
        for ref in node.findall(full("bpmn:flowNodeRef")):
            lanes[(ref.text or "").strip()] = lane
        for child in node.findall(full("bpmn:childLaneSet")):
            _read_lanes(child, lane, lanes)


def _read_scope(
    reader: Collected,
    scope: Any,
    *,
    process: str,
    parent: str,
    lane: _Lane | None,
    lanes: Mapping[str, _Lane],
    file: str,
) -> None:
    defaults = {node.get("default") for node in scope if node.get("default")}
    for node in scope:
        tag = tag_of(node)
        if tag == "property":
            reader.declared.add(str(node.get("id")))
        elif tag == "sequenceFlow":
            _read_flow(reader, node, process, file, default=node.get("id") in defaults)
        elif tag in FLOW_NODES:
            key = str(node.get("id") or "")
            own = lanes.get(key) or lane
            _add(reader, _element(reader, node, tag, process, parent, own, file))
            read_texts(reader, node, key, file)
            if tag in CONTAINERS:
                _read_scope(
                    reader, node, process=process, parent=key, lane=own, lanes=lanes, file=file
                )


def _add(reader: Collected, element: Element) -> None:
    if element.id in reader.elements:
        other = reader.elements[element.id]
        reader.findings.append(
            error("id_twice", element.id, element.file, element.line, other=other.file)
        )
        return
    reader.elements[element.id] = element


def _element(
    reader: Collected,
    node: Any,
    tag: str,
    process: str,
    parent: str,
    lane: _Lane | None,
    file: str,
) -> Element:
    own = properties_of(node)
    properties = {**_lane_properties(lane), **own}
    event, name = _event(reader, node, tag)
    return Element(
        id=str(node.get("id") or ""),
        kind=tag,
        process=process,
        title=_title(node, own),
        lane=lane.name if lane else None,
        role=properties.get("role")
        or properties.get("performed_by")
        or (lane.name if lane else None),
        properties=properties,
        documentation=text_of(node, "bpmn:documentation"),
        parent=parent,
        instructions=text_of(node, "bpmn:extensionElements/spiffworkflow:instructionsForEndUser"),
        event=event,
        name=name,
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") != "false",
        calls=_called(node, tag),
        many=_many(node),
        file=file,
        line=node.sourceline or 0,
    )


def _lane_properties(lane: _Lane | None) -> dict[str, str]:
    """Properties of a lane over those of the lanes around it. `name_en` is the lane's own."""
    if lane is None:
        return {}
    found = {**_lane_properties(lane.parent), **lane.properties}
    found.pop("name_en", None)
    return found


def _event(reader: Collected, node: Any, tag: str) -> tuple[str, str]:
    """Kind and name of the event a node waits for or throws."""
    if tag in ("sendTask", "receiveTask") and node.get("messageRef"):
        return "message", reader.names.get(str(node.get("messageRef")), {}).get("name", "")
    for child in node:
        kind = EVENTS.get(tag_of(child))
        if kind is None:
            continue
        ref = child.get(f"{kind}Ref")
        known = reader.names.get(str(ref), {})
        name = known.get("code" if kind in ("error", "escalation") else "name", "")
        return kind, name
    return "", ""


def _called(node: Any, tag: str) -> str | None:
    if tag == "callActivity":
        return node.get("calledElement") or None
    if tag == "businessRuleTask":
        return text_of(node, "bpmn:extensionElements/spiffworkflow:calledDecisionId") or None
    if tag == "serviceTask":
        operator = node.find(full("bpmn:extensionElements/spiffworkflow:serviceTaskOperator"))
        return operator.get("id") if operator is not None else None
    return None


def _many(node: Any) -> str | None:
    many = node.find(full("bpmn:multiInstanceLoopCharacteristics"))
    if many is None:
        return None
    return "sequential" if many.get("isSequential") == "true" else "parallel"


def _title(node: Any, properties: Mapping[str, str]) -> dict[str, str]:
    chinese = " ".join((node.get("name") or "").split())
    return {"zh": chinese, "en": properties.get("name_en") or chinese}


def _read_flow(reader: Collected, node: Any, process: str, file: str, *, default: bool) -> None:
    key = str(node.get("id") or "")
    condition = node.find(full("bpmn:conditionExpression"))
    text = (condition.text or "") if condition is not None else None
    reader.flows.append(
        Flow(
            id=key,
            source=str(node.get("sourceRef") or ""),
            target=str(node.get("targetRef") or ""),
            process=process,
            title=node.get("name") or "",
            condition=text,
            default=default,
            file=file,
            line=node.sourceline or 0,
        )
    )
    if text is not None:
        line = condition.sourceline or 0
        reader.sites.append(Site(SiteKind.CONDITION, key, text, file, line))
