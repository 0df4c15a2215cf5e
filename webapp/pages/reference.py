"""Names of units and roles, and the working calendar, for what pages say beside records.

They change a few times a year: each process keeps them for a minute.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from threading import Lock

from flask import current_app

from webapp.pages.language import current_language
from webapp.pages.now import platform
from workflows.deadlines import Calendar
from workflows.organisation.names import OrganisationNames, load_names
from workflows.storage import SYSTEM

KEPT_SECONDS = 60.0
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """What a process keeps; the calendar is the installation's."""

    names: OrganisationNames
    calendar: Calendar


class ReferenceCache:
    """Read again when it has grown old. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: Reference | None = None
        self._until = 0.0

    def get(self) -> Reference:
        """Names and calendar; a few statements a minute."""
        with self._lock:
            if self._kept is None or time.monotonic() > self._until:
                with platform().database.reading(SYSTEM) as session:
                    calendar = platform().rules(session).calendar()
                    self._kept = Reference(load_names(session), calendar)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._kept


def reference() -> Reference:
    """What this app keeps."""
    cache: ReferenceCache = current_app.extensions["fengqiao.reference"]
    return cache.get()


def unit_name(code: str) -> str:
    """The short name of a unit; its code where nobody knows it."""
    return reference().names.units.get(code, code)


def role_title(role: str) -> str:
    """A role in the reader's language."""
    if current_language() == "en":
        return reference().names.roles.get(role, role)
    return role


def is_swapped(on: date) -> bool:
    """Whether a Saturday or Sunday is worked, by the calendar. Unknown years: no."""
    if on.weekday() < SATURDAY:
        return False
    calendar = reference().calendar
    return calendar.knows(on.year) and not calendar.is_rest(on)
