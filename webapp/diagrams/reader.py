"""A .bpmn that exists → the scope tree, for redrawing: what is drawn, not what it means."""

from __future__ import annotations

from lxml import etree

from webapp.diagrams.tree import TAGS, TRIGGERS, Document, Flow, Lane, Node, Scope
from webapp.diagrams.xml import local, qname

KIND_OF = {
    **{tag: kind for kind, tag in TAGS.items()},
    "transaction": "sub",
    "adHocSubProcess": "sub",
    "complexGateway": "or",
}
TRIGGER_OF = {tag: trigger for trigger, tag in TRIGGERS.items()}


def read(root: etree._Element) -> Document:
    """Every process of the file that has a node, in the file's order."""
    scopes = [_scope(process) for process in root.iter(qname("process"))]
    return Document(scopes=[scope for scope in scopes if scope.nodes])


def _scope(element: etree._Element) -> Scope:
    scope = Scope(element.get("id", ""), element.get("name") or "")
    lane_of = _lanes(element, scope)
    defaults = {child.get("default") for child in element if local(child)} - {None}
    for child in element:
        kind = KIND_OF.get(local(child))
        if kind:
            scope.nodes[child.get("id")] = _node(child, kind, scope, lane_of)
        elif local(child) == "sequenceFlow":
            scope.flows.append(
                Flow(
                    child.get("id"),
                    child.get("sourceRef"),
                    child.get("targetRef"),
                    label=child.get("name") or "",
                    default=child.get("id") in defaults,
                )
            )
    scope.flows = [f for f in scope.flows if {f.source, f.target} <= scope.nodes.keys()]
    return scope


def _lanes(element: etree._Element, scope: Scope) -> dict[str, str]:
    """Lane of each node; fills `scope.lanes`. Nested lane sets are read as one level."""
    lane_of: dict[str, str] = {}
    for lane in element.findall(f"{qname('laneSet')}//{qname('lane')}"):
        if lane.find(qname("childLaneSet")) is not None:
            continue
        name = lane.get("id", "")
        scope.lanes.append(Lane(name, id=name))
        for ref in lane.findall(qname("flowNodeRef")):
            lane_of[(ref.text or "").strip()] = name
    return lane_of


def _node(child: etree._Element, kind: str, scope: Scope, lane_of: dict[str, str]) -> Node:
    trigger = next((TRIGGER_OF[local(d)] for d in child if local(d) in TRIGGER_OF), "")
    first = scope.lanes[0].name if scope.lanes else None
    node = Node(
        child.get("id"),
        kind,
        trigger,
        label=child.get("name") or "",
        lane=lane_of.get(child.get("id"), lane_of.get(child.get("attachedToRef", ""), first)),
        host=child.get("attachedToRef"),
        interrupting=child.get("cancelActivity") != "false",
    )
    if kind == "sub":
        inside = _scope(child)
        node.scope = inside if inside.nodes else None
    return node
