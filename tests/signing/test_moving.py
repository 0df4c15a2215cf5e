"""Cases that began before people could sign on a screen go to the version in which they can: the
first version that running cases were really moved to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.demo_site import demo_platform
from tests.factories.hall import Hall, Staff
from tests.factories.handoffs import Letters
from tests.factories.migration import next_turn
from tests.factories.p1_versions import GoingOver
from tests.factories.papers import PretendRenderer
from tests.factories.rollout import KEY, ROOT, package, scenario
from tests.factories.signing import P1, Table, agree, before_signing, draft
from workflows.cases.tables import ClockRow, Run
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import read_folder
from workflows.catalogue.versions import add_draft, publish
from workflows.engine.migrate_checks import Refusal
from workflows.rollout.migration.orders import OrderMigration, order_migration
from workflows.rollout.migration.view import load_job_page
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.storage import SYSTEM, Database
from workflows.storage.vault import Vault

STRIDE = 4


@cache
def old() -> Package:
    return compile_package(before_signing(), published=True)


@cache
def others() -> dict[str, Package]:
    keys = ("petition", "litigation_handoff", "judicial_confirmation")
    return {key: package(key) for key in keys}


@pytest.mark.parametrize("name", sorted(old().scenarios))
def test_a_case_may_go_at_any_step_and_ends_as_it_would_have(name: str) -> None:
    written = scenario(name)
    for step in range(len(name) % STRIDE, len(written.steps), STRIDE):
        world = GoingOver(written.at, package(), step, others(), old())
        result = run_scenario(written, KEY, world, old().scenario_files)
        assert result.reasons == (), (step, world.went.elements)
        assert not isinstance(world.went.found, Refusal), world.went.found
        assert world.went.clocks_before == world.went.clocks


@pytest.fixture
def table(database: Database, tmp_path: Path, vault: Vault) -> Table:
    platform, clock = demo_platform(
        database, tmp_path, vault, scenario("happy").at, [before_signing()]
    )
    return Table(Hall(Letters(Staff(platform, clock))), PretendRenderer())


def publish_signing(table: Table) -> None:
    platform = table.platform
    with platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            read_folder(ROOT, P1),
            version_id=platform.ids.next(),
            author="test",
            now=platform.clock.now(),
        )
        session.flush()
        publish(session, row, now=platform.clock.now())


def move_all(table: Table) -> dict[str, int]:
    """What became of each running case."""
    owner = table.hall.actor("owner")
    job = order_migration(table.platform, owner, OrderMigration(P1, 1, 2, dry_run=False))
    while next_turn(table.hall.letters.world):
        pass
    counts: dict[str, int] = dict(load_job_page(table.platform, owner, job).job.counts)
    return counts


def clocks(table: Table) -> list[tuple[int, int, str, object]]:
    with table.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(select(ClockRow).where(ClockRow.is_open == 1))
        return sorted((row.run_id, row.number, row.rule, row.due_on) for row in rows)


def test_one_signs_on_as_on_paper_and_another_goes_on_on_the_screen(table: Table) -> None:
    """At the table when the version changed: what had begun on paper ends on paper, its clock
    unchanged; the case still in its session may choose."""
    hall = table.hall
    agree(hall)
    draft(hall, None)
    first, _second = table.tasks()
    paper = {"signing_result": "signed", "signed_by": "self", "sign_way": "signature"}
    table.complete(first, **paper, signed_on=hall.today().isoformat())
    agree(hall)
    publish_signing(table)
    before = clocks(table)
    assert move_all(table) == {"moved": 2}
    assert clocks(table) == before
    with table.platform.database.reading(SYSTEM) as session:
        assert len(set(session.scalars(select(Run.version_id)))) == 1
    (second,) = table.tasks()
    table.complete(second, **paper, signed_on=hall.today().isoformat())
    hall.do(
        "mediator",
        "sign_mediator",
        {"mediator_signed_on": {"$today": 0}, "signed_scan": {"$file": "a.jpg"}},
    )
    hall.do("head", "seal_paper", {"signatures_checked": True, "sealed_on": {"$today": 0}})
    assert len(hall.tasks("intake", "deliver")) == 1
    draft(hall, "screen")
    for seed, item in enumerate(table.tasks(), 1):
        asked = table.sign_on_phone(item, seed, f"phone-{seed}")
        table.complete(item, signing_result="signed", signed_by="self", party_signature=asked.id)
    assert len(table.tasks("sign_mediator")) == 1
