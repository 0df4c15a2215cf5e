"""Scenarios of the built-in package, walked through the API as they are, end like in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.factories import rollout
from tests.factories.api_world import ApiWorld, InProcess, Server, Site
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
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import Scenario
from workflows.rollout.world.pure_world import PureWorld
from workflows.storage import SYSTEM, Database, IdSource, Session
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

Walk = Callable[[str], ApiWorld]


class Shelf(Catalogue):
    """Holds the one package these tests know, compiled once for all of them."""

    def load(self, session: Session, version_id: int) -> Package:
        return rollout.package()

    def known(self) -> tuple[Package, ...]:
        return (rollout.package(),)


NAMES = ("happy", "returned", "withdrawn", "supplement_expired", "extended_then_expired")


def site_at(scenario: Scenario, database: Database, folder: Path, vault: Vault) -> Site:
    """The demo's installation at the moment a scenario begins."""
    clock, ids = MovableClock(scenario.at), IdSource(SystemClock())
    platform = Platform(
        database=database,
        clock=clock,
        ids=ids,
        vault=vault,
        files=FileStore(folder / "files"),
        catalogue=Shelf(),
        rules=StoredRuleBook(),
        operations=OPERATIONS,
    )
    demo(database, ids)
    with database.transaction(SYSTEM) as session:
        source = read_folder(rollout.ROOT, rollout.KEY)
        version = add_draft(
            session, source, version_id=ids.next(), author="built-in", now=clock.now()
        )
        version.state, version.published_at = PUBLISHED, clock.now()
    settings = Settings(data=folder, database_url="sqlite://", test_clock=True)
    app = create_app(settings, platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            if "@" in who:
                ensure_demo_account(session, ids, who, now=clock.now())
            return issue_token(session, ids, username=who, now=clock.now())

    return Site(InProcess(app.test_client()), token_of)


@pytest.fixture
def walk(database: Database, tmp_path: Path, vault: Vault) -> Walk:
    """Walks a scenario to its end, which must be green."""

    def go(name: str) -> ApiWorld:
        scenario = rollout.scenario(name)
        site = site_at(scenario, database, tmp_path, vault)
        result, world = site.walk(scenario, rollout.KEY, rollout.package().scenario_files)
        assert result.reasons == ()
        return world

    return go


def in_memory(name: str) -> PureWorld:
    """The same scenario in the pure world."""
    scenario, package = rollout.scenario(name), rollout.package()
    world = PureWorld(package, scenario.at)
    assert run_scenario(scenario, rollout.KEY, world, package.scenario_files).is_green
    return world


@pytest.mark.parametrize("name", NAMES)
def test_scenario_through_the_api_ends_as_in_memory(walk: Walk, name: str) -> None:
    world, pure = walk(name), in_memory(name)
    assert world.ended(rollout.KEY) == pure.ended(rollout.KEY)
    assert Counter(world.documents()) == Counter(pure.documents())


def test_a_refused_step_says_where_and_why(
    database: Database, tmp_path: Path, vault: Vault
) -> None:
    scenario = rollout.scenario("happy")
    site = site_at(scenario, database, tmp_path, vault)
    world = site.world(scenario)
    with pytest.raises(Exception, match=r"rollout\.field") as refused:
        world.withdraw("intake", "还没有登记")
    assert refused.value.message.params["path"].startswith("POST /cases/None/withdraw: 404")


def test_a_scenario_is_walked_on_a_server_too(
    database: Database, tmp_path: Path, vault: Vault
) -> None:
    scenario = rollout.scenario("not_accepted")
    inside = site_at(scenario, database, tmp_path, vault)
    assert isinstance(inside.transport, InProcess)
    server = make_server("127.0.0.1", 0, inside.transport.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        site = Site(Server(f"http://127.0.0.1:{server.port}"), inside.token_of)
        result, world = site.walk(scenario, rollout.KEY, rollout.package().scenario_files)
        assert result.reasons == ()
        assert world.ended(rollout.KEY) == scenario.end_element
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
