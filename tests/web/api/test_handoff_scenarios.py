"""A scenario across two packages, walked through the API, ends like in memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.factories.api_world import InProcess, Site
from tests.factories.cases import World
from tests.factories.handoffs import COURT, TALKS, add_package, court_package, talks_package
from tests.factories.organisation import demo
from tests.unit.rollout.test_handoff_scenarios import (
    AGREE,
    CHOOSE,
    LIAISON,
    REFUSE,
    TAKE,
    packages,
    registration,
)
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.catalogue.versions import Catalogue
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenarios.run_scenario import run_scenario
from workflows.rollout.scenarios.scenario import Scenario, parse_scenario
from workflows.rollout.world.pure_world import PureWorld
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

PAPER = {"task": "choose", "as": LIAISON, "data": {"to_name": "某仲裁委员会"}}
ANSWER = {"message": "delegate.answered", "payload": {"outcome": "agreed"}}
WAYS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "agreed": ([CHOOSE, TAKE, AGREE], "e_agreed"),
    "returned": ([CHOOSE, REFUSE, CHOOSE, TAKE, AGREE], "e_agreed"),
    "expired": ([CHOOSE, TAKE, {"advance": "P60D"}], "e_expired"),
    "paper": ([PAPER, ANSWER], "e_agreed"),
}


def scenario_of(way: str) -> Scenario:
    steps, end = WAYS[way]
    raw = {
        "title": way,
        "at": "2026-05-11T09:00:00+08:00",
        "start": {"as": LIAISON, "data": registration()},
        "steps": steps,
        "end": {"run": COURT, "element": end},
    }
    return parse_scenario(way, orjson.dumps(raw))


def site_at(scenario: Scenario, database: Database, folder: Path, vault: Vault) -> Site:
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
    for source in (court_package(), talks_package()):
        add_package(World(platform, clock), source)
    settings = Settings(data=folder, database_url="sqlite://", test_clock=True)
    app = create_app(settings, platform)

    def token_of(who: str) -> str:
        with database.transaction(SYSTEM) as session:
            ensure_demo_account(session, ids, who, now=clock.now())
            return issue_token(session, ids, username=who, now=clock.now())

    return Site(InProcess(app.test_client()), token_of)


@pytest.mark.parametrize("way", WAYS)
def test_a_scenario_across_packages_ends_as_in_memory(
    way: str, database: Database, tmp_path: Path, vault: Vault
) -> None:
    scenario = scenario_of(way)
    result, world = site_at(scenario, database, tmp_path, vault).walk(scenario, COURT, {})
    assert result.reasons == ()
    pure = PureWorld(packages()[COURT], scenario.at, others=packages())
    assert run_scenario(scenario, COURT, pure, {}).reasons == ()
    assert world.ended(TALKS) == pure.ended(TALKS)
    assert Counter(world.documents()) == Counter(pure.documents())
