"""Where work comes from: due clocks, outbox rows, unmade documents, the daily anchor.

Each source claims, does and settles one piece at a time. A piece that cannot be done is put off
with a growing pause, then set aside for a person; it never stops the others.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import orjson
import structlog

from workflows.cases.platform import Platform
from workflows.cases.timeline import write_anchor
from workflows.cases.wake import due_runs, put_off, wake_run
from workflows.documents.make import make_due
from workflows.documents.rendering import Renderer
from workflows.errors import FengqiaoError
from workflows.storage import SYSTEM, outbox
from workflows.storage.clock import local_day

log = structlog.get_logger("fengqiao.jobs")

Handler: TypeAlias = Callable[[Platform, Mapping[str, Any]], None]
"""Does what one outbox row asks. Must bear being called twice: a crash after the work and before
the row is settled brings it again. Raises FengqiaoError or OSError to be tried later."""

CLOSED_BACK = timedelta(minutes=5)
"""An anchor ends this long ago, so that no open transaction slips behind it."""


@dataclass(frozen=True, slots=True)
class ClockSource:
    """Runs with a clock that is due."""

    platform: Platform
    name: str = "clocks"

    def run_due(self, limit: int) -> int:
        with self.platform.database.reading(SYSTEM) as session:
            runs = due_runs(session, self.platform.clock.now(), limit)
        for run_id in runs:
            try:
                wake_run(self.platform, run_id)
            except FengqiaoError as error:
                log.warning("run not woken", run=run_id, code=error.message.code)
                put_off(self.platform, run_id)
        return len(runs)


@dataclass(frozen=True, slots=True)
class OutboxSource:
    """Rows that the causing transaction left behind, by topic. Topics nobody handles wait."""

    platform: Platform
    handlers: Mapping[str, Handler]
    name: str = "outbox"
    worker: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")

    def run_due(self, limit: int) -> int:
        with self.platform.database.transaction(SYSTEM) as session:
            rows = outbox.claim(
                session,
                self.platform.clock.now(),
                limit,
                worker=self.worker,
                topics=tuple(self.handlers),
            )
        for row in rows:
            self._do(row)
        return len(rows)

    def _do(self, row: outbox.Claimed) -> None:
        try:
            self.handlers[row.topic](self.platform, orjson.loads(row.payload))
        except (FengqiaoError, OSError) as error:
            why = error.message.code if isinstance(error, FengqiaoError) else type(error).__name__
            with self.platform.database.transaction(SYSTEM) as session:
                now = self.platform.clock.now()
                state = outbox.fail(session, row, now=now, error=str(error))
            log.warning("outbox row failed", row=row.id, topic=row.topic, why=why, state=state)
            return
        with self.platform.database.transaction(SYSTEM) as session:
            outbox.done(session, row)


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """Documents nobody has read yet."""

    platform: Platform
    renderer: Renderer
    name: str = "documents"

    def run_due(self, limit: int) -> int:
        return make_due(self.platform, self.renderer, limit)


@dataclass(slots=True)
class AnchorSource:
    """Once a local day: the digest over the heads of all cases that changed."""

    platform: Platform
    name: str = "anchor"
    _done_for: str = ""

    def run_due(self, limit: int) -> int:  # noqa: ARG002 - one anchor a day is all there is
        now = self.platform.clock.now()
        day = local_day(now - CLOSED_BACK).isoformat()
        if day == self._done_for:
            return 0
        with self.platform.database.transaction(SYSTEM) as session:
            write_anchor(session, now - CLOSED_BACK)
        self._done_for = day
        return 0
