"""Orders a job: a row, a row a packet, and an outbox row. Nothing counts as printed yet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.documents.orders import WAITING
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.printdesk.packet import contents_of, may_print
from workflows.printdesk.queue import take_free
from workflows.printdesk.tables import PrintJob, PrintPacket
from workflows.storage import Actor, Session, outbox
from workflows.storage.ids import decode_id, encode_id
from workflows.volumes.place import Place, lock_place

PRINT_TOPIC = "printdesk.make"
"""Outbox: a job waits to be made. Payload {"job"}."""
MOST_PACKETS = 50
MOST_COPIES = 9


@dataclass(frozen=True, slots=True)
class OrderPrint:
    """`runs`: outside ids; `copies`: of each packet; `form`: what the form it came from is known
    by, "" where nothing is to be told apart."""

    runs: Sequence[str]
    copies: int = 1
    form: str = ""


def order_print(platform: Platform, actor: Actor, command: OrderPrint) -> str:
    """Gives the order; the job's outside id. All packets or none; those nobody has are claimed. The
    same form sent again with the same wish is the same job.

    InvalidInputError (none chosen, too many, copies), NotVisibleError, ForbiddenError (full sight,
    ability `print`), RuleError (no packet, restricted, nothing in it yet).
    """
    # Always in the order of their ids: two orders never wait for each other in a ring.
    runs = sorted(set(command.runs), key=decode_id)
    if not runs:
        raise InvalidInputError("printdesk.choose")
    if len(runs) > MOST_PACKETS:
        raise InvalidInputError("printdesk.too_many", most=MOST_PACKETS)
    if not 1 <= command.copies <= MOST_COPIES:
        raise InvalidInputError("printdesk.copies", most=MOST_COPIES)
    if not may_print(actor):
        raise ForbiddenError("documents.may_not_print")
    take_free(platform, actor, runs)
    now, job_id = platform.clock.now(), platform.ids.next()
    key = _key(actor, command, runs)
    with platform.database.transaction(actor) as session:
        packets = [
            _packet(session, lock_place(session, platform, actor, run), job_id, position)
            for position, run in enumerate(runs, start=1)
        ]
        # Whoever sends the same form at the same moment waits above for the cases.
        known = session.scalar(select(PrintJob.id).where(PrintJob.key == key)) if key else None
        if known is not None:
            return encode_id(known)
        session.add_all(packets)
        session.add(
            PrintJob(
                id=job_id,
                key=key,
                account_id=actor.account_id,
                ordered_name=actor.name,
                ordered_at=now,
                copies=command.copies,
                state=WAITING,
                done=0,
                total=len(runs),
            )
        )
        payload = orjson.dumps({"job": job_id})
        outbox.add(session, PRINT_TOPIC, payload=payload, ids=platform.ids, now=now)
    return encode_id(job_id)


def _key(actor: Actor, command: OrderPrint, runs: Sequence[str]) -> str | None:
    """None where the form is not known. Another wish from a page that came back is another job."""
    if not command.form:
        return None
    wish = (str(actor.account_id), command.form, str(command.copies), *runs)
    return hashlib.sha256("/".join(wish).encode()).hexdigest()


def _packet(session: Session, place: Place, job_id: int, position: int) -> PrintPacket:
    contents = contents_of(session, place)
    if not contents.papers:
        raise InvalidInputError("printdesk.empty", number=place.case.number)
    return PrintPacket(
        job_id=job_id,
        position=position,
        case_id=place.case.id,
        run_id=place.run.id,
        pages=None,
        missing=[dict(line.title) for line in contents.missing],
    )
