"""How many due clocks a second wake their run, with the worker as it runs in production.

So many `fengqiao worker` processes stand ready beside the database, their packages compiled; then
the clocks of all runs come at once, and the time is taken until the last one has fired. Everything
a worker does goes on meanwhile, the making of the papers too. A wake is on the disk when it counts
(`bench/due.py` says what happens in it). Afterwards every run is looked
at: woken once, its record whole, its journal giving the same state byte by byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.due import DEAREST, LIGHT, Kind, fill, make_due
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
    """Clocks a second by database, kind of clock and number of workers."""
    for dialect in DIALECTS:
        with installed(dialect) as house:
            for kind in (DEAREST, LIGHT):
                for processes in PROCESSES if dialect == "postgresql" else PROCESSES[:2]:
                    yield from _rate(house, kind, processes)


def _rate(house: Installation, kind: Kind, processes: int) -> Iterator[Figure]:
    runs = fill(house, COPIES + WARM * processes, kind)
    with working(house, processes) as workers:
        _wake(house, runs[COPIES:], kind)
        before = sum(map(_processor_seconds, workers))
        seconds = _wake(house, runs[:COPIES], kind)
        worked = sum(map(_processor_seconds, workers)) - before
    _check(house, runs, kind)
    what = f"{kind.name}, {processes} workers ({house.dialect})"
    yield Figure(f"due clocks a second, {what}", COPIES / seconds, "/s")
    yield Figure(f"- processor time a clock, {what}", worked / COPIES * 1000, "ms")


def _processor_seconds(worker: subprocess.Popen[bytes]) -> float:
    """What a process has used until now, its threads included."""
    fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


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


def _wake(house: Installation, runs: Sequence[int], kind: Kind) -> float:
    """Seconds from the moment the clocks are due until none is left."""
    make_due(house, runs, kind)
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


def _check(house: Installation, runs: Sequence[int], kind: Kind) -> None:
    with house.platform.database.reading(SYSTEM) as session:
        fired = select(func.count()).where(ClockRow.status == "missed", ClockRow.rule == kind.rule)
        assert session.scalar(fired.where(ClockRow.run_id.in_(runs))) == len(runs)
        assert not list(verify(session))
    for run_id in runs[:: len(runs) // LOOKED_AT]:
        assert check_run(house.platform, encode_id(run_id))[-1] == "wake"
