"""Court and mediation, and judicial confirmation, on the real site through its API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.test_litigation_handoff_confirm import confirming, crossing
from tests.factories import rollout
from tests.factories.api_world import ApiWorld, InProcess, Site
from tests.factories.cases import World
from tests.factories.handoffs import add_package
from tests.factories.organisation import demo
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.catalogue.source import read_folder
from workflows.catalogue.versions import Catalogue
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenarios.scenario import Scenario
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

COURT, CONFIRM = "litigation_handoff", "judicial_confirmation"
ENDS = {"happy": "end_c9", "refused": "end_c1"}
Walk = Callable[[str, str], ApiWorld]


def site_at(scenario: Scenario, database: Database, folder: Path, vault: Vault) -> Site:
    """The demo's installation with both packages, at the moment a scenario begins."""
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
    for key in (CONFIRM, COURT):
        add_package(World(platform, clock), read_folder(rollout.ROOT, key))
    app = create_app(Settings(data=folder, database_url="sqlite://", test_clock=True), platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            if "@" in who:
                ensure_demo_account(session, ids, who, now=clock.now())
            return issue_token(session, ids, username=who, now=clock.now())

    return Site(InProcess(app.test_client()), token_of)


@pytest.fixture
def walk(database: Database, tmp_path: Path, vault: Vault) -> Walk:
    """Walks a scenario to its end, which must be green."""

    def go(name: str, key: str) -> ApiWorld:
        scenario = rollout.scenario(name, key)
        site = site_at(scenario, database, tmp_path, vault)
        result, world = site.walk(scenario, key, rollout.package(key).scenario_files)
        assert result.reasons == ()
        return world

    return go


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (CONFIRM, "posted_in_time"),
        (CONFIRM, "withdrawn_court"),
        (COURT, "happy"),
        (COURT, "confirmed"),
        (COURT, "failed_resumed"),
        (COURT, "nobody"),
    ],
)
def test_scenario_through_the_api_ends_as_in_memory(walk: Walk, key: str, name: str) -> None:
    world, pure = walk(name, key), rollout.run_of(name, key)
    assert world.ended(key) == pure.ended
    assert Counter(world.documents()) == Counter(document.kind for document in pure.created)


@pytest.mark.parametrize("name", ["happy", "refused"])
def test_confirmation_of_the_courts_agreement_comes_back(
    database: Database, tmp_path: Path, vault: Vault, name: str
) -> None:
    written = crossing(*confirming(name))
    files = {**rollout.package(COURT).scenario_files, **rollout.package(CONFIRM).scenario_files}
    site = site_at(written, database, tmp_path, vault)
    result, world = site.walk(written, COURT, files)
    assert result.reasons == ()
    assert (world.ended(COURT), world.ended(CONFIRM)) == ("end_l2", ENDS[name])
