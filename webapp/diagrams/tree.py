"""The tree every tool here works on: scopes of nodes and flows, as drawn, without XML.

A process is a scope; an expanded sub-process is a node that carries a scope. Filled by
`notation` (new diagrams) or `reader` (files that exist).
"""

from __future__ import annotations

from dataclasses import dataclass, field

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "user": "userTask",
    "manual": "manualTask",
    "script": "scriptTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "receive": "receiveTask",
    "send": "sendTask",
    "task": "task",
    "call": "callActivity",
    "sub": "subProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "choice": "eventBasedGateway",
}
"""Word of the notation → BPMN element (BPMN 2.0.2, clause 10)."""

TRIGGERS = {
    "timer": "timerEventDefinition",
    "message": "messageEventDefinition",
    "escalation": "escalationEventDefinition",
    "error": "errorEventDefinition",
    "signal": "signalEventDefinition",
    "terminate": "terminateEventDefinition",
    "conditional": "conditionalEventDefinition",
}
"""Word after the dot → BPMN event definition."""

EVENTS = frozenset({"start", "end", "catch", "throw", "boundary"})
GATEWAYS = frozenset({"xor", "and", "or", "choice"})


@dataclass
class Lane:
    """A lane; its name is the role that does the tasks in it. `properties` as in the file."""

    name: str
    name_en: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    id: str = ""


@dataclass
class Node:
    """One shape. `host`: the activity a boundary event sits on. `attributes`: notation only.

    `scope`: the inside of an expanded sub-process. `lane`: a lane's name, None in sub-processes.
    """

    id: str
    kind: str
    trigger: str = ""
    label: str = ""
    label_en: str = ""
    lane: str | None = None
    host: str | None = None
    interrupting: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    scope: Scope | None = None

    @property
    def is_boundary(self) -> bool:
        return self.kind == "boundary"

    @property
    def has_outside_label(self) -> bool:
        """Events and gateways wear their words beside them, tasks inside."""
        return self.kind in EVENTS or self.kind in GATEWAYS


@dataclass
class Flow:
    """A sequence flow. `condition` is FEEL. `default`: taken where no other condition is true."""

    id: str
    source: str
    target: str
    condition: str | None = None
    label: str = ""
    label_en: str = ""
    default: bool = False


@dataclass
class Scope:
    """A process or the inside of a sub-process. Order of nodes and flows is the author's."""

    id: str
    label: str = ""
    label_en: str = ""
    lanes: list[Lane] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    documentation: str = ""

    def boundaries_of(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    def activity_of(self, node_id: str) -> str:
        """The node itself, or the activity it sits on: what holds it in the picture."""
        return self.nodes[node_id].host or node_id

    def count_shapes(self) -> int:
        """Shapes a reader sees in this plane, the insides of sub-processes included."""
        return sum(1 + (n.scope.count_shapes() if n.scope else 0) for n in self.nodes.values())


@dataclass
class Document:
    """A file: processes in order, and what events refer to (id → name or code)."""

    scopes: list[Scope] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
