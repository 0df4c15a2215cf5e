"""The test clock: moves the time of the whole installation and works off what falls due.

Only with FENGQIAO_TEST_CLOCK=1 on a loopback address; elsewhere the address does not exist.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from webapp.jobs import build_sources
from webapp.pages.now import platform
from webapp.pdf.answers import renderer
from webapp.settings import Settings
from workflows.jobs.worker import Worker
from workflows.storage.clock import InstallationClock, MovableClock

NOT_TIMED = frozenset({"documents"})
"""Sources whose work waits for nobody's clock: left to the worker and to the first reader."""


def is_allowed(app: Flask) -> bool:
    """Whether this installation's clock may be moved."""
    settings: Settings = app.extensions["fengqiao.settings"]
    return settings.test_clock and settings.is_loopback


def advance(by: timedelta) -> datetime:
    """Moves the clock, does everything that is due then, and returns the new moment."""
    clock = platform().clock
    assert isinstance(clock, InstallationClock | MovableClock)
    clock.advance(by)
    sources = build_sources(platform(), renderer())
    Worker([source for source in sources if source.name not in NOT_TIMED]).run_until_idle()
    return clock.now()
