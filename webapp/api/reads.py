"""Reads that take more than one question to a room."""

from __future__ import annotations

import time

from webapp.api import answers, inputs, shapes
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.queries.cursor import read_cursor, write_cursor
from workflows.cases.queries.run_page import RunPage, load_run_page
from workflows.cases.queries.timeline import TimelineQuery, list_timeline

PAUSE_SECONDS = 0.25
ORDER = "timeline"


def for_calls(run: str, seconds: int) -> RunPage:
    """The run as soon as no call of it is open, at the latest after `seconds`."""
    until = time.monotonic() + seconds
    found = load_run_page(platform(), current_actor(), run)
    while found.pending_calls and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        found = load_run_page(platform(), current_actor(), run)
    return found


def timeline(case: str, page: inputs.Page) -> shapes.Timeline:
    """One page of the record of a case, oldest first."""
    after = read_cursor(page.cursor, ORDER, (int,))[0] if page.cursor else 0
    query = TimelineQuery(case, after=after, limit=page.page_size)
    found = list_timeline(platform(), current_actor(), query)
    following = write_cursor(ORDER, [found.last]) if found.more else None
    return answers.timeline(found.entries, following)
