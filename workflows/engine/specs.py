"""From BPMN XML to specs that run: parse once, keep as plain data, build our own classes.

Specs always come through the serializer's `from_dict`: one straight from the parser makes a
multi-instance task hang when the case is loaded in the middle of it. That pass is also where our
classes stand in for the library's, so the parser itself stays as shipped.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import orjson
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    ExclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions import (
    ConditionalEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.spiff.parser.process import VALIDATOR, SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.spiff.specs.defaults import (
    BusinessRuleTask,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    ServiceTask,
)
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
)

from workflows.engine.findings import BrokenDiagramError, Finding, error
from workflows.engine.gateways import Choice, EventGateway, KeepingEnd, KeepingJoin
from workflows.engine.instances import ParallelInstances, SequentialInstances
from workflows.engine.rules import DecisionRef, RuleConverter, RuleTask
from workflows.engine.thrown import Boundary, NearestError, NearestEscalation, PlainMessage
from workflows.engine.waiting import Call, Clock, StrictCondition

STAND_INS: Mapping[type, type] = {
    ExclusiveGateway: Choice,
    ParallelGateway: KeepingJoin,
    _EndJoin: KeepingEnd,
    EventBasedGateway: EventGateway,
    BoundaryEvent: Boundary,
    ServiceTask: Call,
    BusinessRuleTask: RuleTask,
    ParallelMultiInstanceTask: ParallelInstances,
    SequentialMultiInstanceTask: SequentialInstances,
    TimeDateEventDefinition: Clock,
    ConditionalEventDefinition: StrictCondition,
    MessageEventDefinition: PlainMessage,
    ErrorEventDefinition: NearestError,
    EscalationEventDefinition: NearestEscalation,
}
"""Library class → ours. Stored specs name the library's."""

_schema_lock = threading.Lock()
"""The XSD validator keeps its last errors in itself."""


class _Parser(SpiffBpmnParser):  # type: ignore[misc]
    """Never opens a DMN file: a business rule task only keeps the decision's id."""

    def get_engine(self, decision_ref: str | None, _node: Any) -> DecisionRef:
        """What the parser puts where its DMN engine would stand."""
        return DecisionRef((decision_ref or "").strip())


def _serializer() -> BpmnWorkflowSerializer:
    converters = {**SPIFF_CONFIG, BusinessRuleTask: RuleConverter}
    registry = BpmnWorkflowSerializer.configure(converters)
    for shipped, ours in STAND_INS.items():
        converters[shipped](ours, registry, typename=shipped.__name__)
        registry.typenames[shipped] = shipped.__name__
    return BpmnWorkflowSerializer(registry)


_SERIALIZER = _serializer()


def check_schema(file: str, root: Any) -> tuple[Finding, ...]:
    """What BPMN 2.0's XML schema says against a file."""
    with _schema_lock:
        try:
            VALIDATOR.validate(root, file)
        except ValidationException as exc:
            line = exc.line_number if isinstance(exc.line_number, int) else None
            return (error("schema", file=file, line=line, reason=str(exc).rstrip(". ")[:300]),)
    return ()


def parse_specs(key: str, roots: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of the spine `key` and everything it calls: {"spec": …, "subs": {id: …}}.

    BrokenDiagramError where the library cannot read the drawing.
    """
    parser = _Parser()
    try:
        for file, root in roots.items():
            parser.add_bpmn_xml(root, file)
        spec = parser.get_spec(key)
        subs = parser.get_subprocess_specs(key)
    except ValidationException as exc:
        raise BrokenDiagramError([_finding(exc)]) from exc
    plain = {
        "spec": _SERIALIZER.to_dict(spec),
        "subs": {name: _SERIALIZER.to_dict(sub) for name, sub in sorted(subs.items())},
    }
    copied: dict[str, Any] = orjson.loads(orjson.dumps(plain))
    return copied


def build_specs(plain: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The specs that run: the spine's, and by id those of sub-processes and called processes."""
    copied = orjson.loads(orjson.dumps(plain))
    spec = _SERIALIZER.from_dict(copied["spec"])
    return spec, {name: _SERIALIZER.from_dict(sub) for name, sub in copied["subs"].items()}


def _finding(exc: ValidationException) -> Finding:
    line = exc.line_number if isinstance(exc.line_number, int) else None
    reason = str(exc).rstrip(". ")[:300]
    return error("not_readable", exc.id or None, exc.file_name or None, line, reason=reason)
