"""Where a process gets its rule book from, without reading the tables for every case."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from workflows.deadlines.book import RuleBook
from workflows.storage import Session

FRESH_SECONDS = 60.0
"""How long another process may go on counting with the rules before a change."""


class StoredRuleBook:
    """The book of the installation's tables, read again when it is a minute old. Thread-safe."""

    def __init__(
        self,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fresh_seconds = fresh_seconds
        self._seconds = seconds
        self._lock = Lock()
        self._book: RuleBook | None = None
        self._read_at = 0.0

    def __call__(self, session: Session) -> RuleBook:
        """The book; reads through `session` (two to four statements) when it is too old."""
        with self._lock:
            now = self._seconds()
            if self._book is None or now - self._read_at >= self._fresh_seconds:
                self._book = RuleBook.load(session)
                self._read_at = now
            return self._book

    def forget(self) -> None:
        """Reads again at the next question: called after this process changed a rule."""
        with self._lock:
            self._book = None
