"""What keeps a running case on its version: each rule names the element and says why.

A rule looks only at what the run still stands on. A task that waits must find the same kind of
place, with the same events around it; a fork whose branches are still under way must have the same
branches; a join must still expect those who have arrived. Everything ahead may be drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from workflows.engine.gateways import KeepingJoin
from workflows.engine.migrate_rows import NAME, PARENT, Body, Row
from workflows.engine.standing import definitions
from workflows.engine.version import ProcessVersion
from workflows.engine.waiting import Call, Clock
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a case stays on its version. `element`: where, None for the case as a whole."""

    element: str | None
    message: Message


def refuse(code: str, element: str | None = None, **params: object) -> Refusal:
    """A refusal of this room; `engine.migrate_` is put before the code."""
    told = {"element": element or "", **params}
    return Refusal(element, Message(f"engine.migrate_{code}", told))


@dataclass(frozen=True, slots=True)
class Specs:
    """One diagram or sub-process in both versions."""

    old: ProcessVersion
    new: ProcessVersion
    old_spec: Any
    new_spec: Any

    @property
    def here(self) -> Any:
        """The old version's specs by name."""
        return self.old_spec.task_specs

    @property
    def there(self) -> Any:
        """The new version's specs by name."""
        return self.new_spec.task_specs

    def element(self, name: str) -> str | None:
        """The drawn element a spec stands for."""
        return named(self.old, str(getattr(self.here.get(name), "bpmn_id", None) or name))


def named(version: ProcessVersion, name: str) -> str | None:
    """The element that gives a spec its name; None for what is not drawn."""
    known = name.removesuffix(" [child]").split(".Boundary", maxsplit=1)[0]
    return known if known in version.elements else None


def find_refusal(specs: Specs, body: Body) -> Refusal | None:
    """The first reason why these tasks cannot go over; None where there is none."""
    for row in body.alive():
        for rule in _ALIVE:
            code = rule(specs, row, body)
            if code is not None:
                return _at(specs, row, code)
    for row in _open_forks(specs, body):
        if _exits(specs.here[row[NAME]]) != _exits(specs.there.get(row[NAME])):
            return _at(specs, row, "fork_changed")
    return None


def _at(specs: Specs, row: Row, code: str) -> Refusal:
    element = specs.element(row[NAME])
    return refuse(code, element, title=specs.old.title_of(element or row[NAME]))


def _gone(specs: Specs, row: Row, _body: Body) -> str | None:
    return None if row[NAME] in specs.there else "element_gone"


def _other_kind(specs: Specs, row: Row, _body: Body) -> str | None:
    old, new = _both(specs, row)
    if type(old) is type(new):
        return None
    if isinstance(old, LoopTask) or isinstance(new, LoopTask):
        return "many_changed"
    return "kind_changed"


def _other_instances(specs: Specs, row: Row, _body: Body) -> str | None:
    old, new = _both(specs, row)
    if isinstance(old, LoopTask) and _loop(old) != _loop(new):
        return "many_changed"
    return None


def _other_call(specs: Specs, row: Row, _body: Body) -> str | None:
    """A sub-process or called process that runs, an operation whose answer is awaited."""
    old, new = _both(specs, row)
    if isinstance(old, SubWorkflowTask) and old.spec != new.spec:
        return "calls_other"
    if isinstance(old, Call) and old.operation_name != new.operation_name:
        return "operation_changed"
    return None


def _other_event(specs: Specs, row: Row, _body: Body) -> str | None:
    old, new = _both(specs, row)
    if not isinstance(old, CatchingEvent) or _events(old) == _events(new):
        return None
    other = set(_events(old)) ^ set(_events(new))
    return "clock_changed" if any(one[0] == Clock.__name__ for one in other) else "event_changed"


def _other_boundaries(specs: Specs, row: Row, _body: Body) -> str | None:
    old, new = _both(specs, row)
    return None if _boundaries(old) == _boundaries(new) else "boundary_changed"


def _other_join(specs: Specs, row: Row, body: Body) -> str | None:
    """A join some branches have reached: it must still expect them, and as many others."""
    old, new = _both(specs, row)
    if not isinstance(old, KeepingJoin):
        return None
    arrived = {
        body.row(one[PARENT])[NAME]
        for one in body.rows
        if one[NAME] == row[NAME] and one[PARENT] is not None
    }
    expected = {source.name for source in new.inputs}
    still = {name for name in arrived if name in specs.there}
    same = len(expected) == len(old.inputs) and still <= expected
    return None if same else "join_changed"


_ALIVE: tuple[Callable[[Specs, Row, Body], str | None], ...] = (
    _gone,
    _other_kind,
    _other_instances,
    _other_call,
    _other_event,
    _other_boundaries,
    _other_join,
)
"""Rules about a task that is alive, in this order: later ones rely on earlier ones."""


def _both(specs: Specs, row: Row) -> tuple[Any, Any]:
    return specs.here[row[NAME]], specs.there[row[NAME]]


def _loop(spec: Any) -> tuple[Any, ...]:
    parts = ("data_input", "data_output", "input_item", "output_item")
    references = tuple(getattr(getattr(spec, p, None), "bpmn_id", None) for p in parts)
    return (*references, getattr(spec, "cardinality", None), getattr(spec, "task_spec", None))


def _events(spec: Any) -> list[tuple[str, ...]]:
    """What a place waits for, as something that compares."""
    words = ("name", "code", "expression")
    return sorted(
        (type(one).__name__, *(str(getattr(one, word, None) or "").strip() for word in words))
        for one in definitions(spec)
    )


def _boundaries(spec: Any) -> set[tuple[Any, ...]]:
    """The events that stand on an activity; what each waits for is asked of those that wait."""
    return {
        (event.name, event.cancel_activity, *(kind for kind, *_ in _events(event)))
        for split in spec.inputs
        if isinstance(split, BoundaryEventSplit) and not isinstance(spec, BoundaryEvent)
        for event in split.outputs
        if isinstance(event, BoundaryEvent)
    }


def _open_forks(specs: Specs, body: Body) -> Iterator[Row]:
    """Forks that were passed and whose branches have not come together again."""
    for row in body.alive():
        closed = 0
        for above in body.above(row):
            spec = specs.here.get(above[NAME])
            if not isinstance(spec, KeepingJoin):
                continue
            if len(spec.outputs) > 1:
                if closed:
                    closed -= 1
                else:
                    yield above
            closed += len(spec.inputs) > 1


def _exits(spec: Any) -> set[str] | None:
    return {target.name for target in spec.outputs} if isinstance(spec, KeepingJoin) else None
