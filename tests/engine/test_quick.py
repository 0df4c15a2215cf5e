"""What of the library is written anew (`engine/quick.py`) does what the library's own does."""

from __future__ import annotations

import importlib.util
import sys
from copy import deepcopy
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import SpiffWorkflow.task as task_module
from SpiffWorkflow.bpmn.specs.mixins import subworkflow_task
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState
from SpiffWorkflow.workflow import Workflow

from tests.factories.rollout import KEY, package, scenario
from workflows.engine import quick
from workflows.engine.values import copied
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.world.pure_world import PureWorld

WALKED = ("happy", "failed", "unreachable", "extended_then_expired", "withdrawn")


def shipped(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of the library once more, as it is on the disk."""
    place = importlib.util.find_spec(name)
    assert place is not None
    assert place.origin is not None
    spec = importlib.util.spec_from_file_location(f"{name}_shipped", place.origin)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def states(name: str) -> list[bytes]:
    """Every state of a scenario's run, walked now."""
    written = scenario(name)
    world = PureWorld(package(), written.at)
    run_scenario(written, KEY, world, package().scenario_files)
    assert world.run is not None
    return world.run.states


@pytest.mark.parametrize("name", WALKED)
def test_the_library_alone_comes_to_the_same_states(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = states(name)
    task: Any = shipped("SpiffWorkflow.task", monkeypatch)
    task.time, task.uuid4 = task_module.time, task_module.uuid4
    base: Any = shipped("SpiffWorkflow.specs.base", monkeypatch)
    walks: Any = shipped("SpiffWorkflow.util.task", monkeypatch)
    flows: Any = shipped("SpiffWorkflow.workflow", monkeypatch)
    for part in ("_set_state", "_inherit_data", "_add_child", "_sync_children"):
        monkeypatch.setattr(Task, part, getattr(task.Task, part))
    task.Task = Task
    for part in ("_predict", "_predict_hook"):
        monkeypatch.setattr(TaskSpec, part, getattr(base.TaskSpec, part))
    monkeypatch.setattr(TaskIterator, "__next__", walks.TaskIterator.__next__)
    monkeypatch.setattr(Workflow, "update_waiting_tasks", flows.Workflow.update_waiting_tasks)
    monkeypatch.setattr(subworkflow_task, "deepcopy", deepcopy)
    assert states(name) == ours
    assert len(ours) > 1


def test_it_is_ours_that_runs() -> None:
    assert Task._set_state is quick.set_state
    assert Task._inherit_data is quick.inherit_data
    assert TaskSpec._predict is quick.predict
    assert TaskSpec._predict_hook is quick.predict_hook
    assert TaskIterator.__next__ is quick.next_task
    assert Task._add_child is quick.add_child
    assert Task._sync_children is quick.sync_children
    assert Workflow.update_waiting_tasks is quick.update_waiting_tasks
    assert subworkflow_task.deepcopy is copied


def test_a_walk_in_breadth_is_left_to_the_library() -> None:
    """Ours goes down first; nobody here asks for the other, which must not come out ours."""
    tree = _tree()
    deep = [task.id for task in TaskIterator(tree[0], state=TaskState.ANY_MASK)]
    broad = [task.id for task in TaskIterator(tree[0], depth_first=False)]
    assert deep == [1, 2, 4, 3]
    assert broad == [1, 2, 3, 4]


def _tree() -> list[Task]:
    """1 over 2 and 3, 4 under 2."""
    workflow: Any = SimpleNamespace(tasks={})
    spec: Any = SimpleNamespace(name="s")
    made: list[Task] = []
    for number, parent in ((1, None), (2, 0), (3, 0), (4, 1)):
        task = Task(workflow, spec, state=TaskState.COMPLETED, id=number)  # type: ignore[arg-type]
        if parent is not None:
            task._parent = made[parent].id
            made[parent]._children.append(number)
        made.append(task)
    return made
