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
from tests.factories.organisation import demo
from webapp.app import create_app
from webapp.house import OPERATIONS
from webapp.settings import Settings
from workflows.cases.platform import Platform
from workflows.cases.tables import CaseRecord, CaseSearch, Participation, Run, WorkItem
from workflows.catalogue.package import Package
from workflows.catalogue.source import read_folder
from workflows.catalogue.tables import PUBLISHED
from workflows.catalogue.versions import Catalogue, add_draft
from workflows.deadlines.source import StoredRuleBook
from workflows.organisation.accounts import issue_token
from workflows.organisation.demo import ensure_demo_account
from workflows.rollout.scenarios.scenario import Scenario
from workflows.storage import SYSTEM, Database, IdSource, Session
from workflows.storage.clock import MovableClock, SystemClock
from workflows.storage.files import FileStore
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


class Shelf(Catalogue):
    """Holds the one package these tests know."""

    def load(self, session: Session, version_id: int) -> Package:
        return rollout.package(KEY)

    def known(self) -> tuple[Package, ...]:
        return (rollout.package(KEY),)


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
        source = read_folder(rollout.ROOT, KEY)
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

    def go(name: str) -> tuple[Site, ApiWorld]:
        scenario = rollout.scenario(name, KEY)
        site = site_at(scenario, database, tmp_path, vault)
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
