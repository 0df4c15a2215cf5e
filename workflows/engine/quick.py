"""Small parts of SpiffWorkflow that a step calls a hundred times, written anew: the same results,
the same tasks and ids in the same order, in less time. Imported once, by `run.py`.

They took half of a step. Left out is what nobody here uses: a log record at each change of a
state, and the depth at which the library's walks stop silently (`run.py` prunes long before). Each
is tested against the library's own (tests/engine/test_quick.py).
"""

from __future__ import annotations

from typing import Any, NoReturn

import SpiffWorkflow.task as task_module
from SpiffWorkflow.bpmn.specs.mixins import subworkflow_task
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskIterator, TaskState
from SpiffWorkflow.workflow import Workflow

from workflows.engine.values import copied

_PREDICTED, _DEFINITE = TaskState.PREDICTED_MASK, TaskState.DEFINITE_MASK
_walk_on = TaskIterator.__next__
_add_child, _sync_children = Task._add_child, Task._sync_children
_update_waiting = Workflow.update_waiting_tasks


def set_state(task: Any, value: int) -> None:
    """`Task._set_state`. It reads the clock twice: the counter must stand where it stood."""
    if value != task._state:
        task_module.time.time()
        task.last_state_change = task_module.time.time()
        task._state = value


def inherit_data(task: Any) -> None:
    """`Task._inherit_data`. Containers are copied one level deep."""
    theirs = task.workflow.tasks[task._parent].data
    if task.data:
        DeepMerge.merge(task.data, theirs)
        return
    for name, value in theirs.items():
        task.data[name] = value.copy() if type(value) in (dict, list, set) else value


def next_task(walk: Any) -> Any:
    """`TaskIterator.__next__`: from a task downwards, children before neighbours. What a task's
    children are is asked before the task is given out."""
    if type(walk) is not TaskIterator or not walk.depth_first:
        return _walk_on(walk)
    left, wanted = walk.task_list, walk.task_filter
    while left:
        task = left.pop(0)
        children = task._children
        if children and task._state >= walk.min_state and task.task_spec.name != walk.end_at_spec:
            tasks = task.workflow.tasks
            left[:0] = [tasks.get(number) for number in children]
        if task._state & wanted.state and wanted.matches(task):
            return task
    _stop()


def predict(
    spec: Any, task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = _PREDICTED
) -> None:
    """`TaskSpec._predict`. The library looks for tasks among the specs it has `seen` and finds
    none; what ends the way ahead is how far it looks."""
    if task._state & mask:
        spec._predict_hook(task)
    if not task._state & _DEFINITE and looked_ahead + 1 >= spec.lookahead:
        return
    tasks = task.workflow.tasks
    for child in [tasks.get(number) for number in task._children]:
        if child._state & mask:
            child.task_spec._predict(child, seen, looked_ahead + 1, mask)


def predict_hook(spec: Any, task: Any) -> None:
    """`TaskSpec._predict_hook`. Ends have nothing behind them."""
    if not spec._outputs and not task._children:
        return
    specs = spec._wf_spec.task_specs
    state = TaskState.FUTURE if task._state & _DEFINITE else task._state
    sync_children(task, [specs[name] for name in spec._outputs], state)


def add_child(task: Any, spec: Any, state: int = TaskState.MAYBE) -> Any:
    """`Task._add_child`. The number is drawn before the moment."""
    if state == TaskState.READY or (task._state & _PREDICTED and not state & _PREDICTED):
        return _add_child(task, spec, state)
    child = Task.__new__(Task)
    number = child.id = task_module.uuid4()
    workflow = child.workflow = task.workflow
    workflow.tasks[number] = child
    child._parent, child._children, child._state = task.id, [], state
    child.triggered, child.task_spec, child.thread_id = False, spec, task.thread_id
    child.data, child.internal_data = {}, {}
    child.last_state_change = task_module.time.time()
    task._children.append(number)
    return child


def sync_children(task: Any, specs: Any, state: int = TaskState.MAYBE) -> None:
    """`Task._sync_children`. Most tasks have no children yet."""
    if task._children:
        _sync_children(task, specs, state)
        return
    for spec in specs:
        add_child(task, spec, state)


def update_waiting_tasks(workflow: Any) -> None:
    """`Workflow.update_waiting_tasks`. Mostly nothing waits."""
    if any(task._state == TaskState.WAITING for task in workflow.tasks.values()):
        _update_waiting(workflow)


def _stop() -> NoReturn:
    raise StopIteration


def _install() -> None:
    Task._set_state = set_state
    Task._inherit_data = inherit_data
    TaskIterator.__next__ = next_task
    TaskSpec._predict = predict
    TaskSpec._predict_hook = predict_hook
    Task._add_child = add_child
    Task._sync_children = sync_children
    Workflow.update_waiting_tasks = update_waiting_tasks
    subworkflow_task.deepcopy = copied


_install()
