"""Copies of the starting points on the real site: scenarios end there as they do in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.test_starting_points import copied
from tests.factories.api_world import InProcess, Site
from tests.factories.organisation import demo
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import PackageSource
from workflows.catalogue.tables import PUBLISHED
from workflows.catalogue.versions import Catalogue, add_draft
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenarios.scenario import Scenario, parse_scenario
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

TRIPS = (
    ("simple_approval", "returned"),
    ("intake_handling", "happy"),
    ("two_party_agreement", "second_session"),
    ("referral_answer", "returned"),
)


def site_at(
    scenario: Scenario, source: PackageSource, database: Database, folder: Path, vault: Vault
) -> Site:
    """The demo's installation, with this package alone, at the moment a scenario begins."""
    clock, ids = MovableClock(scenario.at), IdSource(SystemClock())
    platform = Platform(
        database=database,
        clock=clock,
        ids=ids,
        vault=vault,
        files=FileStore(folder / "files"),
        catalogue=Catalogue(),
        rules=StoredRuleBook(),
        operations=OPERATIONS,
    )
    demo(database, ids)
    with database.transaction(SYSTEM) as session:
        row = add_draft(session, source, version_id=ids.next(), author="owner", now=clock.now())
        row.state, row.published_at = PUBLISHED, clock.now()
    app = create_app(Settings(data=folder, database_url="sqlite://", test_clock=True), platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            if "@" in who:
                ensure_demo_account(session, ids, who, now=clock.now())
            return issue_token(session, ids, username=who, now=clock.now())

    return Site(InProcess(app.test_client()), token_of)


@pytest.mark.parametrize(("name", "trip"), TRIPS)
def test_a_trip_through_the_api_ends_as_in_memory(
    database: Database, tmp_path: Path, vault: Vault, name: str, trip: str
) -> None:
    source = copied(name)
    package = compile_package(source)
    scenario = parse_scenario(trip, package.scenarios[trip])
    site = site_at(scenario, source, database, tmp_path, vault)
    result, world = site.walk(scenario, source.key, package.scenario_files)
    assert result.reasons == ()
    assert world.ended(source.key) == scenario.end_element
    assert sorted(world.documents()) == sorted(scenario.documents)
