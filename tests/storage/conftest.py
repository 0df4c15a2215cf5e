"""The small world, once a test and database."""

from __future__ import annotations

import pytest

from tests.factories.cases import World, build_world
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def world(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_world(database, clock, ids, vault, files)
