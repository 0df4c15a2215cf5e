"""What one evaluation may still spend, and the values it has already found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.limits import MAX_CALLS, MAX_DEPTH, MAX_SECONDS


class Allowance:
    """Calls, depth and time left. Not shared between threads."""

    __slots__ = ("_calls", "_deadline", "_depth")

    def __init__(self) -> None:
        self._calls = 0
        self._depth = 0
        self._deadline = monotonic() + MAX_SECONDS

    def spend(self, where: Where) -> None:
        """One call or loop round more. DecisionError `limit_calls`, `limit_time`."""
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise fault(where, "limit_calls", most=MAX_CALLS)
        if monotonic() > self._deadline:
            raise fault(where, "limit_time", seconds=MAX_SECONDS)

    @contextmanager
    def inside(self, where: Where) -> Iterator[None]:
        """A knowledge model or service is running. DecisionError `limit_depth`."""
        self.spend(where)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise fault(where, "limit_depth", most=MAX_DEPTH)
            yield
        finally:
            self._depth -= 1


class Running:
    """One evaluation of a decision or service: where inputs come from and what is decided."""

    __slots__ = ("allowance", "context", "values")

    def __init__(
        self, context: Mapping[str, Any], allowance: Allowance, values: dict[str, Any]
    ) -> None:
        self.context = context
        self.allowance = allowance
        self.values = values
        """Decision id → value, of those made or given so far."""
