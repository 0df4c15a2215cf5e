"""What became of an order so far: counts, reasons with counts, cases page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from workflows.cases.migration_tables import KeptState
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import CaseRecord, Run
from workflows.catalogue.tables import PUBLISHED, PackageVersion
from workflows.errors import NotVisibleError
from workflows.messages import Message
from workflows.rollout.migration.orders import MOVED, STAYS, WAITING
from workflows.rollout.orders import load_order
from workflows.rollout.places import READERS, check_place, find_version, read_place
from workflows.rollout.tables import MigrationCase, MigrationJob
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id

PAGE = 50
MOST_JOBS = 10


@dataclass(frozen=True, slots=True)
class JobView:
    """An order. `counts`: verdict → cases; `done` of `total` are decided."""

    id: str
    key: str
    unit: str
    before: int
    after: int
    dry_run: bool
    state: str
    done: int
    total: int
    counts: dict[str, int]
    ordered_by: str
    ordered_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason why cases stay: the sentence of one of them, and how many there are."""

    message: Message
    element: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case of an order. `reason`: why it stays; `can_revert`: nothing was done since it was
    moved."""

    case: str
    run: str
    number: str
    title: str
    verdict: str
    reason: Message | None
    can_revert: bool


@dataclass(frozen=True, slots=True)
class JobPage:
    """An order with its reasons, the most frequent first, and one page of its cases."""

    job: JobView
    reasons: tuple[ReasonView, ...]
    cases: tuple[CaseView, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class FromView:
    """A version cases may be moved from, with how many the reader sees running on it."""

    number: int
    cases: int


@dataclass(frozen=True, slots=True)
class MovingPage:
    """Moving to a version: from where, the orders so far, and one of them in full. `in_use`: cases
    can be moved to it."""

    package: str
    title: Mapping[str, str]
    number: int
    in_use: bool
    sources: tuple[FromView, ...]
    jobs: tuple[JobView, ...]
    shown: JobPage | None


def load_moving_page(
    platform: Platform,
    actor: Actor,
    package: str,
    number: int,
    *,
    job: str | None = None,
    after: str | None = None,
) -> MovingPage:
    """The page of moving to version `number`; `job`: the order shown, the newest where None.
    NotVisibleError, ForbiddenError, InvalidInputError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        version = find_version(session, place, number)
        jobs = list_jobs(session, version.id)
        sources = _sources(session, version)
        title = platform.catalogue.load(session, version.id).manifest.title
    wanted = job or (jobs[0].id if jobs else None)
    shown = load_job_page(platform, actor, wanted, after=after) if wanted else None
    if shown is not None and (shown.job.key, shown.job.unit, shown.job.after) != (
        place.key,
        place.unit,
        number,
    ):
        raise NotVisibleError("rollout.unknown_job")
    in_use = version.state == PUBLISHED
    return MovingPage(package, title, number, in_use, sources, jobs, shown)


def _sources(session: Session, target: PackageVersion) -> tuple[FromView, ...]:
    rows = session.execute(
        select(PackageVersion.number, func.count())
        .join(Run, Run.version_id == PackageVersion.id)
        .where(
            PackageVersion.key == target.key,
            PackageVersion.unit_code == target.unit_code,
            PackageVersion.id != target.id,
            Run.status == "open",
        )
        .group_by(PackageVersion.number)
        .order_by(PackageVersion.number.desc())
    )
    return tuple(FromView(number, cases) for number, cases in rows)


def load_job_view(platform: Platform, actor: Actor, job: str) -> JobView:
    """The order and its counts. NotVisibleError, ForbiddenError."""
    with platform.database.reading(actor) as session:
        row = load_order(session, MigrationJob, job, READERS)
        return _view(row, _counts(session, [row.id])[row.id])


def load_job_page(
    platform: Platform, actor: Actor, job: str, *, after: str | None = None
) -> JobPage:
    """The order with reasons and the cases behind the run `after`: six statements. NotVisibleError,
    ForbiddenError, InvalidInputError."""
    with platform.database.reading(actor) as session:
        row = load_order(session, MigrationJob, job, READERS)
        cases = _cases(session, row, decode_id(after) if after else 0)
        more = cases[-2].run if len(cases) > PAGE else None
        view = _view(row, _counts(session, [row.id])[row.id])
        return JobPage(view, _reasons(session, row), cases[:PAGE], more)


def list_jobs(session: Session, to_version: int) -> tuple[JobView, ...]:
    """The ten newest orders towards a version, the newest first; two statements."""
    rows = session.scalars(
        select(MigrationJob)
        .where(MigrationJob.to_version == to_version)
        .order_by(MigrationJob.id.desc())
        .limit(MOST_JOBS)
    ).all()
    counts = _counts(session, [row.id for row in rows])
    return tuple(_view(row, counts[row.id]) for row in rows)


def _counts(session: Session, jobs: Sequence[int]) -> dict[int, dict[str, int]]:
    """Order → verdict → cases."""
    found: dict[int, dict[str, int]] = {job: {} for job in jobs}
    rows = session.execute(
        select(MigrationCase.job_id, MigrationCase.verdict, func.count())
        .where(MigrationCase.job_id.in_(jobs))
        .group_by(MigrationCase.job_id, MigrationCase.verdict)
    )
    for job, verdict, count in rows:
        found[job][verdict] = count
    return found


def _view(job: MigrationJob, counts: dict[str, int]) -> JobView:
    total = sum(counts.values())
    return JobView(
        id=encode_id(job.id),
        key=job.key,
        unit=job.unit_code,
        before=job.from_number,
        after=job.to_number,
        dry_run=bool(job.dry_run),
        state=job.state,
        done=total - counts.get(WAITING, 0),
        total=total,
        counts=counts,
        ordered_by=job.ordered_by,
        ordered_at=job.ordered_at,
        done_at=job.done_at,
    )


def _reasons(session: Session, job: MigrationJob) -> tuple[ReasonView, ...]:
    example = func.max(MigrationCase.reason)
    rows = session.execute(
        select(MigrationCase.element, func.count(), example)
        .where(MigrationCase.job_id == job.id, MigrationCase.verdict == STAYS)
        .group_by(MigrationCase.code, MigrationCase.element)
        .order_by(func.count().desc(), MigrationCase.code, MigrationCase.element)
    )
    return tuple(
        ReasonView(message_from_json(reason), element or None, count)
        for element, count, reason in rows
    )


def _cases(session: Session, job: MigrationJob, after: int) -> tuple[CaseView, ...]:
    """One more than a page."""
    rows = session.execute(
        select(MigrationCase, CaseRecord.number, CaseRecord.title, Run, KeptState.revision)
        .join(CaseRecord, CaseRecord.id == MigrationCase.case_id)
        .join(Run, Run.id == MigrationCase.run_id)
        .outerjoin(KeptState, KeptState.run_id == MigrationCase.run_id)
        .where(MigrationCase.job_id == job.id, MigrationCase.run_id > after)
        .order_by(MigrationCase.run_id)
        .limit(PAGE + 1)
    ).all()
    return tuple(_case(job, *row) for row in rows)


def _case(
    job: MigrationJob,
    row: MigrationCase,
    number: str,
    title: str,
    run: Run,
    kept: int | None,
) -> CaseView:
    untouched = run.status == "open" and kept == run.revision and run.version_id == job.to_version
    return CaseView(
        case=encode_id(row.case_id),
        run=encode_id(row.run_id),
        number=number,
        title=title,
        verdict=row.verdict,
        reason=message_from_json(row.reason) if row.reason else None,
        can_revert=row.verdict == MOVED and untouched,
    )
