"""What tests of seals share: a keyring of their own and a day on which everything is made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sealing.world import SealWorld, build_seal_world
from workflows.sealing.keyring import Keyring
from workflows.storage import Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault

NOW = datetime(2026, 9, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


@pytest.fixture
def sealing(
    database: Database,
    clock: MovableClock,
    ids: IdSource,
    vault: Vault,
    files: FileStore,
    keyring: Keyring,
) -> SealWorld:
    """A case with a notice nobody has sealed."""
    return build_seal_world(database, clock, ids, vault, files, keyring)
