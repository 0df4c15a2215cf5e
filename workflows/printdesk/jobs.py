"""Print jobs as whoever ordered them sees them, and their PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import CaseRecord, Run
from workflows.documents.orders import READY, UNDER_WAY
from workflows.errors import NotVisibleError, RuleError
from workflows.formspec.fields import Titles
from workflows.messages import Message
from workflows.printdesk.opening import count_as_printed
from workflows.printdesk.tables import PrintJob, PrintPacket
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.volumes.place import load_place

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class JobPacket:
    """One packet of a job. `pages`: of one copy, None until made; `missing`: what was not there."""

    run: str
    number: str
    title: str
    pages: int | None
    missing: tuple[Titles, ...]


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. `problem`: why it failed; `packets`: only where one job is asked for."""

    id: str
    ordered_at: datetime
    copies: int
    count: int
    state: str
    pages: int | None
    problem: Message | None
    packets: tuple[JobPacket, ...] = ()

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has not finished with it."""
        return self.state in UNDER_WAY


def list_jobs(platform: Platform, actor: Actor) -> tuple[JobView, ...]:
    """The actor's own jobs, newest first, at most MOST_LISTED."""
    with platform.database.reading(actor) as session:
        rows = session.scalars(
            select(PrintJob)
            .where(PrintJob.account_id == actor.account_id)
            .order_by(PrintJob.id.desc())
            .limit(MOST_LISTED)
        )
        return tuple(_view(row) for row in rows)


def load_job(platform: Platform, actor: Actor, job: str) -> JobView:
    """One job with its packets. NotVisibleError for a job of somebody else."""
    with platform.database.reading(actor) as session:
        row = _load(session, actor, job)
        packets = session.execute(
            select(PrintPacket, Run.number, CaseRecord.number, CaseRecord.title)
            .join(Run, Run.id == PrintPacket.run_id)
            .join(CaseRecord, CaseRecord.id == PrintPacket.case_id)
            .where(PrintPacket.job_id == row.id)
            .order_by(PrintPacket.position)
        )
        shown = tuple(
            JobPacket(
                encode_id(one.run_id), number or case_number, title, one.pages, tuple(one.missing)
            )
            for one, number, case_number, title in packets
        )
        return _view(row, shown)


def open_pdf(platform: Platform, actor: Actor, job: str) -> tuple[JobView, BinaryIO]:
    """The job's PDF, for as long as its reader may see every run in it. Its first opening counts
    its papers as printed.

    NotVisibleError, ForbiddenError, RuleError `printdesk.not_ready`, ConflictError
    `printdesk.made_again`, FileLostError.
    """
    with platform.database.reading(actor) as session:
        row = _load(session, actor, job)
        if row.state != READY or row.sha256 is None:
            raise RuleError("printdesk.not_ready")
        for run in session.scalars(
            select(PrintPacket.run_id).where(PrintPacket.job_id == row.id)
        ).all():
            load_place(session, platform, actor, encode_id(run))
        view, sha256, is_new = _view(row), row.sha256, row.opened_at is None
    content = platform.files.open(sha256)
    try:
        if is_new:
            count_as_printed(platform, actor, decode_id(job))
    except BaseException:
        content.close()
        raise
    return view, content


def _load(session: Session, actor: Actor, job: str) -> PrintJob:
    row = session.get(PrintJob, decode_id(job))
    if row is None or row.account_id != actor.account_id:
        raise NotVisibleError("printdesk.unknown_job")
    return row


def _view(row: PrintJob, packets: tuple[JobPacket, ...] = ()) -> JobView:
    return JobView(
        id=encode_id(row.id),
        ordered_at=row.ordered_at,
        copies=row.copies,
        count=row.total,
        state=row.state,
        pages=row.pages,
        problem=message_from_json(row.problem) if row.problem else None,
        packets=packets,
    )
