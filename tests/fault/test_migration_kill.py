"""kill -9 while cases are being moved: every case is on the old version or on the new one, whole,
and the next worker goes on with those that wait."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import ROOT
from tests.factories.cases import World, build_world, rows
from tests.factories.installation import check_run
from tests.factories.migration import ADDED_STEP, RETITLED, order, publish_next, worked_off
from workflows.cases.migration_tables import KeptState
from workflows.cases.tables import ClockRow, Run, WorkItem
from workflows.cases.timeline import verify
from workflows.rollout.tables import MigrationCase
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import Vault

CASES = 30
KILLS = 3
PATIENCE_SECONDS = 60.0


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_world(database, clock, ids, vault, files)


def moved(world: World) -> int:
    with world.platform.database.reading(SYSTEM) as session:
        count = select(func.count()).where(MigrationCase.verdict == "moved")
        return session.scalar(count) or 0


def kill_after(world: World, folder: Path, job: str, cases: int) -> None:
    """Starts a worker and kills it when it has moved so many more cases."""
    goal = moved(world) + cases
    url = world.platform.database.url
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.factories.migration_worker",
            str(url),
            str(folder),
            str(decode_id(job)),
        ],
        cwd=ROOT,
    )
    until = time.monotonic() + PATIENCE_SECONDS
    while moved(world) < goal and time.monotonic() < until and worker.poll() is None:
        time.sleep(0.001)
    worker.kill()
    worker.wait()
    assert moved(world) >= goal


def check_whole(world: World, before: int, after: int) -> None:
    """Each case is what its row says, and its journal leads there byte for byte."""
    verdicts = {row.run_id: row.verdict for row in rows(world, MigrationCase)}
    kept = {row.run_id for row in rows(world, KeptState)}
    titles = {row.run_id: row.title["zh"] for row in rows(world, WorkItem) if row.state == "open"}
    for run in rows(world, Run):
        has_moved = verdicts[run.id] == "moved"
        assert run.version_id == (after if has_moved else before)
        assert (run.id in kept) == has_moved
        assert titles[run.id] == ("当面调解" if has_moved else "调解")
        kinds = check_run(world.platform, encode_id(run.id))
        assert kinds == ["start", "complete", *(["migrated"] if has_moved else [])]
    with world.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []


def test_a_killed_worker_leaves_every_case_whole(world: World, tmp_path: Path) -> None:
    for _ in range(CASES):
        world.at_talk()
    before = rows(world, Run)[0].version_id
    after = publish_next(world, *ADDED_STEP, *RETITLED)
    due = {(row.run_id, row.number): row.due_at for row in rows(world, ClockRow)}
    job = order(world, SYSTEM)
    for cases in range(1, KILLS + 1):
        kill_after(world, tmp_path, job, cases)
        assert moved(world) < CASES
        check_whole(world, before, after)
    page = worked_off(world, SYSTEM, job)
    assert page.job.counts == {"moved": CASES}
    check_whole(world, before, after)
    assert {(row.run_id, row.number): row.due_at for row in rows(world, ClockRow)} == due
