"""Orders to replay past cases through a version: give one, stop it, let it go on.

An order lists its runs once, when it is given: the newest the person knows of, none of restricted
cases. The worker goes through them (`work.py`); the version's record says who asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from workflows.cases.platform import Platform
from workflows.catalogue.tables import PackageVersion
from workflows.errors import InvalidInputError
from workflows.rollout.orders import new_order, post, resume_order, stop_order
from workflows.rollout.places import Place, check_place, find_version, read_place
from workflows.rollout.replay.past import REPLAY, list_runs, note_replay
from workflows.rollout.tables import ReplayCase, ReplayJob
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id

REPLAY_TOPIC = "package.replay"
"""Outbox: an order has runs left. Payload {"job"}, and {"from": OLDEST} for whoever begins at the
other end."""
OLDEST = "oldest"
ALONE = 50
"""Waiting runs up to which one worker is enough; more are walked from both ends."""
WAITING, SAME, REFUSED = "waiting", "same", "refused"
"""Verdicts beside those of `walk.Verdict`."""
MOST = 5000
"""Runs of one order."""


@dataclass(frozen=True, slots=True)
class OrderReplay:
    """`package`: `key` or `key@unit`; `number`: its version; `most`: how many of the newest runs,
    at most MOST."""

    package: str
    number: int
    most: int


def order_replay(platform: Platform, actor: Actor, command: OrderReplay) -> str:
    """Gives the order; the job's outside id.

    NotVisibleError (no such version), ForbiddenError, InvalidInputError (how many), PackageError
    (a draft that cannot run). Nothing is written then.
    """
    place = read_place(command.package)
    if not 0 < command.most <= MOST:
        raise InvalidInputError("rollout.replay_how_many", most=MOST)
    with platform.database.reading(actor) as session:
        check_place(session, place, REPLAY)
        version = find_version(session, place, command.number)
        # A draft takes half a second to compile, too long to keep every other writer waiting.
        platform.catalogue.load(session, version.id)
        runs = list_runs(session, place, most=command.most)
    with platform.database.transaction(actor) as session:
        check_place(session, place, REPLAY)
        version = find_version(session, place, command.number)
        note_replay(session, platform, version, most=command.most)
        job = _job(platform, actor, place, version, command.most)
        session.add(job)
        session.add_all(_case(job, run_id, case_id) for run_id, case_id in runs)
        _begin(session, platform, job.id, len(runs))
        return encode_id(job.id)


def stop_replay(platform: Platform, actor: Actor, job: str) -> None:
    """No further run is walked; verdicts stay. Raises NotVisibleError, ForbiddenError,
    ConflictError (it is over)."""
    with platform.database.transaction(actor) as session:
        stop_order(session, ReplayJob, job, REPLAY)


def resume_replay(platform: Platform, actor: Actor, job: str) -> None:
    """Goes on where it was stopped. Raises NotVisibleError, ForbiddenError, ConflictError."""
    with platform.database.transaction(actor) as session:
        row = resume_order(session, ReplayJob, job, REPLAY)
        mine = ReplayCase.job_id == row.id, ReplayCase.verdict == WAITING
        _begin(session, platform, row.id, session.scalar(select(func.count()).where(*mine)) or 0)


def _begin(session: Session, platform: Platform, job_id: int, runs: int) -> None:
    """One row, or two where two workers are worth it. Each goes on by itself until they meet."""
    post(session, platform, REPLAY_TOPIC, job_id)
    if runs > ALONE:
        post(session, platform, REPLAY_TOPIC, job_id, more={"from": OLDEST})


def _job(
    platform: Platform, actor: Actor, place: Place, version: PackageVersion, most: int
) -> ReplayJob:
    return ReplayJob(
        **new_order(platform, actor, place),
        version_id=version.id,
        number=version.number,
        most=most,
    )


def _case(job: ReplayJob, run_id: int, case_id: int) -> ReplayCase:
    return ReplayCase(
        job_id=job.id,
        run_id=run_id,
        case_id=case_id,
        verdict=WAITING,
        steps=0,
        reason=None,
        decided_at=None,
    )
