"""Constructs the engine runs wrongly or the eye reads wrongly.

What is refused is listed with its measured behaviour in docs/engine.md; what is only warned of
runs as drawn, but seldom as meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.engine.checks.structure import flows_by
from workflows.engine.elements import Diagram, Element
from workflows.engine.expressions import READ_ONLY
from workflows.engine.findings import Finding, error, warning
from workflows.engine.reading import full

MAX_SHAPES = 25
"""Nodes of one diagram that still read well on an A3 sheet."""

_REFUSED_KINDS = {
    "inclusiveGateway": "inclusive",
    "complexGateway": "complex",
    "transaction": "transaction",
    "adHocSubProcess": "ad_hoc",
}
_REFUSED_EVENTS = {
    "link": "link",
    "cancel": "transaction",
    "compensate": "compensation",
}
_REFUSED_PATHS = {
    ".//bpmn:subProcess[@triggeredByEvent='true']": "event_subprocess",
    ".//bpmn:standardLoopCharacteristics/..": "standard_loop",
    ".//bpmn:dataStoreReference": "data_store",
    ".//bpmn:timeDuration/../..": "raw_timer",
    ".//bpmn:timeCycle/../..": "raw_timer",
}


def check_traps(diagram: Diagram, roots: Mapping[str, Any]) -> list[Finding]:
    """All findings about constructs, not about how they hang together."""
    findings: list[Finding] = []
    for file, root in roots.items():
        findings += _check_refused(file, root)
    for element in diagram.elements.values():
        findings += _check_element(element)
    findings += _check_gateways(diagram)
    findings += _check_boundaries(diagram)
    findings += _check_messages(diagram)
    findings += _check_errors(diagram)
    findings += _check_loops(diagram)
    findings += _check_size(diagram)
    return findings


def _check_refused(file: str, root: Any) -> Iterator[Finding]:
    for path, code in _REFUSED_PATHS.items():
        for node in root.iterfind(full(path)):
            yield error(code, node.get("id"), file, node.sourceline)


def _check_element(element: Element) -> Iterator[Finding]:
    code = _REFUSED_KINDS.get(element.kind) or _REFUSED_EVENTS.get(element.event)
    if code:
        yield error(code, element.id, element.file, element.line)
    if element.event == "timer" and element.kind in ("startEvent", "intermediateThrowEvent"):
        yield error("timer_here", element.id, element.file, element.line)
    if element.event == "message" and not element.name:
        yield error("message_nameless", element.id, element.file, element.line)
    priority = element.properties.get("priority", "0")
    if not priority.removeprefix("-").isdecimal():
        yield error("priority", element.id, element.file, element.line, value=priority)
    if element.kind == "eventBasedGateway":
        yield warning("event_gateway", element.id, element.file, element.line)


def _check_gateways(diagram: Diagram) -> Iterator[Finding]:
    leaving = flows_by(diagram.flows, "source")
    for flow in diagram.flows:
        source = diagram.elements.get(flow.source)
        if source is None:
            continue
        exclusive = source.kind == "exclusiveGateway"
        alone = len(leaving[flow.source]) == 1
        if flow.condition is not None and not exclusive:
            yield error("condition_ignored", flow.id, flow.file, flow.line, source=flow.source)
        if exclusive and not alone and flow.condition is None and not flow.default:
            yield error("exit_without_condition", flow.id, flow.file, flow.line, source=source.id)
        target = diagram.elements.get(flow.target)
        if flow.default and not alone and target is not None and target.kind == "endEvent":
            yield warning("default_decides", flow.id, flow.file, flow.line, source=source.id)
    for element in diagram.elements.values():
        if element.kind == "eventBasedGateway":
            targets = [diagram.elements.get(flow.target) for flow in leaving[element.id]]
            if sum(1 for t in targets if t is not None and t.event == "timer") > 1:
                yield error("two_timers", element.id, element.file, element.line)


def _check_boundaries(diagram: Diagram) -> Iterator[Finding]:
    timers: dict[str, list[Element]] = defaultdict(list)
    leaving = flows_by(diagram.flows, "source")
    for element in diagram.elements.values():
        if element.kind != "boundaryEvent":
            continue
        if element.event == "timer" and element.interrupting:
            timers[str(element.attached_to)].append(element)
        if element.interrupting:
            continue
        if element.event in ("message", "escalation"):
            yield warning("fires_once", element.id, element.file, element.line)
        for task in _people_behind(diagram, element, leaving):
            yield warning("side_branch_people", task, element.file, element.line, event=element.id)
    for host, events in timers.items():
        if len(events) > 1:
            yield error("two_timers", host, events[0].file, events[0].line)


def _people_behind(diagram: Diagram, event: Element, leaving: Mapping[str, Any]) -> list[str]:
    """User tasks on the branch of a non-interrupting event, as far as it runs alone."""
    found, seen, todo = [], set(), [flow.target for flow in leaving[event.id]]
    while todo:
        node = todo.pop()
        element = diagram.elements.get(node)
        if element is None or node in seen:
            continue
        seen.add(node)
        if element.kind == "userTask":
            found.append(node)
        todo += [flow.target for flow in leaving[node]]
    return sorted(found)


def _check_messages(diagram: Diagram) -> Iterator[Finding]:
    thrown: dict[str, Element] = {}
    caught: dict[str, Element] = {}
    for element in diagram.elements.values():
        if element.event != "message" or not element.name:
            continue
        throws = element.kind in ("endEvent", "intermediateThrowEvent", "sendTask")
        (thrown if throws else caught).setdefault(element.name, element)
    for name in sorted(thrown.keys() & caught.keys()):
        element = thrown[name]
        yield error("message_to_itself", element.id, element.file, element.line, name=name)


def _check_errors(diagram: Diagram) -> Iterator[Finding]:
    events = [e for e in diagram.elements.values() if e.event == "error"]
    caught = {e.name for e in events if e.kind == "boundaryEvent"}
    for event in events:
        if event.kind == "endEvent" and not caught & {event.name, ""}:
            yield error("error_uncaught", event.id, event.file, event.line, error=event.name or "?")


def _check_loops(diagram: Diagram) -> Iterator[Finding]:
    for key, loop in diagram.loops.items():
        element = diagram.elements[key]
        for name in ("input", "output"):
            ref = loop.get(name)
            if ref and ref not in diagram.declared:
                yield warning("loop_undeclared", key, element.file, element.line, name=ref)
        if loop.get("input") in READ_ONLY:
            yield error("loop_over_facts", key, element.file, element.line, name=loop["input"])
        if "output" in loop and "output_item" not in loop:
            yield error("loop_without_output", key, element.file, element.line)


def _check_size(diagram: Diagram) -> Iterator[Finding]:
    counts: dict[str, int] = defaultdict(int)
    for element in diagram.elements.values():
        if element.kind != "process":
            counts[element.process] += 1
    for process, count in counts.items():
        if count > MAX_SHAPES:
            element = diagram.elements[process]
            yield warning(
                "too_many_shapes", process, element.file, element.line, count=count, most=MAX_SHAPES
            )
