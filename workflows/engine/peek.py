"""Looks into a stored run without moving it: for forms, drafts and pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.engine.environment import World
from workflows.engine.live import loaded
from workflows.engine.values import plain
from workflows.engine.version import ProcessVersion

_NOWHERE = World({}, (), {}, date.min)
"""Nothing is evaluated while looking."""


def item_data(version: ProcessVersion, state: bytes, number: int) -> dict[str, Any] | None:
    """Process data as an open work item sees it, plain JSON; None where the item is gone."""
    with loaded(version, _NOWHERE, state) as live:
        task = live.standing().items.get(number)
        return plain(task.data) if task is not None else None
