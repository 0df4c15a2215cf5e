"""What a request works with: the platform, and one time, read once and the same on all the page."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app, g
from flask_login import AnonymousUserMixin

from workflows.cases.decision import today_of
from workflows.cases.platform import Platform
from workflows.storage.clock import SystemClock


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


def forget_world() -> None:
    """For the rest of this request nobody is signed in and time is the machine's: what a page
    about a failure needs must not ask what failed."""
    g._login_user = AnonymousUserMixin()
    g.now = SystemClock().now()
