"""Nodes and flows: everything connected, nothing twice, one start, ends that can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from workflows.engine.elements import Diagram, Element, Flow
from workflows.engine.findings import Finding, error, warning

_SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_ACTIVITIES = frozenset(
    {
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
    }
)


def check_structure(key: str, diagram: Diagram) -> list[Finding]:
    """All findings about how the drawing hangs together."""
    if not diagram.processes:
        return []
    findings: list[Finding] = []
    if key not in diagram.processes:
        findings.append(error("no_spine", key, process=key))
    findings += _check_ids(diagram)
    findings += _check_flows(diagram)
    findings += _check_nodes(diagram)
    findings += _check_scopes(diagram)
    findings += _check_calls(key, diagram)
    findings += _check_shapes(diagram)
    return findings


def _check_ids(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.id in _RESERVED or " " in element.id or not element.id:
            yield error("reserved_id", element.id, element.file, element.line)


def _check_flows(diagram: Diagram) -> Iterator[Finding]:
    seen: set[str] = set()
    for flow in diagram.flows:
        if flow.id in seen or flow.id in diagram.elements:
            yield error("id_twice", flow.id, flow.file, flow.line, other=flow.file)
        seen.add(flow.id)
        source, target = diagram.elements.get(flow.source), diagram.elements.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            yield error("dangling_flow", flow.id, flow.file, flow.line, missing=missing or "?")
        elif source.parent != target.parent:
            yield error("flow_over_border", flow.id, flow.file, flow.line)


def flows_by(flows: Iterable[Flow], end: str) -> Mapping[str, list[Flow]]:
    """Flows grouped by their `source` or `target`."""
    found: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        found[getattr(flow, end)].append(flow)
    return found


def _check_nodes(diagram: Diagram) -> Iterator[Finding]:
    leaving, coming = flows_by(diagram.flows, "source"), flows_by(diagram.flows, "target")
    for element in diagram.elements.values():
        if element.kind == "process":
            continue
        count_in, count_out = len(coming[element.id]), len(leaving[element.id])
        if problem := _connection(element, count_in, count_out):
            yield error(problem, element.id, element.file, element.line)
        if count_out > 1 and element.kind in _ACTIVITIES:
            yield error("two_flows_out", element.id, element.file, element.line)
        if element.kind == "boundaryEvent":
            host = diagram.elements.get(element.attached_to or "")
            if host is None or host.kind not in _ACTIVITIES:
                yield error("boundary_nowhere", element.id, element.file, element.line)


def _connection(element: Element, count_in: int, count_out: int) -> str | None:
    """Code of what is wrong with a node's connections, None if nothing."""
    starts = element.kind in ("startEvent", "boundaryEvent")
    if starts and count_in:
        return "flow_into_start"
    if element.kind == "endEvent" and count_out:
        return "flow_out_of_end"
    if not starts and not count_in:
        return "not_reached"
    if element.kind != "endEvent" and not count_out:
        return "leads_nowhere"
    return None


def _check_scopes(diagram: Diagram) -> Iterator[Finding]:
    children: dict[str, list[Element]] = defaultdict(list)
    for element in diagram.elements.values():
        children[element.parent].append(element)
    for scope in diagram.elements.values():
        if scope.kind not in _SCOPES:
            continue
        starts = [e for e in children[scope.id] if e.kind == "startEvent"]
        if len(starts) != 1:
            yield error("starts", scope.id, scope.file, scope.line, count=len(starts))
        elif starts[0].event and scope.kind != "process":
            yield error("start_in_body", starts[0].id, starts[0].file, starts[0].line)
        if not any(e.kind == "endEvent" for e in children[scope.id]):
            yield error("no_end", scope.id, scope.file, scope.line)
        yield from _check_islands(diagram, children[scope.id])


def _check_islands(diagram: Diagram, inside: list[Element]) -> Iterator[Finding]:
    """Nodes that only lead to each other: connected, but no way from outside comes to them."""
    leaving, coming = flows_by(diagram.flows, "source"), flows_by(diagram.flows, "target")
    todo = [
        element.id
        for element in inside
        if element.kind in ("startEvent", "boundaryEvent") or not coming[element.id]
    ]
    reached: set[str] = set()
    while todo:
        node = todo.pop()
        if node not in reached:
            reached.add(node)
            todo += [flow.target for flow in leaving[node]]
    for element in inside:
        if element.id not in reached:
            yield error("unreachable", element.id, element.file, element.line)


def _check_calls(key: str, diagram: Diagram) -> Iterator[Finding]:
    calls: dict[str, list[str]] = defaultdict(list)
    for element in diagram.elements.values():
        if element.kind != "callActivity":
            continue
        if element.calls not in diagram.processes:
            yield error(
                "call_missing", element.id, element.file, element.line, process=element.calls or "?"
            )
        else:
            calls[element.process].append(str(element.calls))
    todo, used = [key], set()
    while todo:
        process = todo.pop()
        if process not in used:
            used.add(process)
            todo += calls[process]
    for process in diagram.processes:
        element = diagram.elements[process]
        if _calls_itself(process, calls):
            yield error("calls_itself", process, element.file, element.line)
        elif process not in used and key in diagram.processes:
            yield warning("not_called", process, element.file, element.line)


def _calls_itself(process: str, calls: Mapping[str, list[str]]) -> bool:
    todo, seen = list(calls[process]), set()
    while todo:
        current = todo.pop()
        if current == process:
            return True
        if current not in seen:
            seen.add(current)
            todo += calls[current]
    return False


def _check_shapes(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind != "process" and element.id not in diagram.shapes:
            yield warning("no_shape", element.id, element.file, element.line)
