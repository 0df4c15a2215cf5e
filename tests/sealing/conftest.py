"""What tests of seals share: a keyring of their own and a day on which everything is made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workflows.sealing.keyring import Keyring

NOW = datetime(2026, 9, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")
