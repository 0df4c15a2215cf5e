"""One state from one version of a process to another: the same tasks, nothing begun again.

The library's own migration starts running clocks anew and loses what stands on ready tasks
(ENGINE_NOTES' table is kept as tests). Here the same document is read under the other version:
what is alive stays as it is, what the engine merely predicted is predicted again, and steps that
were passed and are no longer drawn are cut out of the way behind. What cannot be carried over is
refused with its reason (`migrate_checks.py`), and what is not refused is tried on a copy
(`migrate_trial.py`) before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.migrate_checks import Refusal, Specs, find_refusal, named, refuse
from workflows.engine.migrate_rows import CHANGE, CHILDREN, ID, NAME, PARENT, STATE, Body
from workflows.engine.migrate_trial import try_out
from workflows.engine.pruning import prune
from workflows.engine.state import read_document, write_document, write_state
from workflows.engine.version import ProcessVersion


def migrate_state(
    state: bytes, old: ProcessVersion, new: ProcessVersion, world: World
) -> bytes | Refusal:
    """The state under `new`, or why it has to stay with `old`.

    `world`: the facts of the moment; only the trial on a copy reads them. Numbers of tasks, clocks
    and calls stay the same, and so does the counter. StateError where the bytes cannot be read.
    Changes nothing but what it returns.
    """
    document = read_document(state)
    if document["ended"] is not None:
        return refuse("ended")
    if old.key != new.key:
        return refuse("other_process", process=old.key, other=new.key)
    for name, specs, body in _bodies(document, old, new):
        if specs is None:
            return refuse("process_gone", named(old, name), title=old.title_of(name))
        refusal = find_refusal(specs, body) or _forget_passed(specs, body)
        if refusal is not None:
            return refusal
    _forget_bodies(document)
    moved = _settled(write_document(document), new, world)
    return try_out(state, moved, old, new, world) or moved


def _bodies(
    document: Mapping[str, Any], old: ProcessVersion, new: ProcessVersion
) -> list[tuple[str, Specs | None, Body]]:
    """Every body with what draws it in both versions; None where the new one does not."""
    found: list[tuple[str, Specs | None, Body]] = [
        (old.key, Specs(old, new, old.spec, new.spec), Body(document["top"]))
    ]
    for _number, name, raw in document["subs"]:
        there = new.subs.get(name)
        specs = None if there is None else Specs(old, new, old.subs[name], there)
        found.append((name, specs, Body(raw)))
    return found


def _settled(state: bytes, new: ProcessVersion, world: World) -> bytes:
    """As the codec writes it when it has read it once; the counter stays where it stood."""
    counter = read_document(state)["counter"]
    with loaded(new, world, state) as live:
        prune(live.run)
        return write_state(live.run, process=new.key, counter=counter, ended=None)


def _forget_passed(specs: Specs, body: Body) -> Refusal | None:
    """Cuts finished tasks of elements that are no longer drawn out of the way that led here."""
    for row in reversed(list(body.rows)):
        if row[NAME] in specs.there:
            continue
        dead = [child for child in row[CHILDREN] if _is_dead(body, child)]
        for child in dead:
            body.drop(child)
        watched = isinstance(specs.here[row[NAME]], BoundaryEventSplit)
        if (len(row[CHILDREN]) > 1 and not watched) or row[PARENT] is None:
            element = specs.element(row[NAME])
            return refuse("passed_gone", element, title=specs.old.title_of(element or row[NAME]))
        _cut(body, row)
    return None


def _is_dead(body: Body, number: int) -> bool:
    """It is finished with everything below it. A branch that waits for others at a join is not."""
    row = body.row(number)
    return bool(row[STATE] & TaskState.FINISHED_MASK) and all(
        _is_dead(body, child) for child in row[CHILDREN]
    )


def _cut(body: Body, row: list[Any]) -> None:
    """What follows on the task hangs on its parent, with the changes of both."""
    parent = body.row(row[PARENT])
    place = parent[CHILDREN].index(row[ID])
    parent[CHILDREN][place : place + 1] = row[CHILDREN]
    for number in row[CHILDREN]:
        child = body.row(number)
        child[PARENT] = parent[ID]
        child[CHANGE] = _both(row[CHANGE], child[CHANGE])
    body.remove(row)


def _both(first: list[Any] | None, second: list[Any] | None) -> list[Any] | None:
    """Two changes, one after the other, as one: [set, removed]."""
    if first is None or second is None:
        return first or second
    put = {name: value for name, value in first[0].items() if name not in second[1]}
    removed = [name for name in first[1] if name not in second[0]]
    return [{**put, **second[0]}, [*removed, *(n for n in second[1] if n not in removed)]]


def _forget_bodies(document: dict[str, Any]) -> None:
    """Bodies of activities that were cut out have nobody to go back to."""
    tasks = {row[ID] for row in Body(document["top"]).rows}
    tasks.update(row[ID] for _, _, raw in document["subs"] for row in Body(raw).rows)
    document["subs"] = [sub for sub in document["subs"] if sub[0] in tasks]
