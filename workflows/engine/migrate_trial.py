"""A migrated state tried on a copy: it must come back byte for byte, and whatever waits must be
able to take its next step wherever it could under the old version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from workflows.engine.environment import World, element_id
from workflows.engine.live import loaded
from workflows.engine.migrate_checks import Refusal, refuse
from workflows.engine.pruning import prune
from workflows.engine.run import answer_call, complete_item, deliver, wake
from workflows.engine.standing import Standing
from workflows.engine.state import read_document, write_state
from workflows.engine.version import ProcessVersion
from workflows.errors import FengqiaoError

BREAKS = (FengqiaoError, SpiffWorkflowException, LookupError, TypeError, ValueError, AttributeError)
"""What a step into a diagram that does not fit raises: of ours, of the library, of Python."""


def try_out(
    state: bytes, moved: bytes, old: ProcessVersion, new: ProcessVersion, world: World
) -> Refusal | None:
    """What goes wrong on the copy; None where nothing does."""
    with loaded(new, world, moved) as live:
        before = _waiting(old, world, state)
        after = sorted(_steps(live.standing()))
        prune(live.run)
        counter = read_document(moved)["counter"]
        again = write_state(live.run, process=new.key, counter=counter, ended=None)
    if again != moved or [number for number, _ in after] != before:
        return refuse("not_same")
    for number, _element in after:
        broken = _broken(new, world, moved, number)
        if broken is not None and _broken(old, world, state, number) is None:
            return refuse("step_fails", broken, title=new.title_of(broken))
    return None


def _waiting(version: ProcessVersion, world: World, state: bytes) -> list[int]:
    with loaded(version, world, state) as live:
        return [number for number, _ in sorted(_steps(live.standing()))]


def _steps(found: Standing) -> Iterator[tuple[int, str]]:
    """Number and element of everything that waits for somebody or something."""
    numbered = {**found.items, **found.clocks, **found.calls}
    numbered.update({waiting.task.id: waiting.task for waiting in found.messages})
    yield from ((number, element_id(task)) for number, task in numbered.items())


def _broken(version: ProcessVersion, world: World, state: bytes, number: int) -> str | None:
    """The element whose next step fails under a version; None where it goes."""
    with loaded(version, world, state) as live:
        found = live.standing()
        task = dict(_tasks(found))[number]
        try:
            _take(found, number, task)
        except BREAKS:
            return element_id(task)
    return None


def _tasks(found: Standing) -> Iterator[tuple[int, Any]]:
    yield from found.items.items()
    yield from found.clocks.items()
    yield from found.calls.items()
    yield from ((waiting.task.id, waiting.task) for waiting in found.messages)


def _take(found: Standing, number: int, task: Any) -> None:
    """The step alone: what follows depends on what somebody will enter."""
    if number in found.items:
        complete_item(task, {})
    elif number in found.calls:
        answer_call(task, {})
    elif number in found.clocks:
        wake(task)
    else:
        waiting = next(one for one in found.messages if one.task is task)
        deliver(task, waiting.definition, {})
