"""What waits in a rehearsal's world: messages from outside, and tasks under keys that stay the same
however often a walk is walked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from workflows.cases.decision import NewItem
from workflows.errors import NotVisibleError
from workflows.rollout.scenarios.run_scenario import WITHDRAW, OpenTask
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

Json: TypeAlias = Any


def waited_for(world: PureWorld) -> dict[str, Mapping[str, str]]:
    """Messages from outside that could come now: name → title of what waits for it, or of the
    letter it answers. None once the run has ended."""
    run = world.run
    if run is None or run.ended is not None:
        return {}
    found: dict[str, Mapping[str, str]] = {}
    drawn = run.around.package.process.elements
    if world.package.manifest.senders:
        for _, element in run.active:
            one = drawn[element]
            if one.event == "message" and not one.name.endswith(WITHDRAW):
                found[one.name] = one.title
    mine = [letter for letter in world.post.letters if letter.sender is run and letter.unit is None]
    if mine:
        titles = _catchers(run)
        for name in mine[-1].declared.messages.values():
            found[name] = titles.get(name, mine[-1].declared.title)
    return found


def _catchers(run: PureRun) -> dict[str, Mapping[str, str]]:
    """Message → title of the element that catches it; of several, of one that waits now."""
    drawn = run.around.package.process.elements
    waiting = [drawn[element] for _, element in run.active]
    catches = [one for one in (*drawn.values(), *waiting) if one.event == "message"]
    return {one.name: one.title for one in catches if one.title.get("zh")}


def find_task(world: PureWorld, key: str) -> tuple[OpenTask, PureRun, NewItem]:
    """The open task of that key (`key_of`). Raises NotVisibleError."""
    for task in world.list_tasks():
        if key_of(world, task) == key:
            run, number = task.handle
            return task, run, run.items[number]
    raise NotVisibleError("rollout.rehearsal_task_gone")


def key_of(world: PureWorld, task: OpenTask) -> str:
    """Place of its run in the world, and its number: the same however often it is walked."""
    run, number = task.handle
    return f"{world.runs.index(run)}-{number}"


def step_of(
    world: PureWorld, task: OpenTask, who: str, data: Mapping[str, Json]
) -> dict[str, Json]:
    """Completing a task as a scenario writes it: the data of the task, and which of several."""
    step: dict[str, Json] = {"task": task.element, "as": who, "data": dict(data)}
    if task.package != world.package.manifest.key:
        step["package"] = task.package
    alike = [
        one
        for one in world.list_tasks()
        if (one.package, one.element) == (task.package, task.element)
    ]
    if len(alike) > 1:
        own = task.party is not None and [one.party for one in alike].count(task.party) == 1
        step["pick"] = {"party": task.party} if own else {"nth": alike.index(task)}
    return step
