"""The demo's people and the built-in packages in an empty database, without cases."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.factories.organisation import demo
from tests.factories.times import START
from workflows.cases.platform import OperationFactory, Platform
from workflows.catalogue.versions import Catalogue, import_built_ins
from workflows.deadlines.source import StoredRuleBook
from workflows.documents.operations import document_create
from workflows.rollout.demo import build_demo_cases
from workflows.rollout.demo.plan import Script, read_scripts
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

ROOT = Path(__file__).parents[2]
FEW = ("D0012", "D0022", "D0034", "D0085", "D0085b", "D0062")
"""Cases with an act of every kind that is not a form: paused, sealed, extended, merged, an account
made; the last one lived through two clocks."""


def few_scripts() -> tuple[Script, ...]:
    """The scripts of FEW."""
    return tuple(script for script in read_scripts() if script.key in FEW)


def demo_platform(
    database: Database, folder: Path, operations: Mapping[str, OperationFactory] | None = None
) -> Platform:
    """A platform at START whose keys are the same in every process."""
    clock = MovableClock(START)
    return Platform(
        database=database,
        clock=clock,
        ids=IdSource(clock),
        vault=Vault(bytes(range(32))),
        files=FileStore(folder),
        catalogue=Catalogue(),
        rules=StoredRuleBook(),
        operations=operations or {"document.create": document_create},
    )


def demo_office(
    database: Database, folder: Path, operations: Mapping[str, OperationFactory] | None = None
) -> Platform:
    """The same with units, people, accounts and published packages."""
    platform = demo_platform(database, folder, operations)
    demo(database, platform.ids)
    with database.transaction(SYSTEM) as session:
        import_built_ins(session, ROOT, next_id=platform.ids.next, now=START)
    return platform


def build_and_die(url: str, folder: str) -> None:
    """Builds few cases and is killed when the third one has come as far as it shall."""
    import os
    import signal

    def die(done: int, _total: int) -> None:
        if done == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    platform = demo_platform(Database(url), Path(folder))
    build_demo_cases(platform, scripts=few_scripts(), tell=die)


if __name__ == "__main__":
    build_and_die(*sys.argv[1:])
