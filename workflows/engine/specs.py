"""Specs that run: plain data of what the parser made, and our own classes built from it.

Specs always come through the serializer's `from_dict`: one straight from the parser makes a
multi-instance task hang when the case is loaded in the middle of it. That pass is also where our
classes stand in for the library's, so the parser itself stays as shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
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

from workflows.engine.gateways import Choice, EventGateway, KeepingEnd, KeepingJoin
from workflows.engine.instances import ParallelInstances, SequentialInstances
from workflows.engine.rules import RuleConverter, RuleTask
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


def _serializer() -> BpmnWorkflowSerializer:
    converters = {**SPIFF_CONFIG, BusinessRuleTask: RuleConverter}
    registry = BpmnWorkflowSerializer.configure(converters)
    for shipped, ours in STAND_INS.items():
        converters[shipped](ours, registry, typename=shipped.__name__)
        registry.typenames[shipped] = shipped.__name__
    return BpmnWorkflowSerializer(registry)


_SERIALIZER = _serializer()


def plain_specs(spec: Any, subs: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of what the parser made: {"spec": …, "subs": {id: …}}."""
    plain = {
        "spec": _SERIALIZER.to_dict(spec),
        "subs": {name: _SERIALIZER.to_dict(sub) for name, sub in sorted(subs.items())},
    }
    copied: dict[str, Any] = orjson.loads(orjson.dumps(plain))
    return copied


def build_specs(plain: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The specs that run: the spine's, and by id those of sub-processes and called processes.
    They take parts of `plain` into themselves, so it is not to be used again."""
    spec = _SERIALIZER.from_dict(plain["spec"])
    return spec, {name: _SERIALIZER.from_dict(sub) for name, sub in plain["subs"].items()}
