"""Forgets what nobody can come back to, so that round 200 of a loop costs what round 1 did.

Two cuts: bodies of finished activities, and the way between two visits of one element when
nothing on it is alive. The task tree is no audit record; the timeline is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from workflows.engine.same import same
from workflows.engine.thrown import find_task

ALIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
PREDICTED = TaskState.MAYBE | TaskState.LIKELY | TaskState.FUTURE


def prune(run: Any) -> None:
    """Cuts a settled run in place. What can still happen to it does not change."""
    for number in [n for n, body in run.subprocesses.items() if body.completed]:
        task = find_task(run, number)
        if task is None or task.has_state(TaskState.FINISHED_MASK):
            run.subprocesses.pop(number)
    for number in list(run.subprocesses):
        if find_task(run, number) is None:
            run.subprocesses.pop(number)
    for workflow in (run, *run.subprocesses.values()):
        _collapse(workflow)


def _collapse(workflow: Any) -> None:
    living = [t for t in workflow.tasks.values() if t.has_state(ALIVE) and not _is_end(t)]
    for task in living:
        if workflow.tasks.get(task.id) is task:
            while _cut_one(workflow, task):
                pass


def _cut_one(workflow: Any, living: Any) -> bool:
    """Cuts one round out of the way that led to a living task. False where there is none."""
    seen: dict[str, Any] = {}
    for task in _finished_way(living):
        later = seen.get(task.task_spec.name)
        if later is None:
            seen[task.task_spec.name] = task
        elif _splice(workflow, task, later):
            return True
    return False


def _finished_way(living: Any) -> Iterator[Any]:
    task = living.parent
    while task is not None:
        if (
            task._state == TaskState.COMPLETED
            and not task.triggered
            and task._parent is not None
            and not isinstance(task.task_spec, LoopTask)
        ):
            yield task
        task = task.parent


def _splice(workflow: Any, older: Any, newer: Any) -> bool:
    """The older visit takes the place of the newer one of the same element; what lies between
    goes. False where something between is alive, or ended with data of its own."""
    kept = {task.id for task in newer}
    between = [task for task in older if task is not older and task.id not in kept]
    if not all(_is_dead(task, older) for task in between):
        return False
    older.data, older.internal_data = newer.data, newer.internal_data
    older.last_state_change = newer.last_state_change
    older._children = list(newer._children)
    for child in older._children:
        workflow.tasks[child]._parent = older.id
    top = workflow.top_workflow
    for number in [task.id for task in between] + [newer.id]:
        workflow.tasks.pop(number, None)
        top.subprocesses.pop(number, None)
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = older
    return True


def _is_dead(task: Any, older: Any) -> bool:
    if task.triggered:
        return False
    if _is_end(task) and task._state == TaskState.WAITING:
        return same(task.parent.data, older.data)
    return bool(task.has_state(TaskState.FINISHED_MASK | PREDICTED))


def _is_end(task: Any) -> bool:
    """The join behind end events: it waits for everybody and holds nobody up."""
    return isinstance(task.task_spec, _EndJoin)
