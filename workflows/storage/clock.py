"""Where time comes from. Nothing in the house asks the machine's clock itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from workflows.storage.actor import SYSTEM
from workflows.storage.installation import load_setting, save_setting

if TYPE_CHECKING:
    from workflows.storage.database import Database

OFFSET_KEY = "test_clock.offset_seconds"
"""Setting that holds how far the installation's clock was moved, in seconds."""

LOCAL = ZoneInfo("Asia/Shanghai")
"""The zone of every office we serve; posts and limits count its days."""


class Clock(Protocol):
    """Gives the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved: for tests and the pure world."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"naive datetime {start!r}")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves forward and returns the new moment; backwards is a ValueError."""
        if by < timedelta(0):
            raise ValueError("a clock does not go back")
        self._now += by
        return self._now


class InstallationClock:
    """The machine's clock plus an offset that all processes of one installation share.

    The offset is a row, read anew every time: server and worker must agree at once. Only used
    where the test clock is switched on (`FENGQIAO_TEST_CLOCK`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> datetime:
        with self._database.reading(SYSTEM) as session:
            seconds = load_setting(session, OFFSET_KEY, 0.0)
        return datetime.now(UTC) + timedelta(seconds=float(seconds))

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock of the whole installation forward; backwards is a ValueError."""
        if by < timedelta(0):
            raise ValueError("a clock does not go back")
        with self._database.transaction(SYSTEM) as session:
            moved = float(load_setting(session, OFFSET_KEY, 0.0)) + by.total_seconds()
            save_setting(session, OFFSET_KEY, moved)
        return datetime.now(UTC) + timedelta(seconds=moved)


def local_day(moment: datetime) -> date:
    """The calendar day of an aware instant where the offices are."""
    return moment.astimezone(LOCAL).date()
