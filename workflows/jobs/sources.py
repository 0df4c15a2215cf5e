"""Where work comes from: due clocks, outbox rows, unmade documents, the daily anchor.

Each source claims, does and settles one piece at a time. A piece that cannot be done, for whatever
reason, is put off with a growing pause, then set aside for a person; it never stops the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import orjson
import structlog
from sqlalchemy import func, select

from workflows.cases.platform import Platform
from workflows.cases.tables import TimelineAnchor
from workflows.cases.timeline import write_anchor
from workflows.cases.wake import NotWokenError, TogetherError, is_any_due, wake_together
from workflows.documents.make import make_due
from workflows.documents.rendering import Renderer
from workflows.errors import ConflictError, FengqiaoError
from workflows.jobs.failures import describe_failure
from workflows.jobs.heartbeat import worker_name
from workflows.storage import SYSTEM, outbox
from workflows.storage.clock import local_day
from workflows.storage.tables import InstallationSetting
from workflows.storage.upsert import upsert

log = structlog.get_logger("fengqiao.jobs")

Handler: TypeAlias = Callable[[Platform, Mapping[str, Any]], None]
"""Does what one outbox row asks. Must bear being called twice: a crash after the work and before
the row is settled brings it again. Whatever it raises, the row is tried again later."""

CLOSED_BACK = timedelta(minutes=5)
"""An anchor ends this long ago, so that no open transaction slips behind it."""
TOGETHER = 10
"""Runs woken in one transaction. Whoever waits for one of their cases, and on SQLite whoever
writes, waits for all of them: less than a tenth of a second."""
OUTBOX_BATCH = 10
"""Rows claimed at a time."""
LEASE_SECONDS = outbox.LEASE.total_seconds() / 2
"""Of a batch: rows not begun by then are left to the end of their lease, because a row begun late
could still be under way when another worker may have it."""
ANCHORED = "jobs.anchored"
"""Setting: the local day whose anchor some worker has looked after."""
WAY_SECONDS = 2.0
"""Between two documents while clocks are due."""


@dataclass(frozen=True, slots=True)
class ClockSource:
    """Runs with a clock that is due, several in a transaction."""

    platform: Platform
    name: str = "clocks"

    def run_due(self, limit: int) -> int:
        with self.platform.database.reading(SYSTEM) as session:
            if not is_any_due(session, self.platform.clock.now()):
                return 0
        done = 0
        while done < limit and (woken := self._wake(min(TOGETHER, limit - done))):
            done += woken
        return done

    def _wake(self, most: int) -> int:
        """How many runs were woken or put off; 0 where everybody's case is busy."""
        try:
            return wake_together(self.platform, most)
        except ConflictError:
            return 0
        except NotWokenError as failure:
            error = failure.__cause__
            assert isinstance(error, Exception)
            log.warning("run not woken", run=failure.run_id, why=_why(error), **_places(error))
            return 1
        except TogetherError as failure:
            return sum(self._wake(1) for _ in range(failure.runs))


@dataclass(frozen=True, slots=True)
class OutboxSource:
    """Rows that the causing transaction left behind, by topic. Topics nobody handles wait."""

    platform: Platform
    handlers: Mapping[str, Handler]
    name: str = "outbox"
    worker: str = field(default_factory=worker_name)
    monotonic: Callable[[], float] = time.monotonic

    def run_due(self, limit: int) -> int:
        now = self.platform.clock.now()
        if not self._is_due(now):
            return 0
        begun = self.monotonic()
        with self.platform.database.transaction(SYSTEM) as session:
            rows = outbox.claim(
                session,
                now,
                min(limit, OUTBOX_BATCH),
                worker=self.worker,
                topics=tuple(self.handlers),
            )
        for row in rows:
            if self.monotonic() - begun < LEASE_SECONDS:
                self._do(row)
        return len(rows)

    def _is_due(self, now: datetime) -> bool:
        """Looking needs no write lock, which an idle worker would take all day long."""
        with self.platform.database.reading(SYSTEM) as session:
            due_at = outbox.next_due_at(session)
        return due_at is not None and due_at <= now

    def _do(self, row: outbox.Claimed) -> None:
        if row.attempt > outbox.MAX_ATTEMPTS:
            self._give_up(row)
            return
        try:
            self.handlers[row.topic](self.platform, orjson.loads(row.payload))
        except Exception as error:
            self._fail(row, error)
            return
        with self.platform.database.transaction(SYSTEM) as session:
            outbox.done(session, row)

    def _fail(self, row: outbox.Claimed, error: Exception) -> None:
        with self.platform.database.transaction(SYSTEM) as session:
            now = self.platform.clock.now()
            state = outbox.fail(session, row, now=now, error=_why(error))
        log.warning(
            "outbox row failed",
            row=row.id,
            topic=row.topic,
            why=_why(error),
            state=state,
            **_places(error),
        )

    def _give_up(self, row: outbox.Claimed) -> None:
        """A row that was claimed so often and neither done nor failed takes its worker with it."""
        with self.platform.database.transaction(SYSTEM) as session:
            outbox.give_up(session, row, error="every worker that took it ended")
        log.error("outbox row given up", row=row.id, topic=row.topic)


@dataclass(slots=True)
class DocumentSource:
    """Documents nobody has read yet. Claimed singly: laying one out takes up to a lease.

    While clocks are due it makes one in a while only: a due clock may make a paper itself, laying
    one out costs ten times as much as firing it, and whoever opens a paper has it made at once.
    """

    platform: Platform
    renderer: Renderer
    name: str = "documents"
    monotonic: Callable[[], float] = time.monotonic
    _next: float = 0.0

    def run_due(self, limit: int) -> int:
        for made in range(limit):
            if self._gives_way() or not make_due(self.platform, self.renderer, 1):
                return made
            self._next = self.monotonic() + WAY_SECONDS
        return limit

    def _gives_way(self) -> bool:
        if self.monotonic() >= self._next:
            return False
        with self.platform.database.reading(SYSTEM) as session:
            return is_any_due(session, self.platform.clock.now())


@dataclass(slots=True)
class AnchorSource:
    """Once a local day: the digest over the heads of all cases that changed."""

    platform: Platform
    name: str = "anchor"
    _done_for: str = ""

    def run_due(self, limit: int) -> int:  # noqa: ARG002 - one anchor a day is all there is
        until = self.platform.clock.now() - CLOSED_BACK
        day = local_day(until).isoformat()
        if day == self._done_for:
            return 0
        with self.platform.database.transaction(SYSTEM) as session:
            # Two workers that begin at once wait for each other here: an anchor that does not know
            # the one before it breaks the chain of anchors.
            upsert(session, InstallationSetting.__table__, [{"key": ANCHORED, "value": day}])
            newest = session.scalar(select(func.max(TimelineAnchor.until)))
            if newest is None or local_day(newest).isoformat() < day:
                write_anchor(session, until)
        self._done_for = day
        return 0


def _why(error: Exception) -> str:
    """A stable word for the log and the row; the text of a stranger may quote what was typed."""
    return error.message.code if isinstance(error, FengqiaoError) else type(error).__name__


def _places(error: Exception) -> dict[str, list[str]]:
    """Where it happened, unless it is a refusal, which explains itself."""
    return {} if isinstance(error, FengqiaoError | OSError) else describe_failure(error)
