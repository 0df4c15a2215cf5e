"""Sending again what did not arrive: a person's answer to a dead letter.

Nothing is done twice by it: delivery and reply look first whether they were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.platform import Platform
from workflows.cases.receive_message import DEAD
from workflows.cases.snapshot import LoadedRun, load_run
from workflows.cases.timeline import Line, append
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.handoffs.answer import OPEN
from workflows.handoffs.places import DELIVER_TOPIC, REPLY_TOPIC
from workflows.handoffs.states import State, after
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import Message
from workflows.storage import Actor, Session, outbox
from workflows.storage.ids import decode_id

ABILITY = "print"
"""Whoever handles an office's papers handles its letters."""


def find_seen(session: Session, handoff: str) -> Handoff:
    """The handoff, if the session's actor takes part in one of its cases. NotVisibleError."""
    found = select(Handoff).where(Handoff.id == decode_id(handoff))
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotVisibleError("handoffs.unknown")
    return row


def may_resend(actor: Actor, row: Handoff) -> bool:
    """Whether the actor handles letters in one of its two units."""
    paths = filter(None, (row.from_path, row.to_path))
    return actor.is_system or any(actor.may_in(ABILITY, path) for path in paths)


def is_stuck(row: Handoff) -> bool:
    """Whether sending again may help: it is dead, or has not arrived yet."""
    return row.state == State.DEAD or (row.state == State.SENT and bool(row.to_unit))


def resend(platform: Platform, actor: Actor, handoff: str) -> str:
    """Has everything of the handoff brought again that did not arrive; its state now.

    Raises InvalidInputError, NotVisibleError, ForbiddenError, RuleError (all of it has arrived).
    """
    now = platform.clock.now()
    with writing(platform, actor) as session:
        row = find_seen(session, handoff)
        if not may_resend(actor, row):
            raise ForbiddenError("handoffs.may_not_send", unit=row.from_name)
        mine = _own_side(session, platform, actor, row)
        session.refresh(row, with_for_update=True)
        orders = _orders(session, row)
        if not orders:
            raise RuleError("handoffs.nothing_to_resend")
        for topic, payload in orders:
            outbox.add(session, topic, payload=orjson.dumps(payload), ids=platform.ids, now=now)
        if row.state == State.DEAD and row.withdrawn_at is None:
            row.state, row.problem = after(row.outcome) if row.outcome else State.SENT, None
        line = Line(
            "handoff.resend", Message("handoffs.did_resend", {"title": row.title}), now, "message"
        )
        append(session, mine.case, mine.key, (line,), actor=actor, recorded_at=now)
        session.flush()
        return row.state


def _own_side(session: Session, platform: Platform, actor: Actor, row: Handoff) -> LoadedRun:
    """The actor's own run of the two, its case locked: where the record says who did it."""
    sender = actor.is_system or actor.may_in(ABILITY, row.from_path) or row.to_run is None
    return load_run(session, platform, row.from_run if sender else row.to_run or row.from_run)


def _orders(session: Session, row: Handoff) -> list[tuple[str, Mapping[str, Any]]]:
    if row.to_unit and row.to_run is None and row.withdrawn_at is None:
        return [(DELIVER_TOPIC, {"handoff": row.id})]
    numbers = session.scalars(
        select(HandoffAnswer.number)
        .where(HandoffAnswer.handoff_id == row.id, HandoffAnswer.state.in_((OPEN, DEAD)))
        .order_by(HandoffAnswer.number)
    )
    return [(REPLY_TOPIC, {"handoff": row.id, "number": number}) for number in numbers]
