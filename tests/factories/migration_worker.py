"""A worker in a process of its own that moves cases until it is killed: `python -m` this module
with the database's address, a folder and the order's row id."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.factories.times import START
from workflows.cases.platform import Platform
from workflows.catalogue.versions import Catalogue
from workflows.deadlines.source import StoredRuleBook
from workflows.rollout.migration.work import work_off
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


def platform_of(url: str, folder: str) -> Platform:
    """The tests' installation, opened once more."""
    clock = MovableClock(START)
    return Platform(
        database=Database(url),
        clock=clock,
        ids=IdSource(clock),
        vault=Vault(bytes(range(32))),
        files=FileStore(Path(folder)),
        catalogue=Catalogue(),
        rules=StoredRuleBook(),
    )


def main(url: str, folder: str, job: str) -> None:
    platform = platform_of(url, folder)
    while True:
        work_off(platform, {"job": int(job)})


if __name__ == "__main__":
    main(*sys.argv[1:])
