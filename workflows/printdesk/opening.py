"""The first opening of a job's PDF: from now on its papers count as printed.

A job nobody opened marks nothing 副本. Where a paper of it was printed by another job meanwhile,
the job is made again first, so that no second original leaves the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.timeline import Line, append
from workflows.documents.orders import READY, WAITING
from workflows.errors import ConflictError, NotVisibleError
from workflows.messages import Message
from workflows.printdesk.order import PRINT_TOPIC
from workflows.printdesk.packet import plan_of
from workflows.printdesk.tables import PrintedPaper, PrintJob, PrintPacket
from workflows.storage import Actor, Session, outbox
from workflows.storage.ids import encode_id
from workflows.volumes.place import lock_place


def count_as_printed(platform: Platform, actor: Actor, job_id: int) -> None:
    """Writes the log and a line into each case's record, once a job.

    ConflictError `printdesk.made_again`: the job was ordered anew. NotVisibleError, ForbiddenError
    where a case is no longer the actor's; nothing is written then.
    """
    with platform.database.transaction(actor) as session:
        is_old = _count(session, platform, actor, job_id)
    if is_old:
        raise ConflictError("printdesk.made_again")


def _count(session: Session, platform: Platform, actor: Actor, job_id: int) -> bool:
    """Whether the job had to be ordered anew."""
    wanted = select(PrintPacket).where(PrintPacket.job_id == job_id)
    packets = session.scalars(wanted.order_by(PrintPacket.run_id)).all()
    # The cases first, always in the order of their ids, then the job.
    places = [lock_place(session, platform, actor, encode_id(one.run_id)) for one in packets]
    job = session.scalars(
        select(PrintJob).where(PrintJob.id == job_id).with_for_update()
    ).one_or_none()
    if job is None:
        raise NotVisibleError("printdesk.unknown_job")
    if job.opened_at is not None or job.state != READY:
        return False
    now = platform.clock.now()
    if _is_old(session, packets):
        job.state, job.sha256, job.pages = WAITING, None, None
        payload = orjson.dumps({"job": job.id})
        outbox.add(session, PRINT_TOPIC, payload=payload, ids=platform.ids, now=now)
        return True
    job.opened_at = now
    for packet, place in zip(packets, places, strict=True):
        session.add_all(_log(platform, job, packet, now))
        params = {"what": dict(plan_of(place).title), "n": job.copies}
        sentence = Message("printdesk.was_printed", params)
        line = Line("packet.print", sentence, now, kind="document", run_id=place.run.id)
        append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)
    return False


def _is_old(session: Session, packets: Sequence[PrintPacket]) -> bool:
    """Whether a paper without the mark was printed since the job was made."""
    unmarked = [paper for one in packets for paper, again in one.papers or () if not again]
    known = select(PrintedPaper.id).where(PrintedPaper.paper.in_(unmarked))
    return session.scalar(known.limit(1)) is not None


def _log(
    platform: Platform, job: PrintJob, packet: PrintPacket, now: datetime
) -> list[PrintedPaper]:
    return [
        PrintedPaper(
            id=platform.ids.next(),
            paper=paper,
            case_id=packet.case_id,
            run_id=packet.run_id,
            job_id=job.id,
            copies=job.copies,
            is_reprint=again,
            account_id=job.account_id,
            by_name=job.ordered_name,
            at=now,
        )
        for paper, again in packet.papers or ()
    ]
