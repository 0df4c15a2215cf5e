"""Gateways as BPMN means them: one true exit, and joins that lose nothing.

The library takes the first true exit in the order of the targets' height on the page, treats null
as false, and merges parallel branches so that a branch which never touched a name reverts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway, ExclusiveGateway, ParallelGateway
from SpiffWorkflow.util.task import TaskState

from workflows.engine.environment import element_id
from workflows.engine.same import same
from workflows.engine.values import copied, shown
from workflows.errors import ProcessFaultError


class Choice(ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway: every condition true or false, exactly one true (or the default)."""

    def _run_hook(self, my_task: Any) -> bool:
        element = element_id(my_task)
        hits: list[str] = []
        for condition, target in self.cond_task_specs:
            if condition is None:
                continue
            value = condition._matches(my_task)
            if not isinstance(value, bool):
                raise ProcessFaultError(
                    "engine.condition_not_boolean",
                    element=element,
                    condition=condition.args[0],
                    got=shown(value),
                )
            if value:
                hits.append(target)
        if len(hits) > 1:
            raise ProcessFaultError("engine.two_exits", element=element, exits=", ".join(hits))
        target = hits[0] if hits else self.default_task_spec
        if target is None:
            raise ProcessFaultError("engine.no_exit", element=element)
        my_task._sync_children([my_task.workflow.spec.task_specs[target]], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class KeepingJoin(ParallelGateway):  # type: ignore[misc]
    """A parallel join that counts this round's arrivals only and merges what each branch changed.

    Stock bugs: a join cancelled in an earlier round of a loop counts as an arrival of this one;
    a branch reverts every name it did not touch.
    """

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        here = {task.parent.task_spec.name for task in self._arrived(my_task)}
        here.add(my_task.parent.task_spec.name)
        return all(source.name in here for source in self.inputs)

    def _run_hook(self, my_task: Any) -> bool:
        others = [task for task in self._arrived(my_task) if not task._children]
        merge_branches(my_task, others, self.bpmn_id)
        return True

    def _arrived(self, my_task: Any) -> list[Any]:
        """Tasks of this join, other than `my_task`, whose branch has arrived in this round."""
        ancestors = set(line_of(my_task))
        earlier = next(
            (t for t in ancestors_of(my_task) if t.task_spec is self),
            None,
        )
        return [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self
            and task is not my_task
            and task.id not in ancestors
            and task.parent.state == TaskState.COMPLETED
            and (earlier is None or earlier.id in line_of(task))
            and my_task.id not in line_of(task)
        ]


class KeepingEnd(_EndJoin):  # type: ignore[misc]
    """The invisible join behind a process's end events; merges like `KeepingJoin`."""

    def _run_hook(self, my_task: Any) -> bool:
        others = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self
            and task is not my_task
            and task.has_state(TaskState.FINISHED_MASK)
            and task.parent.state == TaskState.COMPLETED
        ]
        merge_branches(my_task, others, None)
        my_task.workflow.data.update(my_task.data)
        return True


class EventGateway(EventBasedGateway):  # type: ignore[misc]
    """An event-based gateway that forgets what it saw once it has chosen: a state cannot hold
    the library's event objects."""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        for name in ("seen_events", "clock"):
            my_task.internal_data.pop(name, None)
        return True


def merge_branches(my_task: Any, others: Iterable[Any], element: str | None) -> None:
    """Data of the join `my_task`: the last common ancestor's, with what each branch changed.

    At a drawn join (`element`) two branches that wrote one name differently are a
    ProcessFaultError; behind the ends of a process the later one counts.
    """
    branches = sorted([*others, my_task], key=lambda task: task.parent.last_state_change)
    if len(branches) == 1:
        my_task.data = dict(my_task.parent.data)
        return
    lines = [line_of(task) for task in branches]
    common = set(lines[0]).intersection(*lines[1:])
    base = my_task.workflow.tasks[next(id_ for id_ in lines[0] if id_ in common)].data
    merged = copied(base)
    wrote: dict[str, Any] = {}
    for branch in branches:
        data = branch.parent.data
        for name in [name for name in base if name not in data]:
            merged.pop(name, None)
        for name, value in data.items():
            if name in base and same(value, base[name]):
                continue
            if element and name in wrote and not same(wrote[name], value):
                raise ProcessFaultError("engine.two_branches_wrote", element=element, name=name)
            wrote[name] = value
            merged[name] = copied(value)
    my_task.data = merged


def ancestors_of(task: Any) -> Iterable[Any]:
    """The parents of a task, nearest first."""
    task = task.parent
    while task is not None:
        yield task
        task = task.parent


def line_of(task: Any) -> list[Any]:
    """Ids of a task and its ancestors, itself first."""
    return [task.id, *(parent.id for parent in ancestors_of(task))]
