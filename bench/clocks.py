"""How many due clocks a second wake their run, with the worker as it runs in production.

So many `fengqiao worker` processes stand ready beside the database, their packages compiled; then
the clocks of all runs come at once, and the time is taken until the last one has fired. Everything
a worker does goes on meanwhile, the making of the papers too. Each wake is one transaction that is
on the disk when it counts (`bench/due.py` says what happens in it). Afterwards every run is looked
at: woken once, its record whole, its journal giving the same state byte by byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select

from bench.due import RULE, fill, make_due
from bench.figures import Figure
from bench.installation import DIALECTS, ROOT, Installation, installed
from tests.factories.installation import check_run
from workflows.cases.tables import ClockRow
from workflows.cases.timeline import verify
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id

LEAST_A_SECOND = 200
COPIES = 2_000
WARM = 60
"""Runs a worker process wakes before it is measured."""
PROCESSES = (1, 2, 3)
LOOKED_AT = 20
WAIT_SECONDS = 300


def measure() -> Iterator[Figure]:
    """Clocks a second by database and number of workers."""
    for dialect in DIALECTS:
        with installed(dialect) as house:
            for processes in PROCESSES if dialect == "postgresql" else PROCESSES[:2]:
                runs = fill(house, COPIES + WARM * processes)
                with working(house, processes):
                    _wake(house, runs[COPIES:])
                    seconds = _wake(house, runs[:COPIES])
                _check(house, runs)
                yield Figure(
                    f"due clocks a second, {processes} workers ({dialect})", COPIES / seconds, "/s"
                )


@contextmanager
def working(house: Installation, processes: int) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """So many worker processes, ended afterwards."""
    settings = house.settings
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FENGQIAO_DATA": str(settings.data),
        "FENGQIAO_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "worker"]
    quiet = subprocess.DEVNULL
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
        for _ in range(processes)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def _wake(house: Installation, runs: Sequence[int]) -> float:
    """Seconds from the moment the clocks are due until none is left."""
    make_due(house, runs)
    started = time.perf_counter()
    while _waiting(house):
        if time.perf_counter() - started > WAIT_SECONDS:
            raise RuntimeError("clocks are left that nobody fires")
        time.sleep(0.1)
    return time.perf_counter() - started


def _waiting(house: Installation) -> int:
    now = house.platform.clock.now()
    with house.platform.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).where(ClockRow.fires_at <= now)) or 0


def _check(house: Installation, runs: Sequence[int]) -> None:
    with house.platform.database.reading(SYSTEM) as session:
        fired = select(func.count()).where(ClockRow.status == "missed", ClockRow.rule == RULE)
        assert session.scalar(fired.where(ClockRow.run_id.in_(runs))) == len(runs)
        assert not list(verify(session))
    for run_id in runs[:: len(runs) // LOOKED_AT]:
        assert check_run(house.platform, encode_id(run_id))[-1] == "wake"
