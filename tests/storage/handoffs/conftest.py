"""The small world with two packages that hand over, once a test and database."""

from __future__ import annotations

import pytest

from tests.factories.handoffs import Letters, build_letters
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def letters(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> Letters:
    return build_letters(database, clock, ids, vault, files)
