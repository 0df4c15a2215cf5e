"""Where a run stands: everything that waits now, by number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.spiff.specs.defaults import CallActivity
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from workflows.engine.environment import element_id
from workflows.engine.gateways import ancestors_of
from workflows.engine.pruning import ALIVE
from workflows.engine.run import Run
from workflows.engine.thrown import boundaries, find_task, holders, is_instance
from workflows.engine.waiting import Call, Clock


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place that waits for the message `definition.name`."""

    task: Any
    definition: Any


@dataclass
class Standing:
    """Engine tasks that wait, by number: for people, clocks, calls' answers, messages."""

    items: dict[int, Any] = field(default_factory=dict)
    clocks: dict[int, Any] = field(default_factory=dict)
    calls: dict[int, Any] = field(default_factory=dict)
    messages: list[Waiting] = field(default_factory=list)
    active: list[tuple[int, str]] = field(default_factory=list)
    """(number, element id) of everything alive that is drawn."""


def stand(run: Run) -> Standing:
    """Looks at a settled run."""
    found = Standing()
    for task in run.all_tasks():
        if not task._state & ALIVE:
            continue
        spec = task.task_spec
        if spec.bpmn_id is not None:
            found.active.append((task.id, element_id(task)))
        if task._state == TaskState.READY and spec.manual:
            found.items[task.id] = task
        elif _is_open_call(task):
            found.calls[task.id] = task
        elif task._state == TaskState.WAITING and isinstance(spec, CatchingEvent):
            for definition in definitions(spec):
                if isinstance(definition, Clock):
                    found.clocks[task.id] = task
                elif isinstance(definition, MessageEventDefinition):
                    found.messages.append(Waiting(task, definition))
    return found


def open_call(run: Run, number: int) -> Any | None:
    """The call with this number if its answer is still waited for, else None."""
    task = find_task(run, number)
    return task if task is not None and _is_open_call(task) else None


def _is_open_call(task: Any) -> bool:
    return task._state == TaskState.STARTED and isinstance(task.task_spec, Call)


def definitions(spec: Any) -> list[Any]:
    """What a catching event waits for; an event-based gateway waits for several things."""
    definition = spec.event_definition
    if isinstance(spec, EventBasedGateway) or isinstance(definition, MultipleEventDefinition):
        return list(definition.event_definitions)
    return [definition]


def instance_of(task: Any) -> tuple[Any, ...]:
    """Keys of the multi-instance activities around a task, from outside in."""
    keys = [
        holder.internal_data.get("key_or_index", holder.internal_data.get("item"))
        for holder in holders(task)
        if is_instance(holder)
    ]
    return tuple(reversed(keys))


def clock_around(task: Any) -> int | None:
    """Number of the clock on the innermost activity around a task; one that interrupts counts
    before one that only reminds. None where no clock runs."""
    for holder in holders(task):
        clocks = [
            event
            for event in boundaries(holder)
            if event._state == TaskState.WAITING
            and isinstance(event.task_spec.event_definition, Clock)
        ]
        if clocks:
            return int(min(clocks, key=lambda e: (not e.task_spec.cancel_activity, e.id)).id)
    return None


def stage_of(run: Run) -> str | None:
    """Process id of the spine's call activity that is open, the last one opened; else None."""
    open_calls = [
        task
        for task in run.tasks.values()
        if task._state == TaskState.STARTED and isinstance(task.task_spec, CallActivity)
    ]
    return str(max(open_calls, key=lambda t: t.id).task_spec.spec) if open_calls else None


def closed_clocks(before: dict[int, Any], now: Standing) -> dict[int, bool]:
    """Clocks that no longer run → True where the activity they watched had ended by itself.

    Ask before pruning, which forgets the activity.
    """
    return {
        number: _activity_ended(task) for number, task in before.items() if number not in now.clocks
    }


def _activity_ended(clock: Any) -> bool:
    return any(
        child._state == TaskState.COMPLETED
        for child in (clock.parent.children if boundaries(clock) else ())
        if not isinstance(child.task_spec, (BoundaryEvent, BoundaryEventJoin))
    )


def end_of(run: Run) -> str | None:
    """Id of the spine's end event by which a completed run ended.

    The last one reached counts, but one behind a non-interrupting event (a reminder's end) only
    where there is no other.
    """
    ends = [
        task
        for task in run.tasks.values()
        if isinstance(task.task_spec, EndEvent) and task._state == TaskState.COMPLETED
    ]
    if not run.completed or not ends:
        return None
    return element_id(max(ends, key=lambda t: (not _on_side_branch(t), t.last_state_change)))


def _on_side_branch(task: Any) -> bool:
    return any(
        isinstance(parent.task_spec, BoundaryEvent) and not parent.task_spec.cancel_activity
        for parent in ancestors_of(task)
    )
