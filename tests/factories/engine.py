"""Small BPMN drawings without a picture, and the least a `decide` needs around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from workflows.cases.decide import decide
from workflows.cases.decision import (
    Command,
    CommandKind,
    Decision,
    Facts,
    FactsChange,
    NewItem,
    OpenClock,
    Ports,
    Snapshot,
)
from workflows.engine import ProcessVersion, compile_process

NS = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Jiuquan."""


class Drawing:
    """One process or sub-process, drawn node by node; `flow("a > b > c")` joins them."""

    def __init__(self, key: str, *, role: str = "人民调解员") -> None:
        self.key, self.role = key, role
        self.nodes: list[tuple[str, str, str, str]] = []
        self.flows: list[tuple[str, str, str, str | None]] = []
        self.defaults: dict[str, str] = {}
        self.lane_properties: dict[str, str] = {}

    def node(self, tag: str, key: str, body: str = "", attributes: str = "") -> Drawing:
        self.nodes.append((tag, key, body, attributes))
        return self

    def start(self, key: str = "s") -> Drawing:
        return self.node("startEvent", key)

    def end(self, key: str = "e", event: str = "") -> Drawing:
        return self.node("endEvent", key, event)

    def user(self, key: str, *, many: str = "", **properties: str) -> Drawing:
        extension = _extension(_properties(properties))
        name = properties.pop("title", key)
        return self.node("userTask", key, extension + many, f" name={quoteattr(name)}")

    def script(self, key: str, text: str) -> Drawing:
        return self.node("scriptTask", key, f"<bpmn:script>{escape(text)}</bpmn:script>")

    def service(self, key: str, operation: str, result: str, **parameters: str) -> Drawing:
        inner = "".join(
            f'<spiffworkflow:parameter id="{n}" type="any" value={quoteattr(v)}/>'
            for n, v in parameters.items()
        )
        return self.node(
            "serviceTask",
            key,
            _extension(
                f'<spiffworkflow:serviceTaskOperator id="{operation}" resultVariable="{result}">'
                f"<spiffworkflow:parameters>{inner}</spiffworkflow:parameters>"
                "</spiffworkflow:serviceTaskOperator>"
            ),
        )

    def rule(self, key: str, decision: str) -> Drawing:
        called = f"<spiffworkflow:calledDecisionId>{decision}</spiffworkflow:calledDecisionId>"
        return self.node("businessRuleTask", key, _extension(called))

    def choice(self, key: str) -> Drawing:
        return self.node("exclusiveGateway", key)

    def parallel(self, key: str) -> Drawing:
        return self.node("parallelGateway", key)

    def call(self, key: str, process: str, many: str = "") -> Drawing:
        return self.node("callActivity", key, many, f' calledElement="{process}"')

    def sub(self, body: Drawing, many: str = "") -> Drawing:
        return self.node("subProcess", body.key, many + body.inner())

    def catch(self, key: str, event: str) -> Drawing:
        return self.node("intermediateCatchEvent", key, event)

    def throw(self, key: str, event: str) -> Drawing:
        return self.node("intermediateThrowEvent", key, event)

    def boundary(self, key: str, on: str, event: str, *, interrupting: bool = True) -> Drawing:
        cancel = str(interrupting).lower()
        return self.node(
            "boundaryEvent", key, event, f' attachedToRef="{on}" cancelActivity="{cancel}"'
        )

    def flow(self, way: str, when: str | None = None) -> Drawing:
        steps = [step.strip() for step in way.split(">")]
        for source, target in pairwise(steps):
            key = f"f_{source}_{target}"
            self.flows.append((key, source, target, when))
        return self

    def otherwise(self, source: str, target: str) -> Drawing:
        self.defaults[source] = f"f_{source}_{target}"
        return self.flow(f"{source} > {target}")

    def inner(self) -> str:
        parts = []
        for tag, key, body, attributes in self.nodes:
            default = f' default="{self.defaults[key]}"' if key in self.defaults else ""
            parts.append(f'<bpmn:{tag} id="{key}"{attributes}{default}>{body}</bpmn:{tag}>')
        parts += [_flow(*flow) for flow in self.flows]
        return "".join(parts)

    def xml(self) -> str:
        refs = "".join(f"<bpmn:flowNodeRef>{n[1]}</bpmn:flowNodeRef>" for n in self.nodes)
        lane = (
            f'<bpmn:laneSet id="lanes_{self.key}"><bpmn:lane id="lane_{self.key}" '
            f'name="{self.role}">{_extension(_properties(self.lane_properties))}{refs}'
            "</bpmn:lane></bpmn:laneSet>"
        )
        return (
            f'<bpmn:process id="{self.key}" name="{self.key}" isExecutable="true">'
            f"{lane}{self.inner()}</bpmn:process>"
        )


def message_event(name: str, *, variable: str = "", payload: str = "") -> str:
    inner = f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>"
    inner = (inner if payload else "") + (
        f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>"
        if variable
        else ""
    )
    return (
        f'<bpmn:messageEventDefinition messageRef="m_{name.replace(".", "_")}">'
        f"{_extension(inner)}</bpmn:messageEventDefinition>"
    )


def timer_event(text: str) -> str:
    return (
        '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:timeDate></bpmn:timerEventDefinition>"
    )


def error_event(code: str = "") -> str:
    ref = f' errorRef="err_{code}"' if code else ""
    return f"<bpmn:errorEventDefinition{ref}/>"


def escalation_event(code: str) -> str:
    return f'<bpmn:escalationEventDefinition escalationRef="esc_{code}"/>'


def condition_event(text: str) -> str:
    return (
        '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


TERMINATE = "<bpmn:terminateEventDefinition/>"


def many(
    collection: str,
    item: str,
    *,
    output: str = "",
    output_item: str = "",
    until: str = "",
    sequential: bool = False,
) -> str:
    """A multi-instance marker over a process name."""
    parts = f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>"
    if output:
        parts += f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>"
    parts += f'<bpmn:inputDataItem id="{item}" name="{item}"/>'
    if output_item:
        parts += f'<bpmn:outputDataItem id="{output_item}" name="{output_item}"/>'
    if until:
        parts += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{parts}</bpmn:multiInstanceLoopCharacteristics>"
    )


def bpmn(*drawings: Drawing, messages: tuple[str, ...] = (), codes: tuple[str, ...] = ()) -> bytes:
    """A file with these processes, messages by name and error and escalation codes."""
    rest = "".join(f'<bpmn:message id="m_{m.replace(".", "_")}" name="{m}"/>' for m in messages)
    for code in codes:
        rest += f'<bpmn:error id="err_{code}" name="{code}" errorCode="{code}"/>'
        rest += f'<bpmn:escalation id="esc_{code}" name="{code}" escalationCode="{code}"/>'
    body = "".join(drawing.xml() for drawing in drawings)
    return (
        f'<bpmn:definitions {NS} id="d" targetNamespace="urn:test">{body}{rest}</bpmn:definitions>'
    ).encode()


def _flow(key: str, source: str, target: str, when: str | None) -> str:
    condition = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{escape(when)}</bpmn:conditionExpression>"
        if when
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{condition}'
        "</bpmn:sequenceFlow>"
    )


def _properties(properties: Mapping[str, str]) -> str:
    if not properties:
        return ""
    inner = "".join(
        f"<spiffworkflow:property name={quoteattr(n)} value={quoteattr(v)}/>"
        for n, v in properties.items()
    )
    return f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>"


def _extension(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""


@dataclass(frozen=True)
class FakeDue:
    """What the tests' due port gives."""

    at: datetime | None


def due_in(days: Mapping[str, int]) -> Callable[[str, str], FakeDue]:
    """A due port that adds calendar days to the base, by rule."""

    def due(rule: str, base: str) -> FakeDue:
        start = datetime.fromisoformat(base)
        if start.tzinfo is None:
            start = start.replace(tzinfo=UTC)
        return FakeDue(start + timedelta(days=days[rule]))

    return due


def compiled(*drawings: Drawing, names: Mapping[str, str] | None = None, **rest: Any):
    """A version of the first drawing's process."""
    messages, codes = rest.pop("messages", ()), rest.pop("codes", ())
    decisions = rest.pop("decisions", {})
    file = bpmn(*drawings, messages=messages, codes=codes)
    return compile_process(drawings[0].key, {"test.bpmn": file}, decisions, names or {}, **rest)


@dataclass
class Case:
    """A run in memory: every step goes through bytes, rows are kept as the site keeps them."""

    version: ProcessVersion
    ports: Ports = field(default_factory=lambda: Ports(due_in({}), {}))
    facts: Facts = field(
        default_factory=lambda: Facts({}, (), {"code": "620902104-TW", "name": "西峰镇"}, 1)
    )
    now: datetime = MORNING
    state: bytes | None = None
    revision: int = 0
    items: dict[int, NewItem] = field(default_factory=dict)
    clocks: dict[int, OpenClock] = field(default_factory=dict)
    calls: dict[int, Any] = field(default_factory=dict)
    messages: list[Any] = field(default_factory=list)
    journal: list[Mapping[str, Any]] = field(default_factory=list)
    facts_at: dict[int, Facts] = field(default_factory=dict)
    ended: str | None = None

    def ask(self, kind: CommandKind, **rest: Any) -> Decision:
        """One command, decided and kept."""
        command = Command(kind, rest.pop("at", self.now), **rest)
        snapshot = Snapshot(
            self.version, self.revision, self.state, self.facts, tuple(self.clocks.values())
        )
        self.facts_at[self.facts.revision] = self.facts
        decision = decide(snapshot, command, self.ports)
        self._keep(decision)
        return decision

    def start(self, **data: Any) -> Decision:
        return self.ask(CommandKind.START, data=data)

    def complete(self, element: str, instance: tuple[Any, ...] = (), **data: Any) -> Decision:
        """Completes the open item of this element."""
        number = next(
            item.number
            for item in self.items.values()
            if item.element == element and (not instance or item.instance == instance)
        )
        return self.ask(CommandKind.COMPLETE, item=number, data=data)

    def message(self, name: str, instance: Any = None, **payload: Any) -> Decision:
        return self.ask(CommandKind.MESSAGE, name=name, instance=instance, data=payload)

    def correct(self, **case: Any) -> Decision:
        return self.ask(CommandKind.CORRECT, facts=FactsChange(case))

    def advance(self, days: float) -> Decision:
        """Time goes by; the worker wakes the run."""
        self.now += timedelta(days=days)
        return self.ask(CommandKind.WAKE)

    @property
    def open(self) -> list[str]:
        """Elements of the open items, sorted."""
        return sorted(item.element for item in self.items.values())

    def _keep(self, decision: Decision) -> None:
        self.state, self.revision = decision.state, decision.revision
        self.facts, self.ended = decision.facts, decision.ended
        self.items.update({item.number: item for item in decision.items_added})
        for number in decision.items_removed:
            del self.items[number]
        for closed in decision.clocks_closed:
            del self.clocks[closed.number]
        for clock in decision.clocks_opened:
            self.clocks[clock.number] = OpenClock(
                clock.number, clock.rule, clock.base, clock.due.at, paused=False
            )
        self.calls.update({call.number: call for call in decision.calls_opened})
        for number in decision.calls_closed:
            del self.calls[number]
        self.messages += decision.messages_out
        self.journal.append(decision.journal)

    def pause(self, *, paused: bool) -> None:
        """Pauses or resumes every clock row."""
        self.clocks = {n: replace(row, paused=paused) for n, row in self.clocks.items()}
