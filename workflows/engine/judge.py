"""Asks a decision of a stored run's version about the run as it stands, without moving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.engine.environment import World, speaking
from workflows.engine.live import loaded
from workflows.engine.values import kept, plain
from workflows.engine.version import ProcessVersion
from workflows.errors import ProcessFaultError
from workflows.feel import using_day


def judge(
    version: ProcessVersion, world: World, state: bytes, number: int, decision: str
) -> Mapping[str, Any]:
    """The decision's outputs by name, plain JSON, with the data an open work item sees.

    Raises ProcessFaultError: no such item or decision, no rule that fits, an expression that fails.
    """
    called = version.decisions.get(decision)
    with loaded(version, world, state) as live:
        task = live.standing().items.get(number)
        if called is None or task is None:
            raise ProcessFaultError("engine.decision_missing", element="", decision=decision)
        context = live.environment.decision_context(called.words, task.data)
    with using_day(world.today):
        value = speaking(decision, lambda: called.source.explain(decision, context).value)
    outputs = called.values(value)
    if outputs is None:
        raise ProcessFaultError("engine.decision_null", element="", decision=decision)
    return plain(kept(outputs))  # type: ignore[no-any-return]
