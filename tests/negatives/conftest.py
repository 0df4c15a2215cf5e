"""Worlds of the hard negatives, once a test and database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.factories.handoffs import Letters, build_letters
from webapp.settings import Settings
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.vault import Vault


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url="sqlite://", office="丙镇综治中心")


@pytest.fixture
def letters(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> Letters:
    """A court that hands over and two committees that receive, all of whom get e-mails."""
    made = build_letters(database, clock, ids, vault, files)
    made.world.platform = replace(made.world.platform, mails=True)
    with database.transaction(SYSTEM) as session:
        for account in made.world.accounts.values():
            row = session.get_one(Account, account)
            row.email, row.mail_notices = f"{row.username}@example.org", True
    return made
