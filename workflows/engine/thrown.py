"""Events thrown inside: errors and escalations go to one place, messages leave.

The library offers an error to every boundary event of the whole run that names its code: two
calls, one failure, both cancelled. Here it goes outwards from where it was thrown and stops at
the first activity that catches it (BPMN 2.0 §10.5.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
)
from SpiffWorkflow.util.task import TaskState

from workflows.engine.environment import element_id
from workflows.engine.values import plain
from workflows.errors import ProcessFaultError


class NearestError(ErrorEventDefinition):  # type: ignore[misc]
    """An error; nobody catching it is a fault of the diagram."""

    def throw(self, my_task: Any) -> None:
        """To the nearest boundary. ProcessFaultError where there is none."""
        if not raise_outwards(my_task, self, _payload(self, my_task)):
            raise ProcessFaultError(
                "engine.error_uncaught", element=element_id(my_task), error=self.code or self.name
            )


class NearestEscalation(EscalationEventDefinition):  # type: ignore[misc]
    """An escalation; nobody catching it is no harm (BPMN 2.0 §10.5.1)."""

    def throw(self, my_task: Any) -> None:
        """To the nearest boundary, if there is one."""
        raise_outwards(my_task, self, _payload(self, my_task))


class PlainMessage(MessageEventDefinition):  # type: ignore[misc]
    """A message; what it carries out is plain data."""

    def throw(self, my_task: Any) -> None:
        """Leaves by the run's list of messages out, never inwards."""
        payload = _payload(self, my_task)
        if not isinstance(payload, dict):
            raise ProcessFaultError("engine.payload_not_context", element=element_id(my_task))
        correlations = self.get_correlations(my_task, payload)
        my_task.workflow.correlations.update(correlations)
        event = BpmnEvent(self, payload=payload, correlations=correlations)
        my_task.workflow.top_workflow.catch(event)

    def update_task_data(self, my_task: Any) -> None:
        """The payload into its variable, or dropped where none is named."""
        payload = my_task.internal_data.pop(self.name, None)
        if self.message_var is not None:
            my_task.data[self.message_var] = payload

    def reset(self, my_task: Any) -> None:
        """Forgets the payload and that it came."""
        my_task.internal_data.pop(self.name, None)
        super().reset(my_task)


class Boundary(BoundaryEvent):  # type: ignore[misc]
    """A boundary event that says when it interrupts, so that nothing inside runs on."""

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if self.cancel_activity:
            my_task.workflow.script_engine.environment.caught.append(my_task)


def _payload(definition: Any, my_task: Any) -> Any:
    if definition.expression is None:
        return {}
    return plain(my_task.workflow.script_engine.evaluate(my_task, definition.expression))


def holders(task: Any) -> Iterator[Any]:
    """The task, then the activities around it, outwards: instances, sub-processes, calls."""
    while task is not None:
        yield task
        if is_instance(task):
            task = task.parent
            continue
        outer = task.workflow.parent_task_id
        task = find_task(task.workflow.top_workflow, outer) if outer is not None else None


def is_instance(task: Any) -> bool:
    """It is one instance of a multi-instance activity or loop."""
    return (
        bool(task.triggered)
        and task.parent is not None
        and isinstance(task.parent.task_spec, LoopTask)
    )


def find_task(top: Any, number: int) -> Any | None:
    """The task with this id in the run or any sub-process; None where it is gone."""
    for workflow in (top, *top.subprocesses.values()):
        if number in workflow.tasks:
            return workflow.tasks[number]
    return None


def boundaries(task: Any) -> list[Any]:
    """Tasks of the boundary events that stand on the activity `task`."""
    if task.parent is None or not isinstance(task.parent.task_spec, BoundaryEventSplit):
        return []
    return [c for c in task.parent.children if isinstance(c.task_spec, BoundaryEvent)]


def raise_outwards(task: Any, definition: Any, payload: Any) -> bool:
    """Offers an error or escalation to the activities around `task`, nearest first. False where
    nobody catches it. A boundary with its own code counts before one that catches everything."""
    for holder in holders(task):
        waiting = [
            event
            for event in boundaries(holder)
            if event.state == TaskState.WAITING
            and type(event.task_spec.event_definition) is type(definition)
            and event.task_spec.event_definition.code in (None, "", definition.code)
        ]
        if waiting:
            event = min(waiting, key=lambda e: not e.task_spec.event_definition.code)
            caught = event.task_spec.event_definition
            event.task_spec.catch(event, BpmnEvent(caught, payload=payload))
            event.task_spec._update(event)
            return True
    return False
