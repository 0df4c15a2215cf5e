"""A court liaison's office with real papers: two applications wait to be handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.factories import hall as halls
from tests.factories.hall import Hall, build_hall, scenario_data
from tests.factories.rollout import scenario
from tests.factories.volumes import photo
from webapp.jobs import build_sources
from webapp.pdf.renderer import RendererPool
from workflows.jobs.worker import Worker
from workflows.printdesk.order import OrderPrint, order_print
from workflows.storage import Database
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

COURT = "judicial_confirmation"
LIAISON = "liaison"
COURT_NAME = "肃州区人民法院"


@pytest.fixture(scope="session")
def renderer() -> Iterator[RendererPool]:
    pool = RendererPool()
    yield pool
    pool.close()


@dataclass
class Desk:
    """The offices, and what these tests do all the time."""

    hall: Hall
    renderer: RendererPool

    def ready(self) -> str:
        """One more application, at the step of handing it in; its run."""
        written = scenario("happy", COURT)
        self.hall.open("intake", COURT, **written.start.data)
        for who, element in (
            ("mediator", "ask_both"),
            ("mediator", "review_agreement"),
            ("mediator", "choose_court"),
            ("intake", "gather_papers"),
            ("mediator", "sign_application"),
            ("mediator", "sign_application"),
        ):
            self.hall.do(who, element, scenario_data(COURT, "happy", element))
        return encode_id(self.hall.run(COURT).id)

    def order(self, *runs: str, who: str = LIAISON, copies: int = 1) -> str:
        """A job nobody has made yet."""
        return order_print(self.hall.platform, self.hall.actor(who), OrderPrint(runs, copies))

    def work(self) -> None:
        """The worker does all there is."""
        Worker(build_sources(self.hall.platform, self.renderer)).run_until_idle()


@pytest.fixture
def desk(
    database: Database,
    tmp_path: Path,
    vault: Vault,
    renderer: RendererPool,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    monkeypatch.setattr(halls, "JPEG", photo(640, 480))
    start = datetime.fromisoformat("2026-08-24T09:00:00+08:00")
    return Desk(build_hall(database, tmp_path, vault, (COURT,), start), renderer)
