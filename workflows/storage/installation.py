"""Values that all processes of one installation share, by key."""

from __future__ import annotations

from typing import Any

from workflows.storage.session import Session
from workflows.storage.tables import InstallationSetting
from workflows.storage.vault import OtherMasterKeyError, Vault

MASTER_KEY = "vault.fingerprint"
"""Setting that holds the fingerprint of the master key the installation began with."""


def load_setting(session: Session, key: str, default: Any) -> Any:
    """The JSON value stored under `key`, else `default`."""
    row = session.get(InstallationSetting, key)
    return default if row is None else row.value


def save_setting(session: Session, key: str, value: Any) -> None:
    """Sets or replaces one value; flushed with the transaction."""
    row = session.get(InstallationSetting, key)
    if row is None:
        session.add(InstallationSetting(key=key, value=value))
    else:
        row.value = value


def check_master_key(session: Session, vault: Vault) -> None:
    """Remembers the master key's fingerprint at the first start and compares it ever after.

    OtherMasterKeyError if the key file was lost and made anew, or belongs to another
    installation: going on would write cases that nobody can read with the old key.
    """
    known = load_setting(session, MASTER_KEY, None)
    if known is None:
        save_setting(session, MASTER_KEY, vault.fingerprint())
    elif known != vault.fingerprint():
        raise OtherMasterKeyError("storage.other_master_key")
