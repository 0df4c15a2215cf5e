"""The worker's side of a replay: a few runs, their verdicts in one transaction, then a few more.

Looking writes nothing, so whoever dies in the middle leaves the runs waiting, and the next worker
comes to the same verdicts. While clocks are due there is one run at a time with a pause behind it:
walking takes the processor the clocks need.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.cases.wake import is_any_due
from workflows.catalogue.package import Package
from workflows.messages import Message
from workflows.rollout.orders import DONE, OPEN, post, who_ordered
from workflows.rollout.replay.orders import OLDEST, REFUSED, REPLAY_TOPIC, SAME, WAITING
from workflows.rollout.replay.past import Outcome, replay_run
from workflows.rollout.replay.walk import Difference
from workflows.rollout.tables import ReplayCase, ReplayDifference, ReplayJob
from workflows.storage import SYSTEM, Actor, Session

log = structlog.get_logger("fengqiao.replay")

CHUNK = 20
"""Runs whose verdicts are written together."""
SPAN_SECONDS = 3.0
"""No further run is begun after so long; other rows of the outbox wait meanwhile."""
PAUSE = timedelta(seconds=1)
"""Between two runs while clocks are due."""


def replay_next(platform: Platform, payload: Mapping[str, Any]) -> None:
    """Handler of `REPLAY_TOPIC`: the next runs of the order, the newest first (`OLDEST`: the
    oldest), then a new row if any are left. May be called twice for the same runs, as where two
    workers meet: their verdicts are the same."""
    job_id, end = int(payload["job"]), payload.get("from")
    order_by = ReplayCase.run_id if end == OLDEST else ReplayCase.run_id.desc()
    with platform.database.reading(SYSTEM) as session:
        job = session.get(ReplayJob, job_id)
        hurried = is_any_due(session, platform.clock.now())
        waiting = session.scalars(
            select(ReplayCase.run_id)
            .where(ReplayCase.job_id == job_id, ReplayCase.verdict == WAITING)
            .order_by(order_by)
            .limit(1 if hurried else CHUNK)
        ).all()
    if job is None or job.state != OPEN:
        return
    found = _look(platform, job, waiting)
    with platform.database.transaction(SYSTEM) as session:
        order = session.scalars(
            select(ReplayJob).where(ReplayJob.id == job_id).with_for_update()
        ).one()
        is_mine = _write(session, platform, job_id, found) or not waiting
        if order.state == OPEN and is_mine:
            pause = PAUSE if hurried else timedelta(0)
            _go_on(session, platform, order, pause, {"from": end} if end else {})


def _look(
    platform: Platform, job: ReplayJob, waiting: Sequence[int]
) -> Mapping[int, Outcome | Message | None]:
    """What becomes of the first few runs; a Message for those that cannot be walked, None for
    those the person who asked knows nothing of by now."""
    if not waiting:
        return {}
    actor = who_ordered(platform, job)
    if actor is None:
        return dict.fromkeys(waiting, Message("rollout.replay_nobody"))
    with platform.database.reading(SYSTEM) as session:
        draft = platform.catalogue.load(session, job.version_id)
    found: dict[int, Outcome | Message | None] = {}
    until = time.monotonic() + SPAN_SECONDS
    for run_id in waiting:
        found[run_id] = _outcome(platform, actor, draft, run_id)
        if time.monotonic() > until:
            break
    return found


def _outcome(
    platform: Platform, actor: Actor, draft: Package, run_id: int
) -> Outcome | Message | None:
    """One run, whatever happens to it: a run that cannot be read must not keep the others."""
    try:
        return replay_run(platform, actor, draft, run_id)
    except SQLAlchemyError:
        raise
    except Exception as error:
        # The library raises whatever it likes on a state it does not understand.
        log.exception("run not replayed", run=run_id, why=type(error).__name__)
        return Message("rollout.replay_failed")


def _write(
    session: Session,
    platform: Platform,
    job_id: int,
    found: Mapping[int, Outcome | Message | None],
) -> bool:
    """Writes the verdicts of runs that still wait; False where others have written them all: then
    theirs is the row that goes on."""
    rows = session.scalars(
        select(ReplayCase).where(
            ReplayCase.job_id == job_id,
            ReplayCase.run_id.in_(found),
            ReplayCase.verdict == WAITING,
        )
    ).all()
    for row in rows:
        outcome = found[row.run_id]
        row.decided_at = platform.clock.now()
        if outcome is None:
            session.delete(row)
        elif isinstance(outcome, Message):
            _refuse(row, outcome)
        elif outcome.refused is not None:
            _refuse(row, outcome.refused)
        else:
            row.verdict, row.steps = outcome.verdict or SAME, outcome.steps
            differences = enumerate(outcome.differences)
            session.add_all(_difference(row, position, one) for position, one in differences)
    session.flush()
    return bool(rows)


def _refuse(row: ReplayCase, why: Message) -> None:
    row.verdict, row.reason = REFUSED, message_to_json(why)


def _difference(row: ReplayCase, position: int, one: Difference) -> ReplayDifference:
    return ReplayDifference(
        job_id=row.job_id,
        run_id=row.run_id,
        position=position,
        case_id=row.case_id,
        verdict=one.verdict,
        step=one.step,
        at=one.at,
        element=one.element or "",
        diagram=one.diagram,
        title=dict(one.title),
        message=message_to_json(one.message),
    )


def _go_on(
    session: Session,
    platform: Platform,
    order: ReplayJob,
    pause: timedelta,
    more: Mapping[str, str],
) -> None:
    waits = exists().where(ReplayCase.job_id == order.id, ReplayCase.verdict == WAITING)
    now = platform.clock.now()
    if session.scalar(select(waits)):
        post(session, platform, REPLAY_TOPIC, order.id, available_at=now + pause, more=more)
    else:
        order.state, order.done_at = DONE, now
