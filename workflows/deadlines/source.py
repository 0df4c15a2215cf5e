"""Where a process gets its rule book from, without reading the tables for every case."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from workflows.deadlines.book import RuleBook
from workflows.storage import SYSTEM, Database

FRESH_SECONDS = 5.0
"""How long another process may go on counting with the rules before a change."""


class RuleBookSource(Protocol):
    """Gives the rule book that counts now."""

    def current(self) -> RuleBook: ...


class FixedRuleBook:
    """Always the same book: tests, scenarios, the gate."""

    def __init__(self, book: RuleBook | None = None) -> None:
        self._book = book or RuleBook.built_in()

    def current(self) -> RuleBook:
        return self._book


class StoredRuleBook:
    """The book of the installation's tables, read again when older than a few seconds.

    Thread-safe. The read has a session of its own, so that it never counts towards, nor waits
    for, the transaction that asks.
    """

    def __init__(
        self,
        database: Database,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._fresh_seconds = fresh_seconds
        self._seconds = seconds
        self._lock = Lock()
        self._book: RuleBook | None = None
        self._read_at = 0.0

    def current(self) -> RuleBook:
        """The book; at most `fresh_seconds` behind the tables."""
        with self._lock:
            now = self._seconds()
            if self._book is None or now - self._read_at >= self._fresh_seconds:
                with self._database.reading(SYSTEM) as session:
                    self._book = RuleBook.load(session)
                self._read_at = now
            return self._book

    def forget(self) -> None:
        """Reads again at the next question: called after this process changed a rule."""
        with self._lock:
            self._book = None
