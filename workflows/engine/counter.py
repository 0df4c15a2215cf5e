"""Deterministic ids: SpiffWorkflow's UUIDs and clock readings become one counter.

The library names every task by `uuid4()` and stamps it with `time.time()`, both looked up in its
module `SpiffWorkflow.task`. Here both draw from a counter that belongs to the run and is kept in
its state, so the same commands give the same bytes, ids are small integers, and "later" still
compares as later. Outside `counting()` the library behaves as shipped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import SpiffWorkflow.task as task_module

_counter: ContextVar[list[int] | None] = ContextVar("engine_counter", default=None)


@contextmanager
def counting(cell: list[int] | None = None) -> Iterator[list[int]]:
    """Within the block engine ids go on from the counter, a list of one number; a new one begins
    at 1. Yields it; blocks nest and threads do not see each other."""
    cell = [0] if cell is None else cell
    token = _counter.set(cell)
    try:
        yield cell
    finally:
        _counter.reset(token)


def _install() -> None:
    shipped: Callable[[], Any] = task_module.uuid4

    def next_id() -> Any:
        cell = _counter.get()
        if cell is None:
            return shipped()
        cell[0] += 1
        return cell[0]

    def next_moment() -> float:
        cell = _counter.get()
        if cell is None:
            return time.time()
        cell[0] += 1
        return cell[0]

    task_module.uuid4 = next_id
    task_module.time = SimpleNamespace(time=next_moment)
    # Below INFO the library copies every task into each log record, wanted or not.
    for name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
        logging.getLogger(name).setLevel(logging.ERROR)


_install()
