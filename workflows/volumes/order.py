"""Orders a volume: a row, a line of the record, and an outbox row for the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.cases.timeline import Line, append
from workflows.documents.orders import FAILED, UNDER_WAY, WAITING
from workflows.errors import ConflictError, ForbiddenError, InvalidInputError
from workflows.messages import Message
from workflows.storage import Actor, Session, outbox
from workflows.storage.ids import encode_id
from workflows.volumes.contents import plan_of
from workflows.volumes.place import Place, lock_place
from workflows.volumes.sheets import RETENTION
from workflows.volumes.tables import Volume

ASSEMBLE_TOPIC = "volume.assemble"
"""Outbox: a volume waits to be made. Payload {"volume"}."""
GIVEN_UP = timedelta(minutes=30)
"""An order nothing came of for so long may be given anew."""


@dataclass(frozen=True, slots=True)
class OrderVolume:
    """`run`: outside id; `retention`: short | long | permanent."""

    run: str
    retention: str


def order_volume(platform: Platform, actor: Actor, command: OrderVolume) -> str:
    """Gives the order; the volume's outside id. Missing papers do not keep it from being made.

    NotVisibleError, ForbiddenError (full sight, ability `print`), RuleError `volumes.none` or
    `volumes.restricted`, InvalidInputError (retention), ConflictError (one is being made).
    Nothing is written then.
    """
    if command.retention not in RETENTION:
        raise InvalidInputError("volumes.retention_unknown")
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        place = lock_place(session, platform, actor, command.run)
        if not actor.is_system and not actor.may_in("print", place.run.unit_path):
            raise ForbiddenError("volumes.may_not_make")
        plan_of(place.package, place.case, place.run)
        last = _last(session, place)
        if last is not None and last.state in UNDER_WAY:
            if now - last.ordered_at < GIVEN_UP:
                raise ConflictError("volumes.under_way")
            last.state, last.problem = FAILED, message_to_json(Message("volumes.given_up"))
        row = _row(platform, actor, place, last.number + 1 if last else 1, command.retention)
        session.add(row)
        payload = orjson.dumps({"volume": row.id})
        outbox.add(session, ASSEMBLE_TOPIC, payload=payload, ids=platform.ids, now=now)
        line = Line(
            "volume.order",
            Message("volumes.did_order", {"n": row.number}),
            now,
            kind="document",
            run_id=place.run.id,
        )
        append(session, place.case, place.key, (line,), actor=actor, recorded_at=now)
        return encode_id(row.id)


def _last(session: Session, place: Place) -> Volume | None:
    return session.scalars(
        select(Volume).where(Volume.run_id == place.run.id).order_by(Volume.number.desc()).limit(1)
    ).one_or_none()


def _row(platform: Platform, actor: Actor, place: Place, number: int, retention: str) -> Volume:
    return Volume(
        id=platform.ids.next(),
        case_id=place.case.id,
        run_id=place.run.id,
        number=number,
        state=WAITING,
        done=0,
        total=0,
        retention=retention,
        missing=[],
        ordered_by=actor.account_id,
        ordered_name=actor.name,
        ordered_at=platform.clock.now(),
        accepted_name="",
    )
