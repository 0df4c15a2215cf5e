"""The worker loop: asks each source for what is due, does it, sleeps when nothing is.

A source does its own claiming and commits each piece of work by itself, so a kill between two
pieces loses nothing: what was claimed and not done is claimed again when its lease ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Protocol

import structlog

log = structlog.get_logger("fengqiao.worker")

BATCH = 50
"""Pieces a source does before the next source has its turn."""
IDLE_SECONDS = 0.4
"""Pause when nothing was due; a due clock acts within two seconds."""
FAULT_SECONDS = 2.0
"""Pause after a source failed as a whole (database away), so that the log stays readable."""


class Source(Protocol):
    """Somewhere work comes from."""

    name: str

    def run_due(self, limit: int) -> int:
        """Does up to `limit` pieces that are due now; returns how many were done or put off."""


class Worker:
    """Runs sources in turn until told to stop."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    def run_once(self) -> int:
        """One turn of every source. A source that fails is logged and does not stop the others."""
        return sum(self._turn(source) for source in self._sources)

    def run_until_idle(self, most_turns: int = 10_000) -> int:
        """Turns until nothing is due (tests, the movable clock); returns the pieces done.

        Raises RuntimeError after `most_turns`: something makes work for itself without end.
        """
        total = 0
        for _ in range(most_turns):
            done = self.run_once()
            if not done:
                return total
            total += done
        raise RuntimeError(f"still work after {most_turns} turns")

    def run(self, stop: Event) -> None:
        """Turns until `stop` is set."""
        while not stop.is_set():
            if not self.run_once():
                stop.wait(IDLE_SECONDS)

    def _turn(self, source: Source) -> int:
        try:
            return source.run_due(BATCH)
        except Exception:
            log.exception("source failed", source=source.name)
            Event().wait(FAULT_SECONDS)
            return 0
