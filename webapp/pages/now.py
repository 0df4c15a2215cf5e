"""What a request works with: the platform, and one time, read once and the same on all the page."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app, g

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform


def platform() -> Platform:
    """The platform this app was made with."""
    found: Platform = current_app.extensions["fengqiao.platform"]
    return found


def now() -> datetime:
    """Aware UTC; the test clock's time where that is on."""
    if "now" not in g:
        g.now = platform().clock.now()
    moment: datetime = g.now
    return moment


def today() -> date:
    """The Shanghai day of `now`."""
    return today_of(now())
