"""Scope tree → BPMN 2.0 XML without a picture, in the conventions of the SpiffWorkflow editors."""

from __future__ import annotations

from lxml import etree

from webapp.diagrams.extensions import (
    add_loop,
    add_trigger,
    lane_extensions,
    node_extensions,
    titles,
)
from webapp.diagrams.tree import TAGS, Document, Flow, Node, Scope
from webapp.diagrams.xml import NAMESPACES, XSI, add, qname

NAMESPACE = "https://fengqiao.example/bpmn"


def write(document: Document) -> etree._Element:
    """`bpmn:definitions` with one pool a process (bpmn-js needs a pool to show lanes)."""
    root = etree.Element(
        qname("definitions"),
        nsmap=NAMESPACES,
        id=f"definitions_{document.scopes[0].id}",
        targetNamespace=NAMESPACE,
    )
    collaboration = add(root, "collaboration", id=f"collaboration_{document.scopes[0].id}")
    for scope in document.scopes:
        pool = f"pool_{scope.id}"
        add(collaboration, "participant", id=pool, name=scope.label, processRef=scope.id)
    for scope in document.scopes:
        _write_process(root, scope)
    for ref, name in document.messages.items():
        add(root, "message", id=ref, name=name)
    for ref, code in document.errors.items():
        add(root, "error", id=ref, name=ref, errorCode=code)
    for ref, code in document.escalations.items():
        add(root, "escalation", id=ref, name=ref, escalationCode=code)
    return root


def _write_process(root: etree._Element, scope: Scope) -> None:
    process = add(root, "process", id=scope.id, name=scope.label, isExecutable="true")
    if scope.documentation:
        add(process, "documentation", scope.documentation)
    titles(process, scope.label_en)
    for name in sorted(_collections(scope)):
        add(process, "property", id=name, name=name)
    if scope.lanes:
        lanes = add(process, "laneSet", id=f"lanes_{scope.id}")
        for number, lane in enumerate(scope.lanes, 1):
            lane.id = f"lane_{scope.id}_{number}"
            element = add(lanes, "lane", id=lane.id, name=lane.name)
            lane_extensions(element, lane)
            for node in scope.nodes.values():
                if node.lane == lane.name:
                    add(element, "flowNodeRef", node.id)
    _write_scope(process, scope)


def _collections(scope: Scope) -> set[str]:
    """Names multi-instance refers to: bpmn-js drops the reference unless it points somewhere."""
    found = set()
    for node in scope.nodes.values():
        found |= {
            node.attributes[key].partition(":")[0]
            for key in ("each", "collect")
            if key in node.attributes
        }
        if node.scope:
            found |= _collections(node.scope)
    return found


def _write_scope(parent: etree._Element, scope: Scope) -> None:
    for node in scope.nodes.values():
        _write_node(parent, scope, node)
    for flow in scope.flows:
        _write_flow(parent, flow)


def _write_node(parent: etree._Element, scope: Scope, node: Node) -> None:
    element = add(parent, TAGS[node.kind], id=node.id)
    if node.label:
        element.set("name", node.label)
    if "help" in node.attributes:
        add(element, "documentation", node.attributes["help"])
    node_extensions(element, node)
    _write_ends(element, scope, node)
    _write_references(element, node)
    add_loop(element, node)
    if node.kind == "script":
        element.set("scriptFormat", "text/feel")
        add(element, "script", node.attributes["code"].replace("\\n", "\n"))
    if node.scope:
        _write_scope(element, node.scope)
    add_trigger(element, node)


def _write_ends(element: etree._Element, scope: Scope, node: Node) -> None:
    """`incoming` before `outgoing`: the schema's order."""
    for flow in scope.flows:
        if flow.target == node.id:
            add(element, "incoming", flow.id)
    for flow in scope.flows:
        if flow.source == node.id:
            add(element, "outgoing", flow.id)
            if flow.default:
                element.set("default", flow.id)


def _write_references(element: etree._Element, node: Node) -> None:
    if node.host:
        element.set("attachedToRef", node.host)
        element.set("cancelActivity", "true" if node.interrupting else "false")
    if node.kind == "call":
        element.set("calledElement", node.attributes["process"])
    if node.kind in ("receive", "send"):
        element.set("messageRef", node.attributes["message"])


def _write_flow(parent: etree._Element, flow: Flow) -> None:
    element = add(parent, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    if flow.label:
        element.set("name", flow.label)
    titles(element, flow.label_en)
    if flow.condition:
        condition = add(element, "conditionExpression", flow.condition)
        condition.set(qname("type", XSI), "bpmn:tFormalExpression")
