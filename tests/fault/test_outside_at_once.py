"""Two people press the same button at the same moment: each number is written once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories.cases import World, build_world, rows
from tests.factories.outside import SYSTEMS, csv_bytes, kept_rows, line, take
from workflows.cases.tables import ExternalRef, TimelineEntry
from workflows.outside.apply import apply_file
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

CASES = 6


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_world(database, clock, ids, vault, files)


def numbered(place: int) -> str:
    return f"GS62090220260309{place:05d}"


def test_one_file_applied_by_two_is_written_once(world: World) -> None:
    opened = [world.open() for _case in range(CASES)]
    content = [line(numbered(n), 本地编号=case.number) for n, case in enumerate(opened)]
    taken = take(world, csv_bytes(*content))
    apply_at_once(world, [("intake", taken.file), ("head", taken.file)])
    assert len(rows(world, ExternalRef)) == CASES
    assert {row.finding for row in kept_rows(world, taken.file)} == {"written"}
    lines = [entry for entry in rows(world, TimelineEntry) if entry.action == "add_reference"]
    assert len(lines) == CASES


def test_two_files_that_name_the_same_cases_in_other_orders_both_end(world: World) -> None:
    opened = [world.open() for _case in range(CASES)]
    first = [line(numbered(n), 本地编号=case.number) for n, case in enumerate(opened)]
    second = [line(numbered(n + 50), 本地编号=case.number) for n, case in enumerate(opened)]
    files = [take(world, csv_bytes(*first)).file, take(world, csv_bytes(*second[::-1])).file]
    apply_at_once(world, [("intake", files[0]), ("head", files[1])])
    found = [row.finding for file in files for row in kept_rows(world, file)]
    assert sorted(found) == ["conflict"] * CASES + ["written"] * CASES
    assert len(rows(world, ExternalRef)) == CASES


def apply_at_once(world: World, who: list[tuple[str, str]]) -> None:
    with ThreadPoolExecutor(len(who)) as pool:
        asked = [
            pool.submit(apply_file, world.platform, world.actor(username), SYSTEMS, file)
            for username, file in who
        ]
        for one in asked:
            one.result()
