"""Fixtures of pages about letters: import them by name."""

from __future__ import annotations

import pytest

from tests.factories.cases import World
from tests.factories.handoffs import Letters, build_letters
from tests.web.conftest import give_password
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def letters(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> Letters:
    """A court and two committees whose people know their password."""
    made = build_letters(database, clock, ids, vault, files)
    for username in ("liaison", "head", "mediator", "otherhead", "watcher"):
        give_password(made.world, username)
    return made


@pytest.fixture
def world(letters: Letters) -> World:
    """The office the site stands on."""
    return letters.world
