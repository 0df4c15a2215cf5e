"""Values that all processes of one installation share, by key."""

from __future__ import annotations

from typing import Any

from workflows.storage.session import Session
from workflows.storage.tables import InstallationSetting


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
