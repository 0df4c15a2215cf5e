"""Work that waits: is a worker alive, is anything overdue, what was set aside for a person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Reading, told
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import FAR, ClockRow, Document, TimelineAnchor, TimelineEntry
from workflows.documents.states import PENDING
from workflows.handoffs.states import State
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.jobs.heartbeat import list_beats
from workflows.storage.ids import encode_id
from workflows.storage.tables import OutboxRow

LATE = timedelta(minutes=1)
"""A due clock acts within seconds; a minute is no accident."""
STUCK = timedelta(minutes=10)
"""An outbox row that may be done and was not touched for so long has nobody who does it."""
ANCHOR_AGE = timedelta(days=2)
MOST_NAMED = 20
"""Letters that are named one by one; how many more there are is said."""


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


def check_letters(reading: Reading) -> Findings:
    """No handoff and no answer waits undelivered. Names each, the oldest first, by its own number:
    whose matter it is stands in no log."""
    dead = reading.session.execute(
        select(Handoff.id, Handoff.from_name, Handoff.to_name, Handoff.problem)
        .where(Handoff.state == str(State.DEAD))
        .order_by(Handoff.sent_at, Handoff.id)
    ).all()
    answers = reading.session.scalars(
        select(HandoffAnswer.handoff_id)
        .where(HandoffAnswer.state == "dead")
        .order_by(HandoffAnswer.handoff_id, HandoffAnswer.number)
    ).all()
    for number, sender, receiver, problem in dead[:MOST_NAMED]:
        why = message_from_json(problem) if problem else ""
        places = {"from_name": sender, "to_name": receiver}
        yield WARN, told("letter_dead", letter=encode_id(number), why=why, **places)
    for number in answers[:MOST_NAMED]:
        yield WARN, told("letter_answer_dead", letter=encode_id(number))
    unnamed = max(0, len(dead) - MOST_NAMED) + max(0, len(answers) - MOST_NAMED)
    if unnamed:
        yield WARN, told("letters_more", count=unnamed)
    if not dead and not answers:
        yield OK, told("letters")


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
