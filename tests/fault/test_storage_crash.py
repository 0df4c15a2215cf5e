"""A process that dies at the worst moments leaves the database whole and usable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workflows.storage import SYSTEM, Database
from workflows.storage.installation import load_setting, save_setting

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
from workflows.storage import SYSTEM, Database
from workflows.storage.installation import save_setting

database, moment = Database(sys.argv[1]), sys.argv[2]
with database.transaction(SYSTEM) as session:
    save_setting(session, "a", "new")
    session.flush()
    if moment == "before commit":
        os.kill(os.getpid(), 9)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("moment", "kept"), [("before commit", "old"), ("after commit", "new")])
def test_killed_writer_leaves_all_or_nothing(database: Database, moment: str, kept: str) -> None:
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", "old")
    command = [sys.executable, "-c", PROGRAM, database.url, moment]
    killed = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -9
    with database.reading(SYSTEM) as session:
        assert load_setting(session, "a", None) == kept
    with database.transaction(SYSTEM) as session:
        save_setting(session, "a", "next")
