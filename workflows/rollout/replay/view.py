"""What a replay came to so far: counts, where runs part, runs page by page.

Everybody counts and sees the runs of cases they know of; a case restricted since is gone from all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import CaseRecord, Run
from workflows.catalogue.source import PackageSource, read_zip
from workflows.errors import NotVisibleError
from workflows.rollout.orders import load_order
from workflows.rollout.places import READERS, check_place, find_version, may_here, read_place
from workflows.rollout.replay.orders import WAITING
from workflows.rollout.replay.past import REPLAY
from workflows.rollout.replay.records import (
    DifferenceView,
    PartingView,
    ReplayPage,
    ReplayView,
    RunView,
    VersionReplays,
)
from workflows.rollout.replay.runs import unrestricted
from workflows.rollout.replay.walk import Verdict
from workflows.rollout.tables import ReplayCase, ReplayDifference, ReplayJob
from workflows.rollout.versions import title_of
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id

PAGE = 50
MOST_JOBS = 10
GRAVE = {verdict.value: rank for rank, verdict in enumerate(Verdict)}
"""Value of a verdict → the greater, the graver."""


def load_version_replays(
    platform: Platform,
    actor: Actor,
    package: str,
    number: int,
    *,
    job: str | None = None,
    verdict: str = "",
    after: str | None = None,
) -> VersionReplays:
    """The page of replays through version `number`; `job`: the one shown, the newest where None;
    `verdict`: only its runs with this one. NotVisibleError, ForbiddenError, InvalidInputError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        version = find_version(session, place, number)
        title = title_of(read_zip(version.source))
        may_order = may_here(session, place, REPLAY)
        jobs = _list_jobs(session, version.id)
    wanted = job or (jobs[0].id if jobs else None)
    shown = None
    if wanted is not None:
        shown = load_replay_page(platform, actor, wanted, verdict=verdict, after=after)
        if (shown.job.key, shown.job.unit, shown.job.number) != (place.key, place.unit, number):
            raise NotVisibleError("rollout.unknown_job")
    return VersionReplays(place.name, title, number, may_order, jobs, shown)


def load_replay_page(
    platform: Platform,
    actor: Actor,
    job: str,
    *,
    verdict: str = "",
    after: str | None = None,
) -> ReplayPage:
    """The order and the runs behind the run `after`, of one verdict or of all: six statements.
    NotVisibleError, ForbiddenError, InvalidInputError."""
    with platform.database.reading(actor) as session:
        row = load_order(session, ReplayJob, job, READERS)
        view = _view(row, _counts(session, [row.id])[row.id])
        runs = _runs(session, row.id, verdict, decode_id(after) if after else None)
        following = runs[PAGE - 1].run if len(runs) > PAGE else None
        return ReplayPage(view, _partings(session, row.id), runs[:PAGE], following)


def load_parted(
    platform: Platform, actor: Actor, package: str, number: int, job: str
) -> tuple[PackageSource, tuple[PartingView, ...]]:
    """The tree of the version an order replays through, and where its runs part: what a picture
    needs. NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        row = load_order(session, ReplayJob, job, READERS)
        if (row.key, row.unit_code, row.number) != (place.key, place.unit, number):
            raise NotVisibleError("rollout.unknown_job")
        source = read_zip(find_version(session, place, number).source)
        return source, _partings(session, row.id)


def is_replay(platform: Platform, actor: Actor, job: str) -> bool:
    """Whether this outside id is one of a replay; says nothing of who may see it."""
    with platform.database.reading(actor) as session:
        return session.get(ReplayJob, decode_id(job)) is not None


def _list_jobs(session: Session, version_id: int) -> tuple[ReplayView, ...]:
    """The ten newest; two statements."""
    rows = session.scalars(
        select(ReplayJob)
        .where(ReplayJob.version_id == version_id)
        .order_by(ReplayJob.id.desc())
        .limit(MOST_JOBS)
    ).all()
    counts = _counts(session, [row.id for row in rows])
    return tuple(_view(row, counts[row.id]) for row in rows)


def _view(row: ReplayJob, counts: Mapping[str, int]) -> ReplayView:
    total = sum(counts.values())
    return ReplayView(
        id=encode_id(row.id),
        key=row.key,
        unit=row.unit_code,
        number=row.number,
        most=row.most,
        state=row.state,
        done=total - counts.get(WAITING, 0),
        total=total,
        counts=counts,
        ordered_by=row.ordered_by,
        ordered_at=row.ordered_at,
        done_at=row.done_at,
    )


def _counts(session: Session, jobs: Sequence[int]) -> Mapping[int, dict[str, int]]:
    """Order → verdict → runs."""
    found: dict[int, dict[str, int]] = {job: {} for job in jobs}
    asked = select(ReplayCase.job_id, ReplayCase.verdict, func.count())
    asked = _known(session, asked, ReplayCase).where(ReplayCase.job_id.in_(jobs))
    rows = session.execute(asked.group_by(ReplayCase.job_id, ReplayCase.verdict))
    for job, verdict, count in rows:
        found[job][verdict] = count
    return found


def _partings(session: Session, job_id: int) -> tuple[PartingView, ...]:
    part = ReplayDifference
    runs = func.count(part.run_id.distinct())
    asked = select(part.verdict, part.element, func.max(part.diagram), func.max(part.title), runs)
    rows = session.execute(
        _known(session, asked, part)
        .where(part.job_id == job_id)
        .group_by(part.verdict, part.element)
        .order_by(runs.desc(), part.element)
    ).all()
    found = [
        PartingView(verdict, element, title, diagram, count)
        for verdict, element, diagram, title, count in rows
    ]
    return tuple(sorted(found, key=lambda one: -GRAVE[one.verdict]))


def _runs(session: Session, job_id: int, verdict: str, after: int | None) -> tuple[RunView, ...]:
    """One more than a page; two statements."""
    wanted: list[ColumnElement[bool]] = [ReplayCase.job_id == job_id]
    if verdict:
        wanted.append(ReplayCase.verdict == verdict)
    if after is not None:
        wanted.append(ReplayCase.run_id < after)
    asked = _known(session, select(ReplayCase, CaseRecord.number), ReplayCase).where(*wanted)
    rows = session.execute(asked.order_by(ReplayCase.run_id.desc()).limit(PAGE + 1)).all()
    differences = _differences(session, job_id, [row.run_id for row, _ in rows])
    return tuple(
        RunView(
            case=encode_id(row.case_id),
            run=encode_id(row.run_id),
            number=number,
            verdict=row.verdict,
            steps=row.steps,
            reason=message_from_json(row.reason) if row.reason else None,
            differences=tuple(differences.get(row.run_id, ())),
        )
        for row, number in rows
    )


def _differences(
    session: Session, job_id: int, runs: Sequence[int]
) -> Mapping[int, list[DifferenceView]]:
    """Of each run, in the order they were found."""
    found: dict[int, list[DifferenceView]] = {}
    rows = session.scalars(
        select(ReplayDifference)
        .where(ReplayDifference.job_id == job_id, ReplayDifference.run_id.in_(runs))
        .order_by(ReplayDifference.run_id, ReplayDifference.position)
    )
    for row in rows:
        view = DifferenceView(
            verdict=row.verdict,
            step=row.step,
            at=row.at,
            element=row.element,
            title=row.title,
            message=message_from_json(row.message),
        )
        found.setdefault(row.run_id, []).append(view)
    return found


def _known(session: Session, asked: Any, of: type[ReplayCase | ReplayDifference]) -> Any:
    """Without runs the reader does not know of, and without those restricted since."""
    return unrestricted(asked.join(Run, Run.id == of.run_id), session.actor)
