"""The worker's side of a print job: papers are made and bound, then one transaction says so.

Nothing is held while pages are laid out. Whoever dies in the middle leaves the job waiting; the
outbox row brings it again, and it begins from the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import select, update

from workflows.cases.platform import Platform
from workflows.documents.orders import READY, UNDER_WAY, WORKING, carry_out, mark_failed
from workflows.documents.rendering import Renderer
from workflows.organisation.tables import Unit
from workflows.printdesk.layout import Job, Layout, Packet
from workflows.printdesk.packet import contents_of, limit_of, named, plan_of
from workflows.printdesk.tables import PrintedPaper, PrintJob, PrintPacket
from workflows.storage import SYSTEM, Session
from workflows.storage.files import StoredBlob
from workflows.storage.ids import encode_id
from workflows.volumes.binding import Binder
from workflows.volumes.papers import look, with_bytes
from workflows.volumes.place import load_place


def make_job(
    platform: Platform, renderer: Renderer, binder: Binder, payload: Mapping[str, Any]
) -> None:
    """Handler of `PRINT_TOPIC`. May be called twice for one job: what is finished stays."""
    job_id = int(payload["job"])
    carry_out(
        lambda: _read(platform, job_id),
        lambda job: _make(platform, renderer, binder, job),
        lambda why: mark_failed(platform, PrintJob, job_id, why),
        job=job_id,
    )


def _read(platform: Platform, job_id: int) -> Job | None:
    """None where the job is done with."""
    with platform.database.transaction(SYSTEM) as session:
        row = session.scalars(
            select(PrintJob).where(PrintJob.id == job_id).with_for_update()
        ).one_or_none()
        if row is None or row.state not in UNDER_WAY:
            return None
        row.state = WORKING
        wanted = select(PrintPacket).where(PrintPacket.job_id == job_id)
        packets = session.scalars(wanted.order_by(PrintPacket.position)).all()
        return Job(
            id=row.id,
            account_id=row.account_id,
            ordered_name=row.ordered_name,
            ordered_at=row.ordered_at,
            copies=row.copies,
            packets=tuple(_packet(session, platform, one) for one in packets),
        )


def _packet(session: Session, platform: Platform, row: PrintPacket) -> Packet:
    place = load_place(session, platform, SYSTEM, encode_id(row.run_id))
    contents, plan = contents_of(session, place), plan_of(place)
    clock = limit_of(session, place)
    unit = session.scalar(select(Unit.name).where(Unit.code == place.run.unit_code))
    ids = [paper.id for paper in contents.papers]
    before = session.scalars(select(PrintedPaper.paper).where(PrintedPaper.paper.in_(ids)))
    return Packet(
        position=row.position,
        case_id=place.case.id,
        run_id=place.run.id,
        number=place.run.number or place.case.number,
        matter=place.case.title,
        title=plan.title["zh"],
        court=str(place.case.facts.get(plan.to) or ""),
        unit=unit or place.run.unit_code,
        due_on=clock.due_on if clock is not None else None,
        papers=named(contents),
        missing=tuple(line.title["zh"] for line in contents.missing),
        printed=frozenset(before),
    )


def _make(platform: Platform, renderer: Renderer, binder: Binder, job: Job) -> None:
    papers = [
        with_bytes(platform, renderer, paper) for packet in job.packets for paper in packet.papers
    ]
    with ExitStack() as stack, binder.open() as binding:
        found = look(platform, stack, binding, papers)
        laid = Layout(renderer, job, found)
        bound = binding.bind(laid.wanted(), lambda _pages: None)
        blob = platform.files.put(bound.content)
    with platform.database.transaction(SYSTEM) as session:
        _record(session, platform, job, laid, blob, bound.pages)


def _record(
    session: Session, platform: Platform, job: Job, laid: Layout, blob: StoredBlob, pages: int
) -> None:
    row = session.scalars(select(PrintJob).where(PrintJob.id == job.id).with_for_update()).one()
    if row.state != WORKING:
        return
    row.state, row.pages, row.done = READY, pages, len(job.packets)
    row.sha256, row.size_bytes, row.made_at = blob.sha256, blob.size, platform.clock.now()
    for packet in job.packets:
        session.execute(
            update(PrintPacket)
            .where(PrintPacket.job_id == job.id, PrintPacket.position == packet.position)
            .values(
                pages=laid.pages[packet.position],
                papers=[[one.id, int(one.id in packet.printed)] for one in packet.papers],
            )
        )
