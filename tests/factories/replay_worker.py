"""A worker in a process of its own that replays cases until it is killed: `python -m` this module
with the database's address, a folder and the order's row id."""

from __future__ import annotations

import sys

from tests.factories.migration_worker import platform_of
from workflows.rollout.replay import work


def main(url: str, folder: str, job: str) -> None:
    platform = platform_of(url, folder)
    work.CHUNK = 2
    while True:
        work.replay_next(platform, {"job": int(job)})


if __name__ == "__main__":
    main(*sys.argv[1:])
