"""Court and mediation, and judicial confirmation, on the real site through its API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import rollout
from tests.factories.api_world import ApiWorld, InProcess, Site
from tests.factories.organisation import demo
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.catalogue.package import Package
from workflows.catalogue.source import read_folder
from workflows.catalogue.tables import PUBLISHED
from workflows.catalogue.versions import Catalogue, add_draft
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenario import Scenario
from workflows.storage import SYSTEM, Database, IdSource, Session
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

COURT, CONFIRM = "litigation_handoff", "judicial_confirmation"
Walk = Callable[[str, str], ApiWorld]


class Shelf(Catalogue):
    """Holds the one package a test knows."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.package = rollout.package(key)

    def load(self, session: Session, version_id: int) -> Package:
        return self.package

    def known(self) -> tuple[Package, ...]:
        return (self.package,)


def site_at(scenario: Scenario, key: str, database: Database, folder: Path, vault: Vault) -> Site:
    """The demo's installation at the moment a scenario begins."""
    clock, ids = MovableClock(scenario.at), IdSource(SystemClock())
    platform = Platform(
        database=database,
        clock=clock,
        ids=ids,
        vault=vault,
        files=FileStore(folder / "files"),
        catalogue=Shelf(key),
        rules=StoredRuleBook(),
        operations=OPERATIONS,
    )
    demo(database, ids)
    with database.transaction(SYSTEM) as session:
        source = read_folder(rollout.ROOT, key)
        version = add_draft(
            session, source, version_id=ids.next(), author="built-in", now=clock.now()
        )
        version.state, version.published_at = PUBLISHED, clock.now()
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
        site = site_at(scenario, key, database, tmp_path, vault)
        result, world = site.walk(scenario, key, rollout.package(key).scenario_files)
        assert result.reasons == ()
        return world

    return go


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (CONFIRM, "happy"),
        (CONFIRM, "posted_in_time"),
        (CONFIRM, "withdrawn_court"),
        (COURT, "happy"),
        (COURT, "failed_resumed"),
        (COURT, "expired"),
        (COURT, "nobody"),
    ],
)
def test_scenario_through_the_api_ends_as_in_memory(walk: Walk, key: str, name: str) -> None:
    world, pure = walk(name, key), rollout.run_of(name, key)
    assert world.ended(key) == pure.ended
    assert Counter(world.documents()) == Counter(document.kind for document in pure.created)
