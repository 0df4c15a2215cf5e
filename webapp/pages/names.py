"""Names of units and roles for the frame. They change a few times a year: kept for a minute."""

from __future__ import annotations

import time
from threading import Lock

from flask import current_app
from workflows.organisation.names import OrganisationNames, load_names

from webapp.pages.language import current_language
from webapp.pages.now import platform
from workflows.storage import SYSTEM

KEPT_SECONDS = 60.0


class NameCache:
    """The names of this process, read again when they have grown old. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._names: OrganisationNames | None = None
        self._until = 0.0

    def get(self) -> OrganisationNames:
        """All names; at most one statement pair a minute."""
        with self._lock:
            if self._names is None or time.monotonic() > self._until:
                with platform().database.reading(SYSTEM) as session:
                    self._names = load_names(session)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._names


def names() -> OrganisationNames:
    """The names this app keeps."""
    cache: NameCache = current_app.extensions.setdefault("fengqiao.names", NameCache())
    return cache.get()


def unit_name(code: str) -> str:
    """The short name of a unit; its code where nobody knows it."""
    return names().units.get(code, code)


def role_title(role: str) -> str:
    """A role in the reader's language."""
    if current_language() == "en":
        return names().roles.get(role, role)
    return role
