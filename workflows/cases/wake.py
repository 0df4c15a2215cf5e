"""Clocks that fall due wake their run; found by one indexed query, however many cases are open.

A worker takes the next run and its case's lock in one statement and steps past what others hold.
Looking up a list first was tried: several workers then find the same runs, wait for each other at
every lock and load what has just been done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, select, update

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.platform import Platform
from workflows.cases.snapshot import load_run
from workflows.cases.tables import FAR, CaseRecord, ClockRow
from workflows.errors import ConflictError
from workflows.storage import SYSTEM, Session

RETRY = timedelta(minutes=10)
"""A run that could not go on is woken again after this time: somebody has to mend its diagram or
its facts first."""


class NotWokenError(Exception):
    """A run could not be woken and was put off; the cause says why."""

    def __init__(self, run_id: int) -> None:
        super().__init__(run_id)
        self.run_id = run_id


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a clock is due, its case busy or not. Locks nothing: an idle worker asks this."""
    return bool(session.scalar(select(exists().where(ClockRow.fires_at <= now))))


def wake_next(platform: Platform) -> int | None:
    """Wakes the run whose clock is due longest and whose case nobody holds; its id, None without
    one. One transaction: whoever dies in it leaves the clock due.

    NotWokenError for a run that cannot go on. ConflictError where the database is busy: the next
    turn. Nothing else has happened then.
    """
    run_id: int | None = None
    try:
        with writing(platform, SYSTEM) as session:
            now = platform.clock.now()
            run_id = session.scalar(_next_due(), {"now": now})
            if run_id is not None:
                _wake(session, platform, run_id, now)
    except ConflictError:
        raise
    except Exception as error:
        if run_id is None:
            raise
        put_off(platform, run_id)
        raise NotWokenError(run_id) from error
    return run_id


@cache
def _next_due() -> Select[Any]:
    """The run of the longest due clock, its case locked; cases that are locked are left out."""
    return (
        select(ClockRow.run_id)
        .join(CaseRecord, CaseRecord.id == ClockRow.case_id)
        .where(ClockRow.fires_at <= bindparam("now", type_=ClockRow.fires_at.type))
        .order_by(ClockRow.fires_at, ClockRow.run_id)
        .limit(1)
        .with_for_update(of=CaseRecord, skip_locked=True)
    )


def due_runs(session: Session, now: datetime, limit: int) -> tuple[int, ...]:
    """Runs with a clock that is due, the longest due first, each once."""
    rows = session.scalars(
        select(ClockRow.run_id)
        .where(ClockRow.fires_at <= now)
        .order_by(ClockRow.fires_at, ClockRow.run_id)
        .limit(limit)
    )
    return tuple(dict.fromkeys(rows))


def wake_run(platform: Platform, run_id: int) -> tuple[int, ...]:
    """Fires what is due in a run now; the numbers of the clocks. () if nothing is due any more.

    Raises what `decide` raises; call `put_off` then.
    """
    with writing(platform, SYSTEM) as session:
        return _wake(session, platform, run_id, platform.clock.now())


def _wake(session: Session, platform: Platform, run_id: int, now: datetime) -> tuple[int, ...]:
    loaded = load_run(session, platform, run_id)
    due = [row for row in loaded.clocks if row["fires_at"] <= now]
    if not due or loaded.run.status != "open":
        _silence(session, run_id, now)
        return ()
    package = platform.catalogue.load(session, loaded.run.version_id)
    command = Command(CommandKind.WAKE, now)
    fired = act_on_run(session, platform, loaded, package, command).decision.fired
    if not fired:
        _silence(session, run_id, now)
    return fired


def _silence(session: Session, run_id: int, now: datetime) -> None:
    """Clocks the diagram no longer has, or of a run that ended: they must not be found again."""
    session.execute(
        update(ClockRow)
        .where(ClockRow.run_id == run_id, ClockRow.fires_at <= now)
        .values(fires_at=FAR)
        .execution_options(synchronize_session=False)
    )


def put_off(platform: Platform, run_id: int) -> None:
    """Lets a run rest that could not be woken, so that it does not keep the others waiting."""
    now = platform.clock.now()
    with platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(ClockRow)
            .where(ClockRow.run_id == run_id, ClockRow.fires_at <= now)
            .values(fires_at=now + RETRY)
            .execution_options(synchronize_session=False)
        )
