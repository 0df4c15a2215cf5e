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
from tests.factories.demo_site import Shelf, built_in, demo_site
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.world.pure_world import PureWorld
from workflows.storage import Database
from workflows.storage.vault import Vault

Walk = Callable[[str], ApiWorld]


NAMES = ("happy", "returned", "withdrawn", "supplement_expired", "extended_then_expired")


@pytest.fixture
def walk(database: Database, tmp_path: Path, vault: Vault) -> Walk:
    """Walks a scenario to its end, which must be green."""

    def go(name: str) -> ApiWorld:
        scenario = rollout.scenario(name)
        site = demo_site(
            database, tmp_path, vault, scenario.at, built_in(rollout.KEY), catalogue=Shelf()
        )
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
    site = demo_site(
        database, tmp_path, vault, scenario.at, built_in(rollout.KEY), catalogue=Shelf()
    )
    world = site.world(scenario)
    with pytest.raises(Exception, match=r"rollout\.field") as refused:
        world.withdraw("intake", "还没有登记")
    assert refused.value.message.params["path"].startswith("POST /cases/None/withdraw: 404")


def test_a_scenario_is_walked_on_a_server_too(
    database: Database, tmp_path: Path, vault: Vault
) -> None:
    scenario = rollout.scenario("not_accepted")
    inside = demo_site(
        database, tmp_path, vault, scenario.at, built_in(rollout.KEY), catalogue=Shelf()
    )
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
