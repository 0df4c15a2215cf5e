"""A run inside one decide: SpiffWorkflow's workflow with its own way of stepping.

Differences from the library: clocks are woken, never polled; messages leave and are delivered to
one waiter, never to all; an interrupting event runs before anything else inside its activity; a
cancelled multi-instance body leaves nothing behind; an endless loop ends with a clear word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.specs.event_definitions import ErrorEventDefinition, MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

import workflows.engine.quick  # noqa: F401 - installs itself
from workflows.engine.environment import element_id
from workflows.engine.pruning import prune
from workflows.engine.thrown import NearestError, raise_outwards
from workflows.engine.waiting import StrictCondition
from workflows.errors import ProcessFaultError

MAX_STEPS = 5_000
"""Engine steps of one settling. A loop without people, clocks or calls would never end."""
PRUNE_EVERY = 200
"""The library's tree walks stop silently at depth 1,000; long automatic loops are pruned."""


class Run(BpmnWorkflow):  # type: ignore[misc]
    """The engine's side of a run. Lives for one decide; state bytes live longer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task_removed_event.connect(self._dropped)

    def catch(self, event: BpmnEvent) -> None:
        """Messages leave by `get_events`; the rest meets its catchers inside."""
        if isinstance(event.event_definition, MessageEventDefinition):
            self.bpmn_events.append(event)
        else:
            super().catch(event)

    def refresh_timers(self) -> None:
        """Nothing: clocks are woken by number."""

    def settle(self) -> None:
        """Runs engine tasks until people, clocks, messages or calls are all that is left.

        ProcessFaultError where the diagram cannot go on; the run must then be thrown away.
        """
        steps = 0
        while True:
            before = steps
            for task in self._ready():
                if not _is_open(task, TaskState.READY):
                    continue
                _step(task)
                steps += 1
                if steps > MAX_STEPS:
                    raise ProcessFaultError("engine.endless", element=element_id(task))
                if steps % PRUNE_EVERY == 0:
                    prune(self)
                if self._caught:
                    break
            if steps == before and not self._caught:
                return

    def all_tasks(self) -> Iterator[Any]:
        """Every task of the run and its sub-processes, oldest first within each."""
        for workflow in (self, *self.subprocesses.values()):
            yield from workflow.tasks.values()

    @property
    def _caught(self) -> list[Any]:
        caught: list[Any] = self.script_engine.environment.caught
        return caught

    def _ready(self) -> list[Any]:
        """Tasks to run next: interrupting events alone, else the deepest sub-processes first."""
        if self._caught:
            events, self._caught[:] = list(self._caught), []
            return events
        inner = sorted(self.get_active_subprocesses(), key=lambda sub: sub.depth, reverse=True)
        return [
            task
            for workflow in (*inner, self)
            for task in workflow.tasks.values()
            if task._state == TaskState.READY and not task.task_spec.manual
        ]

    def _dropped(self, _workflow: Any, task: Any) -> None:
        """The library leaves the bodies of removed multi-instances running."""
        body = self.subprocesses.pop(task.id, None)
        self.event_manager.remove_task(task)
        if body is not None:
            for inner in list(body.tasks.values()):
                self._dropped(body, inner)


def _is_open(task: Any, state: int) -> bool:
    """It is still in its workflow, that one still in the run, and in this state."""
    workflow = task.workflow
    inside = workflow.parent_task_id is None or (
        workflow.top_workflow.subprocesses.get(workflow.parent_task_id) is workflow
    )
    return inside and task._state == state and workflow.tasks.get(task.id) is task


def _step(task: Any) -> None:
    try:
        task.run()
    except SpiffWorkflowException as exc:
        raise ProcessFaultError(
            "engine.cannot_go_on", element=element_id(task), reason=str(exc).rstrip(". ")[:200]
        ) from exc


def complete_item(task: Any, data: dict[str, Any]) -> None:
    """A person finishes a user task with these process values."""
    task.data.update(data)
    _step(task)


def wake(task: Any) -> None:
    """The clock behind a waiting timer is due."""
    task.internal_data["event_fired"] = True
    task.task_spec._update(task)


def look_again(run: Run) -> None:
    """Facts changed: conditional events look at their conditions."""
    for task in list(run.all_tasks()):
        definition = getattr(task.task_spec, "event_definition", None)
        if task._state == TaskState.WAITING and isinstance(definition, StrictCondition):
            task.task_spec._update(task)


def deliver(task: Any, definition: Any, payload: dict[str, Any]) -> None:
    """A message reaches exactly this waiting task."""
    task.task_spec.catch(task, BpmnEvent(definition, payload=payload))
    task.task_spec._update(task)


def answer_call(task: Any, value: Any) -> None:
    """A call got its answer. Only between two settlings."""
    task.data[task.task_spec.result_variable] = value
    task.complete()


def fail_call(task: Any, code: str, detail: dict[str, Any]) -> bool:
    """A call failed: its nearest error boundary goes on. False where there is none."""
    definition: ErrorEventDefinition = NearestError(code, code=code)
    return raise_outwards(task, definition, detail)
