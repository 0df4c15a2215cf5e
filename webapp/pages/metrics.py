"""Figures for a monitoring system: how much waits, for how long, and whether anybody works on it.

Counts only, in the text format of Prometheus (0.0.4); nothing about a case or a person. Tasks of
restricted cases are not counted: in a small office a number that grew would tell of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Response
from sqlalchemy import func, select

from webapp.pages.now import platform
from workflows.cases.tables import NORMAL, ClockRow, Document, WorkItem
from workflows.documents.states import PENDING
from workflows.jobs.heartbeat import list_beats
from workflows.storage import SYSTEM, Session
from workflows.storage.clock import SystemClock
from workflows.storage.tables import OutboxRow

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, str, float]
"""(name, labels in braces or "", value)."""

HELP = {
    "fengqiao_open_tasks": "Open work items, restricted cases left out.",
    "fengqiao_overdue_tasks": "Open work items whose time limit has passed.",
    "fengqiao_clocks_waiting": "Clocks that are due and that nobody has acted on.",
    "fengqiao_outbox_rows": "What is to be done after commits, by state.",
    "fengqiao_documents_pending": "Documents not laid out yet.",
    "fengqiao_workers": "Workers that gave a sign within a minute.",
}


def answer_metrics() -> Response:
    """All gauges, read in one transaction."""
    now = platform().clock.now()
    with platform().database.reading(SYSTEM) as session:
        samples = list(_samples(session, now))
    lines = []
    for name, labels, value in samples:
        if not any(line.startswith(f"# HELP {name} ") for line in lines):
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
        lines.append(f"{name}{labels} {value:g}")
    return Response("\n".join(lines) + "\n", content_type=CONTENT_TYPE)


def _samples(session: Session, now: datetime) -> Iterator[Sample]:
    is_open = (WorkItem.state == "open", WorkItem.access_class == NORMAL)
    yield "fengqiao_open_tasks", "", _count(session, *is_open)
    yield "fengqiao_overdue_tasks", "", _count(session, *is_open, WorkItem.due_at <= now)
    yield "fengqiao_clocks_waiting", "", _count(session, ClockRow.fires_at <= now)
    rows = session.execute(
        select(OutboxRow.state, func.count()).group_by(OutboxRow.state).order_by(OutboxRow.state)
    )
    found = {"open": 0, "dead": 0, **{state: count for state, count in rows}}
    for state, count in sorted(found.items()):
        yield "fengqiao_outbox_rows", f'{{state="{state}"}}', count
    yield "fengqiao_documents_pending", "", _count(session, Document.state == PENDING)
    alive = [beat for beat in list_beats(session) if not beat.is_stale(SystemClock().now())]
    yield "fengqiao_workers", "", len(alive)


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]
