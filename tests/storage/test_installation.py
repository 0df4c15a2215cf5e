"""The master key belongs to its database."""

from __future__ import annotations

import pytest

from workflows.storage import SYSTEM, Database
from workflows.storage.installation import check_master_key
from workflows.storage.vault import OtherMasterKeyError, Vault


def test_first_start_remembers_the_master_key(database: Database, vault: Vault) -> None:
    for _ in range(2):
        with database.transaction(SYSTEM) as session:
            check_master_key(session, vault)


def test_another_master_key_is_refused(database: Database, vault: Vault) -> None:
    with database.transaction(SYSTEM) as session:
        check_master_key(session, vault)
    with pytest.raises(OtherMasterKeyError), database.transaction(SYSTEM) as session:
        check_master_key(session, Vault(bytes(32)))
