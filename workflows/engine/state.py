"""State bytes of a run: our own codec, small, stamped with its format, read back exactly.

A state holds tasks that are alive or lie on the way to them, each with what it changed against
its parent; specs are never in it, and what the engine merely predicts is predicted again. The
bytes are opaque: order inside carries meaning, so they are never stored as JSON columns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.counter import counting
from workflows.engine.findings import StateError
from workflows.engine.pruning import ALIVE, PREDICTED
from workflows.engine.run import Run
from workflows.engine.same import same
from workflows.engine.thrown import is_instance
from workflows.engine.values import tagged, untagged

FORMAT = 1
"""Raised whenever the document below changes its shape."""

TYPED = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""orjson would write dates and durations as plain text; `tagged` keeps their types."""

UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType({})
"""Format → function that turns its document into the next format's, applied one after another."""

MAX_BYTES = 16 * 1024 * 1024
"""Size of a state's document; a hundred times the largest one seen."""

_ABSENT = object()


class _Squeezers(threading.local):
    """zstandard objects are not thread-safe: sharing one crashes the process."""

    def __init__(self) -> None:
        self.small = zstandard.ZstdCompressor(level=3, write_checksum=True)
        self.large = zstandard.ZstdDecompressor()


_squeeze = _Squeezers()


def write_state(run: Run, *, process: str, counter: int, ended: str | None) -> bytes:
    """The bytes of a settled run. `counter`: the last engine id drawn."""
    document = {
        "format": FORMAT,
        "process": process,
        "counter": counter,
        "ended": ended,
        "top": _body(run),
        "subs": [[s.parent_task_id, s.spec.name, _body(s)] for s in run.subprocesses.values()],
    }
    return write_document(document)


def write_document(document: Mapping[str, Any]) -> bytes:
    """The bytes of a state's document, as `read_document` gives it."""
    raw = orjson.dumps(document, default=tagged, option=TYPED)
    return bytes(_squeeze.small.compress(raw))


def read_document(
    state: bytes,
    upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = UPGRADES,
    newest: int = FORMAT,
) -> dict[str, Any]:
    """The document of a state in the newest format. StateError where the bytes are none."""
    try:
        raw = _squeeze.large.decompress(state, max_output_size=MAX_BYTES)
        document: dict[str, Any] = orjson.loads(raw)
        number = document["format"]
    except (zstandard.ZstdError, orjson.JSONDecodeError, KeyError, TypeError) as exc:
        raise StateError("engine.state_damaged") from exc
    while number != newest:
        if number not in upgrades:
            raise StateError("engine.state_format", format=number, known=newest)
        document = upgrades[number](document)
        number = document["format"]
    if rb"\u0000" in raw:
        document = untagged(document)
    return document


def read_state(
    state: bytes, *, process: str, spec: Any, subs: Mapping[str, Any], engine: Any, cell: list[int]
) -> tuple[Run, str | None]:
    """The run of a state, and the end it reached if any. Sets the counter `cell` to go on.

    StateError where the state is damaged or belongs to another process or version.
    """
    document = read_document(state)
    if document["process"] != process:
        raise StateError("engine.state_of_other", process=process, other=document["process"])
    try:
        run = _restore(document, spec, subs, engine)
    except (KeyError, TypeError, ValueError, IndexError) as exc:
        raise StateError("engine.state_damaged") from exc
    cell[0] = document["counter"]
    predict(run)
    return run, document["ended"]


def _body(workflow: Any) -> list[Any]:
    gone = {t.id for t in workflow.tasks.values() if t.has_state(PREDICTED)}
    last = workflow.last_task.id if workflow.last_task is not None else None
    rows = [_row(task, gone) for task in workflow.tasks.values() if task.id not in gone]
    return [
        workflow.data,
        workflow.correlations,
        last,
        workflow.success,
        workflow.completed,
        workflow.task_tree.id,
        rows,
    ]


def _row(task: Any, gone: set[int]) -> list[Any]:
    return [
        task.id,
        task._parent,
        [child for child in task._children if child not in gone],
        task._state,
        task.task_spec.name,
        task.last_state_change,
        int(task.triggered),
        task.internal_data or None,
        _change(task),
    ]


def _change(task: Any) -> list[Any] | None:
    """What a task's data has against its parent's: [set, removed], None for nothing."""
    parent = task.parent
    if parent is None:
        return [task.data, []]
    mine, theirs = task.data, parent.data
    put = {
        k: v
        for k, v in mine.items()
        if (other := theirs.get(k, _ABSENT)) is not v and not same(v, other)
    }
    removed = [k for k in theirs if k not in mine]
    return [put, removed] if put or removed else None


def _restore(document: Mapping[str, Any], spec: Any, subs: Mapping[str, Any], engine: Any) -> Run:
    with counting():
        run = Run(spec, subs, script_engine=engine, deserializing=True)
        _fill(run, document["top"], run)
        for number, name, body in document["subs"]:
            workflow = BpmnSubWorkflow(subs[name], number, run, deserializing=True)
            _fill(workflow, body, run)
            run.subprocesses[number] = workflow
            holder = run.get_task_from_id(number)
            workflow.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
    return run


def _fill(workflow: Any, body: list[Any], top: Run) -> None:
    workflow.data, workflow.correlations, last, workflow.success, workflow.completed = body[:5]
    for number, parent, children, state, name, changed, triggered, internal, change in body[6]:
        spec = workflow.spec.task_specs[name]
        task = Task(workflow, spec, state=state, id=number)
        task._parent, task._children, task.last_state_change = parent, children, changed
        task.triggered, task.internal_data = bool(triggered), internal or {}
        put, removed = change or ({}, ())
        task.data = _inherit(workflow.tasks[parent].data) if parent is not None else {}
        for name in removed:
            task.data.pop(name, None)
        task.data.update(put)
        if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
            top.event_manager.add_task(task)
    workflow.task_tree = workflow.tasks[body[5]]
    workflow.last_task = workflow.tasks.get(last)


def _inherit(data: Mapping[str, Any]) -> dict[str, Any]:
    """The library copies containers one level deep when data is inherited; so do we."""
    own = dict(data)
    for name, value in data.items():
        if type(value) is dict or type(value) is list:
            own[name] = value.copy()
    return own


def forget_predicted(run: Run) -> None:
    """What bytes do not keep goes from a run in memory too, so that both go on alike."""
    for workflow in (run, *run.subprocesses.values()):
        gone = {t.id for t in workflow.tasks.values() if t.has_state(PREDICTED)}
        for number in gone:
            parent = workflow.tasks[number]._parent
            if parent not in gone:
                workflow.tasks[parent]._children.remove(number)
        for number in gone:
            del workflow.tasks[number]


def predict(run: Run) -> None:
    """Draws the way ahead of everything alive, as the library wants it before a step."""
    for task in list(run.all_tasks()):
        if task.has_state(ALIVE) and not is_instance(task):
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
