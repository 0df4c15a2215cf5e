"""Court and mediation, and judicial confirmation, on the real site through its API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.test_litigation_handoff_confirm import confirming, crossing
from tests.factories import rollout
from tests.factories.api_world import ApiWorld
from tests.factories.demo_site import built_in, demo_site
from workflows.storage import Database
from workflows.storage.vault import Vault

COURT, CONFIRM = "litigation_handoff", "judicial_confirmation"
ENDS = {"happy": "end_c9", "refused": "end_c1"}
Walk = Callable[[str, str], ApiWorld]


@pytest.fixture
def walk(database: Database, tmp_path: Path, vault: Vault) -> Walk:
    """Walks a scenario to its end, which must be green."""

    def go(name: str, key: str) -> ApiWorld:
        scenario = rollout.scenario(name, key)
        site = demo_site(database, tmp_path, vault, scenario.at, built_in(CONFIRM, COURT))
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
    site = demo_site(database, tmp_path, vault, written.at, built_in(CONFIRM, COURT))
    result, world = site.walk(written, COURT, files)
    assert result.reasons == ()
    assert (world.ended(COURT), world.ended(CONFIRM)) == ("end_l2", ENDS[name])
