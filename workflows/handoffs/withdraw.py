"""Taking a handoff back: `handoff.withdraw`, and a diagram that sends the matter on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from workflows.cases.acting import act_on_run, writing
from workflows.cases.decision import Asked, Command, CommandKind, LocalOperation
from workflows.cases.platform import Platform, RunContext
from workflows.cases.snapshot import load_run
from workflows.cases.tables import NORMAL
from workflows.cases.timeline import Line
from workflows.errors import InvalidInputError, RuleError
from workflows.handoffs.places import RECALL_TOPIC
from workflows.handoffs.states import LIVE, State
from workflows.handoffs.tables import Handoff
from workflows.messages import Message
from workflows.storage import SYSTEM, Session, outbox
from workflows.storage.ids import decode_id


def handoff_withdraw(session: Session, context: RunContext) -> LocalOperation:
    """The factory the platform is given (`OperationFactory`)."""

    def withdraw(_asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        try:
            handoff_id = decode_id(str(parameters.get("handoff") or ""))
        except InvalidInputError as error:
            raise RuleError("handoffs.unknown") from error
        found = session.raw(
            select(Handoff)
            .where(Handoff.id == handoff_id, Handoff.from_run == context.run.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        row: Handoff | None = found.scalars().one_or_none()
        if row is None:
            raise RuleError("handoffs.unknown")
        if row.state not in LIVE:
            return {"withdrawn": False}
        reason = str(parameters.get("reason") or "")
        take_back(session, context.platform, row, now=context.at, reason=reason)
        return {"withdrawn": True}

    return withdraw


def take_back(
    session: Session, platform: Platform, row: Handoff, *, now: datetime, reason: str = ""
) -> None:
    """The sender goes on without it; the worker ends what the other side has begun."""
    row.state, row.withdrawn_at = State.WITHDRAWN, now
    row.reason = reason[:60] or None if row.access_class == NORMAL else None
    if row.to_unit:
        payload = orjson.dumps({"handoff": row.id})
        outbox.add(session, RECALL_TOPIC, payload=payload, ids=platform.ids, now=now)


def recall(platform: Platform, handoff_id: int) -> str:
    """Ends the receiver's run of a handoff that was taken back: by its diagram where it waits for
    a withdrawal, else it is cancelled. Returns done | late (ended before, or never begun)."""
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        row = session.get(Handoff, handoff_id)
        if row is None or row.withdrawn_at is None or row.to_run is None:
            return "late"
        loaded = load_run(session, platform, row.to_run)
        if loaded.run.status != "open":
            return "late"
        package = platform.catalogue.load(session, loaded.run.version_id)
        line = Line(
            action="handoff.withdraw",
            sentence=Message("handoffs.did_withdraw", {"title": row.title, "from": row.from_name}),
            occurred_at=now,
            kind="message",
            run_id=loaded.run.id,
        )
        command = Command(CommandKind.WITHDRAW, now, data={"reason": row.reason or "handoff"})
        act_on_run(session, platform, loaded, package, command, (line,))
    return "done"
