"""The worker loop: every source in a thread of its own asks for what is due, does it, rests.

A source does its own claiming and commits each piece of work by itself, so a kill between two
pieces loses nothing: what was claimed and not done is claimed again when its lease ends. Threads,
because a due clock must not wait behind fifty documents or an office's slow mail server.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread
from typing import Protocol

import structlog

from workflows.jobs.failures import describe_failure

log = structlog.get_logger("fengqiao.worker")

BATCH = 50
"""Pieces a source does before it looks up again."""
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
    """Runs sources until told to stop."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    def run_once(self) -> int:
        """One turn of every source, one after another. A source that fails is logged and does
        not stop the others."""
        return sum(_turn(source) or 0 for source in self._sources)

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
        """Works until `stop` is set, then ends after the pieces under way.

        Raises RuntimeError when a thread died of something no source may raise: whoever started
        the process starts it again.
        """
        threads = [Thread(target=_keep, args=(one, stop), name=one.name) for one in self._sources]
        for thread in threads:
            thread.start()
        while not stop.wait(IDLE_SECONDS):
            if not all(thread.is_alive() for thread in threads):
                stop.set()
                raise RuntimeError("a source's thread has died")
        for thread in threads:
            thread.join()


def _keep(source: Source, stop: Event) -> None:
    while not stop.is_set():
        done = _turn(source)
        if not done:
            stop.wait(FAULT_SECONDS if done is None else IDLE_SECONDS)


def _turn(source: Source) -> int | None:
    """Pieces done; None if the source failed as a whole."""
    try:
        return source.run_due(BATCH)
    except Exception as error:
        log.error("source failed", source=source.name, **describe_failure(error))
        return None
