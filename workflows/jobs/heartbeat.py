"""Which workers are alive: each writes a row every ten seconds and removes it when it ends.

Told in the machine's own time, because a process is alive or not whatever the offices' clock says.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from workflows.storage import SYSTEM, Clock, Database, Session
from workflows.storage.clock import SystemClock
from workflows.storage.installation import save_setting
from workflows.storage.tables import InstallationSetting

PREFIX = "jobs.alive/"
BEAT_SECONDS = 10.0
STALE = timedelta(minutes=1)
"""Without a beat for so long a worker is dead or stuck."""
FORGOTTEN = timedelta(days=1)
"""After so long its row goes: nobody will restart that process."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One worker's last sign. `worker`: "host:process id"."""

    worker: str
    at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Whether the worker should have beaten again by `now` (the machine's time)."""
        return now - self.at > STALE


def worker_name() -> str:
    """What this process is called in rows and logs."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def list_beats(session: Session) -> tuple[Beat, ...]:
    """The last sign of every worker that did not end properly, newest first."""
    rows = session.execute(
        select(InstallationSetting.key, InstallationSetting.value).where(
            InstallationSetting.key.startswith(PREFIX)
        )
    )
    beats = [Beat(key.removeprefix(PREFIX), datetime.fromisoformat(at)) for key, at in rows]
    return tuple(sorted(beats, key=lambda beat: beat.at, reverse=True))


@dataclass(slots=True)
class HeartbeatSource:
    """Says every ten seconds that this process works."""

    database: Database
    name: str = "heartbeat"
    worker: str = field(default_factory=worker_name)
    clock: Clock = field(default_factory=SystemClock)
    monotonic: Callable[[], float] = time.monotonic
    _next: float = 0.0

    def run_due(self, limit: int) -> int:  # noqa: ARG002 - one row is all there is
        if self.monotonic() < self._next:
            return 0
        now = self.clock.now()
        with self.database.transaction(SYSTEM) as session:
            save_setting(session, PREFIX + self.worker, now.isoformat())
            for beat in list_beats(session):
                if now - beat.at > FORGOTTEN:
                    _remove(session, beat.worker)
        self._next = self.monotonic() + BEAT_SECONDS
        return 0

    def end(self) -> None:
        """The worker stops because it was told to: nobody shall look for it."""
        with self.database.transaction(SYSTEM) as session:
            _remove(session, self.worker)


def _remove(session: Session, worker: str) -> None:
    session.execute(delete(InstallationSetting).where(InstallationSetting.key == PREFIX + worker))
