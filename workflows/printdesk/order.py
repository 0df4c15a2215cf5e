"""Orders a job: a row, a row a packet, a line in each case's record, and an outbox row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from workflows.cases.platform import Platform
from workflows.cases.timeline import Line, append
from workflows.documents.orders import WAITING
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.messages import Message
from workflows.printdesk.packet import contents_of, may_print, plan_of
from workflows.printdesk.queue import take_free
from workflows.printdesk.tables import PrintJob, PrintPacket
from workflows.storage import Actor, outbox
from workflows.storage.ids import decode_id, encode_id
from workflows.volumes.place import lock_place

PRINT_TOPIC = "printdesk.make"
"""Outbox: a job waits to be made. Payload {"job"}."""
MOST_PACKETS = 50
MOST_COPIES = 9


@dataclass(frozen=True, slots=True)
class OrderPrint:
    """`runs`: outside ids; `copies`: of each packet."""

    runs: Sequence[str]
    copies: int = 1


def order_print(platform: Platform, actor: Actor, command: OrderPrint) -> str:
    """Gives the order; the job's outside id. All packets or none; those nobody has are claimed.

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
    with platform.database.transaction(actor) as session:
        for position, run in enumerate(runs, start=1):
            place = lock_place(session, platform, actor, run)
            contents = contents_of(session, place)
            if not contents.papers:
                raise InvalidInputError("printdesk.empty", number=place.case.number)
            session.add(
                PrintPacket(
                    job_id=job_id,
                    position=position,
                    case_id=place.case.id,
                    run_id=place.run.id,
                    pages=None,
                    missing=[dict(line.title) for line in contents.missing],
                )
            )
            sentence = Message(
                "printdesk.was_printed", {"what": dict(plan_of(place).title), "n": command.copies}
            )
            line = Line("packet.print", sentence, now, kind="document", run_id=place.run.id)
            append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)
        session.add(
            PrintJob(
                id=job_id,
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
