"""Clocks that fall due wake their run; found by one indexed query, however many cases are open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.platform import Platform
from workflows.cases.snapshot import load_run
from workflows.cases.tables import FAR, ClockRow
from workflows.storage import SYSTEM, Session

RETRY = timedelta(minutes=10)
"""A run that could not go on is woken again after this time: somebody has to mend its diagram or
its facts first."""


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
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
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
