"""kill -9 while cases are being replayed: whoever goes on comes to the report that a replay nobody
disturbed comes to."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import ROOT
from tests.factories.cases import World, build_world
from tests.factories.migration import publish_next
from tests.factories.replays import SKIPS_TALK, ask, through
from workflows.rollout.replay.view import load_replay_page
from workflows.rollout.tables import ReplayCase
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import decode_id
from workflows.storage.vault import Vault

CASES = 20
KILLS = 3
PATIENCE_SECONDS = 60.0


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_world(database, clock, ids, vault, files)


def decided(world: World, job: str) -> int:
    with world.platform.database.reading(SYSTEM) as session:
        mine = ReplayCase.job_id == decode_id(job), ReplayCase.verdict != "waiting"
        return session.scalar(select(func.count()).where(*mine)) or 0


def kill_after_some(world: World, folder: Path, job: str) -> None:
    """Starts a worker and kills it when it has decided a few more."""
    goal = decided(world, job) + 1
    module = "tests.factories.replay_worker"
    address = str(world.platform.database.url), str(folder), str(decode_id(job))
    worker = subprocess.Popen([sys.executable, "-m", module, *address], cwd=ROOT)
    until = time.monotonic() + PATIENCE_SECONDS
    while decided(world, job) < goal and time.monotonic() < until and worker.poll() is None:
        time.sleep(0.001)
    worker.kill()
    worker.wait()
    assert decided(world, job) >= goal


def test_a_killed_worker_changes_no_report(world: World, tmp_path: Path) -> None:
    for _ in range(CASES // 2):
        world.at_talk()
        world.open()
    publish_next(world, SKIPS_TALK)
    whole = through(world.platform, SYSTEM, ask(world, SYSTEM, number=2))
    job = ask(world, SYSTEM, number=2)
    for _ in range(KILLS):
        kill_after_some(world, tmp_path, job)
        assert decided(world, job) < CASES
        page = load_replay_page(world.platform, SYSTEM, job)
        done = {run.run: run for run in page.runs if run.verdict != "waiting"}
        assert done == {run.run: run for run in whole.runs if run.run in done}
    page = through(world.platform, SYSTEM, job)
    assert (page.job.counts, page.partings, page.runs) == (
        whole.job.counts,
        whole.partings,
        whole.runs,
    )
