"""Clocks: the one that stands still, and the one an installation shares."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories.times import START
from workflows.storage import Database
from workflows.storage.clock import InstallationClock, MovableClock, SystemClock, local_day

NOON_GAP = timedelta(seconds=30)
"""Far more than a test takes, far less than the clock is moved."""


def test_movable_clock_stands_still_until_moved() -> None:
    clock = MovableClock(START)
    assert clock.now() == clock.now() == START
    assert clock.advance(timedelta(days=31)) == START + timedelta(days=31) == clock.now()


def test_movable_clock_refuses_to_go_back_or_to_be_naive() -> None:
    with pytest.raises(ValueError, match="does not go back"):
        MovableClock(START).advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="naive"):
        MovableClock(datetime(2026, 9, 3))  # noqa: DTZ001 - the mistake under test


def test_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_installation_clock_moves_for_every_process(database: Database) -> None:
    server, worker = InstallationClock(database), InstallationClock(database)
    assert abs(server.now() - SystemClock().now()) < NOON_GAP
    server.advance(timedelta(days=31))
    worker.advance(timedelta(days=1))
    for clock in (server, worker):
        assert abs(clock.now() - SystemClock().now() - timedelta(days=32)) < NOON_GAP


def test_installation_clock_refuses_to_go_back(database: Database) -> None:
    with pytest.raises(ValueError, match="does not go back"):
        InstallationClock(database).advance(timedelta(seconds=-1))


def test_local_day_begins_at_midnight_in_shanghai() -> None:
    assert local_day(datetime(2026, 9, 3, 15, 59, tzinfo=UTC)) == date(2026, 9, 3)
    assert local_day(datetime(2026, 9, 3, 16, 0, tzinfo=UTC)) == date(2026, 9, 4)
