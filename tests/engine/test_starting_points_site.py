"""Copies of the starting points on the real site: scenarios end there as they do in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.test_starting_points import copied
from tests.factories.demo_site import demo_site
from workflows.catalogue.package import compile_package
from workflows.rollout.scenarios.scenario import parse_scenario
from workflows.storage import Database
from workflows.storage.vault import Vault

TRIPS = (
    ("simple_approval", "returned"),
    ("intake_handling", "happy"),
    ("two_party_agreement", "second_session"),
    ("referral_answer", "returned"),
)


@pytest.mark.parametrize(("name", "trip"), TRIPS)
def test_a_trip_through_the_api_ends_as_in_memory(
    database: Database, tmp_path: Path, vault: Vault, name: str, trip: str
) -> None:
    source = copied(name)
    package = compile_package(source)
    scenario = parse_scenario(trip, package.scenarios[trip])
    site = demo_site(database, tmp_path, vault, scenario.at, [source])
    result, world = site.walk(scenario, source.key, package.scenario_files)
    assert result.reasons == ()
    assert world.ended(source.key) == scenario.end_element
    assert sorted(world.documents()) == sorted(scenario.documents)
