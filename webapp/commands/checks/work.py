"""Work that waits: is a worker alive, is anything overdue, what was set aside for a person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Reading, told
from workflows.cases.tables import FAR, ClockRow, Document, TimelineAnchor, TimelineEntry
from workflows.documents.states import PENDING
from workflows.jobs.heartbeat import list_beats
from workflows.storage.tables import OutboxRow

LATE = timedelta(minutes=1)
"""A due clock acts within seconds; a minute is no accident."""
STUCK = timedelta(minutes=10)
"""An outbox row that may be done and was not touched for so long has nobody who does it."""
ANCHOR_AGE = timedelta(days=2)


def check_worker(reading: Reading) -> Findings:
    """Some worker gave a sign within a minute."""
    beats = list_beats(reading.session)
    alive = [beat for beat in beats if not beat.is_stale(reading.patient.now)]
    for beat in beats:
        if beat.is_stale(reading.patient.now):
            at = beat.at.isoformat(timespec="seconds")
            yield WARN, told("worker_gone", worker=beat.worker, at=at)
    if alive:
        yield OK, told("worker", count=len(alive))
    else:
        yield BAD, told("no_worker")


def check_clocks(reading: Reading) -> Findings:
    """No clock is due that nobody acted on."""
    now = reading.offices_now
    late = _count(reading, ClockRow.fires_at < now - LATE)
    put_off = _count(
        reading, ClockRow.is_open == 1, ClockRow.due_at < now, ClockRow.fires_at.between(now, FAR)
    )
    if late:
        yield BAD, told("clocks_late", count=late)
    if put_off:
        yield WARN, told("clocks_put_off", count=put_off)
    if not late and not put_off:
        yield OK, told("clocks")


def _count(reading: Reading, *conditions: object) -> int:
    query = select(func.count()).select_from(ClockRow).where(*conditions)  # type: ignore[arg-type]
    return reading.session.scalar(query) or 0


def check_outbox(reading: Reading) -> Findings:
    """No letter is dead, and none lies about."""
    dead = reading.session.execute(
        select(OutboxRow.topic, func.count(), func.max(OutboxRow.last_error))
        .where(OutboxRow.state == "dead")
        .group_by(OutboxRow.topic)
        .order_by(OutboxRow.topic)
    ).all()
    stuck = reading.session.execute(
        select(OutboxRow.topic, func.count())
        .where(OutboxRow.state == "open", OutboxRow.available_at < reading.offices_now - STUCK)
        .group_by(OutboxRow.topic)
        .order_by(OutboxRow.topic)
    ).all()
    for topic, count, error in dead:
        yield WARN, told("outbox_dead", topic=topic, count=count, error=error or "")
    for topic, count in stuck:
        yield WARN, told("outbox_stuck", topic=topic, count=count)
    if not dead and not stuck:
        yield OK, told("outbox")


def check_documents(reading: Reading) -> Findings:
    """No document was given up by the worker."""
    given_up = reading.session.execute(
        select(func.count(), func.max(Document.last_error)).where(
            Document.state == PENDING, Document.available_at >= FAR
        )
    ).one()
    if given_up[0]:
        yield WARN, told("documents_failed", count=given_up[0], error=given_up[1] or "")
    else:
        yield OK, told("documents")


def check_anchors(reading: Reading) -> Findings:
    """The record of the last days is anchored. Whether it is whole: `fengqiao audit verify`."""
    newest = reading.session.scalar(select(func.max(TimelineAnchor.until)))
    oldest = select(func.min(TimelineEntry.recorded_at))
    if newest is not None:
        oldest = oldest.where(TimelineEntry.recorded_at >= newest)
    waiting = reading.session.scalar(oldest)
    if waiting is not None and waiting < reading.offices_now - ANCHOR_AGE:
        yield WARN, told("anchor_old", since=waiting.isoformat(timespec="seconds"))
    else:
        yield OK, told("anchor")
