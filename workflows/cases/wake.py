"""Clocks that fall due wake their run; found by one indexed query, however many cases are open.

A worker takes the next runs and their cases' locks in one statement and steps past what others
hold. Looking up a list first was tried: several workers then find the same runs, wait for each
other at every lock and load what has just been done.

Several runs share a transaction, because statements and commits cost as much as deciding. They
share nothing else: where one cannot go on, all of them are left as they were, and then each is
woken by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Select, bindparam, exists, select, update

from workflows.cases.acting import Step, save_steps, take_step, writing
from workflows.cases.decision import Command, CommandKind
from workflows.cases.platform import Platform
from workflows.cases.snapshot import LoadedRun, load_run, load_runs
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


class TogetherError(Exception):
    """One of `runs` runs that were to be woken together cannot go on; all are as they were."""

    def __init__(self, runs: int) -> None:
        super().__init__(runs)
        self.runs = runs


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a clock is due, its case busy or not. Locks nothing: an idle worker asks this."""
    return bool(session.scalar(select(exists().where(ClockRow.fires_at <= now))))


def wake_together(platform: Platform, most: int) -> int:
    """Wakes up to `most` runs of different cases in one transaction, those due longest whose case
    nobody holds; how many, 0 without one. Whoever dies in it leaves their clocks due.

    TogetherError where one of several cannot go on, NotWokenError where it was the only one and
    was put off. ConflictError where the database is busy: the next turn. Nothing else has happened
    then.
    """
    taken: tuple[int, ...] = ()
    try:
        with writing(platform, SYSTEM) as session:
            now = platform.clock.now()
            taken = _take_due(session, now, most)
            if taken:
                _wake(session, platform, load_runs(session, platform, taken), now)
    except ConflictError:
        raise
    except Exception as error:
        if not taken:
            raise
        if len(taken) > 1:
            raise TogetherError(len(taken)) from error
        put_off(platform, taken[0])
        raise NotWokenError(taken[0]) from error
    return len(taken)


def _take_due(session: Session, now: datetime, most: int) -> tuple[int, ...]:
    """Runs of the longest due clocks, one a case, their cases locked."""
    found = session.execute(_next_due(), {"now": now, "most": most})
    first = {case_id: run_id for run_id, case_id in reversed(found.all())}
    return tuple(reversed(first.values()))


@cache
def _next_due() -> Select[int, int]:
    """Run and case of the longest due clocks, the cases locked; those others hold are left out."""
    return (
        select(ClockRow.run_id, ClockRow.case_id)
        .join(CaseRecord, CaseRecord.id == ClockRow.case_id)
        .where(ClockRow.fires_at <= bindparam("now", type_=ClockRow.fires_at.type))
        .order_by(ClockRow.fires_at, ClockRow.run_id)
        .limit(bindparam("most", type_=Integer()))
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
        loaded = load_run(session, platform, run_id)
        return _wake(session, platform, (loaded,), platform.clock.now())


def _wake(
    session: Session, platform: Platform, runs: Sequence[LoadedRun], now: datetime
) -> tuple[int, ...]:
    """The numbers of the clocks that fired, of all runs."""
    steps: list[Step] = []
    fired: list[int] = []
    for loaded in runs:
        step = _step(session, platform, loaded, now)
        if step is None or not step.decision.fired:
            _silence(session, loaded.run.id, now)
        if step is not None:
            steps.append(step)
            fired += step.decision.fired
    save_steps(session, steps)
    return tuple(fired)


def _step(session: Session, platform: Platform, loaded: LoadedRun, now: datetime) -> Step | None:
    """What the heart decides; None where nothing is due in the run."""
    if loaded.run.status != "open" or all(row["fires_at"] > now for row in loaded.clocks):
        return None
    package = platform.catalogue.load(session, loaded.run.version_id)
    return take_step(session, platform, loaded, package, Command(CommandKind.WAKE, now))


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
