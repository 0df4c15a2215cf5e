"""An office whose package of papers has a volume, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.factories.cases import World, registration
from tests.factories.papers import build_papers
from tests.factories.volumes import SmallRenderer, open_with, with_volumes
from webapp.jobs import build_sources
from webapp.pdf.binder import VolumeBinder
from workflows.cases.open_case import Opened
from workflows.jobs.worker import Worker
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault
from workflows.volumes.binding import Binder
from workflows.volumes.order import OrderVolume, order_volume
from workflows.volumes.read import load_page
from workflows.volumes.views import VolumePage


@dataclass
class Desk:
    """The office and shortcuts for what these tests do all the time."""

    world: World
    renderer: SmallRenderer = field(default_factory=SmallRenderer)
    binder: Binder = field(default_factory=VolumeBinder)

    def open(self, *scans: tuple[str, bytes], **raw: Any) -> Opened:
        """A new case with its proofs."""
        return open_with(self.world, {**registration(), **raw}, *scans)

    def order(self, opened: Opened, username: str = "mediator", retention: str = "long") -> str:
        """An order nobody has taken up yet; the volume's outside id."""
        command = OrderVolume(opened.run, retention)
        return order_volume(self.world.platform, self.world.actor(username), command)

    def work(self) -> None:
        """The worker does all there is."""
        platform = self.world.platform
        Worker(build_sources(platform, self.renderer, binder=self.binder)).run_until_idle()

    def make(self, opened: Opened, username: str = "mediator", retention: str = "long") -> str:
        """A finished volume."""
        volume = self.order(opened, username, retention)
        self.work()
        return volume

    def page(self, opened: Opened, username: str = "mediator", **chosen: Any) -> VolumePage:
        """The page as somebody sees it."""
        actor = self.world.actor(username)
        return load_page(self.world.platform, actor, opened.case, **chosen)


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    made = with_volumes(build_papers(database, clock, ids, vault, files))
    made.hire("archivist", "档案员@111-TW")
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def stranger(world: World) -> Callable[[], Any]:
    return lambda: world.actor("stranger")
