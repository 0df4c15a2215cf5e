"""Petitions on the real site: units, sealed matters, and that scenarios end as in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import rollout
from tests.factories.api_world import ApiWorld, InProcess, Site
from tests.factories.demo_site import Shelf, built_in, demo_site
from workflows.cases.tables import CaseRecord, CaseSearch, Participation, Run, WorkItem
from workflows.storage import SYSTEM, Database
from workflows.storage.vault import Vault

KEY = "petition"
OUTSIDERS = (
    "信访登记员@620902-XF",
    "责任单位承办人@620902104-ZZ",
    "责任单位负责人@620902104-ZZ",
    "director",
    "reviewer",
    "supervisor",
    "auditor",
    "city",
    "archivist",
)
"""The accused's unit, colleagues of the registrar, everybody who sees widely."""

Walk = Callable[[str], tuple[Site, ApiWorld]]


@pytest.fixture
def walk(database: Database, tmp_path: Path, vault: Vault) -> Walk:
    """Walks a scenario to its end, which must be green."""

    def go(name: str) -> tuple[Site, ApiWorld]:
        scenario = rollout.scenario(name, KEY)
        site = demo_site(database, tmp_path, vault, scenario.at, built_in(KEY), catalogue=Shelf())
        result, world = site.walk(scenario, KEY, rollout.package(KEY).scenario_files)
        assert result.reasons == ()
        return site, world

    return go


def get(site: Site, who: str, path: str) -> tuple[int, Any]:
    """Status and JSON of one read by somebody."""
    assert isinstance(site.transport, InProcess)
    answer = site.transport.app.test_client().get(
        f"/api/v1{path}", headers={"Authorization": f"Bearer {site.token_of(who)}"}
    )
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize("name", ["objected", "third"])
def test_scenario_through_the_api_ends_as_in_memory(walk: Walk, name: str) -> None:
    site, world = walk(name)
    pure = rollout.run_of(name, KEY)
    assert world.ended(KEY) == pure.ended
    assert Counter(world.documents()) == Counter(document.kind for document in pure.created)
    assert get(site, "petition", "/cases?q=占地补偿")[1]["items"] != []
    assert get(site, "auditor", f"/cases/{world.case}")[0] == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [("accusation", ("危房", "匿名")), ("accusation_found", ("旅游返佣", "玉器", "于小满"))],
)
def test_nothing_of_an_accusation_is_open_to_whoever_does_not_handle_it(
    walk: Walk, database: Database, name: str, words: tuple[str, ...]
) -> None:
    site, world = walk(name)
    for who in ("petition", "petition_head"):
        assert get(site, who, f"/cases/{world.case}")[0] == 200
    told = get(site, "petition", f"/cases/{world.case}/timeline")[1]["items"]
    assert [line["action"] for line in told].count("engine.case_sealed") == 1
    for who in OUTSIDERS:
        for part in ("", "/timeline", "/documents"):
            assert get(site, who, f"/cases/{world.case}{part}")[0] == 404
        assert get(site, who, "/cases")[1]["items"] == []
        for scope in ("mine", "visible"):
            assert get(site, who, f"/tasks?scope={scope}&state=done")[1]["items"] == []
    assert [get(site, "petition", f"/cases?q={w}")[1]["items"] for w in words] == [[]] * len(words)
    check_rows(database, words)


def check_rows(database: Database, words: tuple[str, ...]) -> None:
    """Every row that carries a class says sealed, no task left the office, two people take part,
    no word of the matter is indexed."""
    with database.reading(SYSTEM) as session:
        for table in (CaseRecord, Run, WorkItem, Participation):
            assert set(session.scalars(select(table.access_class))) == {"sealed"}
        assert set(session.scalars(select(WorkItem.unit_code))) == {"620902-XF"}
        people = select(Participation.account_id).where(Participation.run_id == 0)
        assert len(set(session.scalars(people))) == 2
        (indexed,) = session.scalars(select(CaseSearch.words))
        assert not any(word[:2] in str(indexed) for word in words)
