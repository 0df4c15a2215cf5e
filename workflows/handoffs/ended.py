"""A run that a handoff began is over and has said nothing: the sender must not wait for ever."""

from __future__ import annotations

import orjson
from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.platform import Platform
from workflows.cases.snapshot import load_run
from workflows.handoffs.answer import Said, take_down
from workflows.handoffs.places import REPLY_TOPIC
from workflows.handoffs.states import LIVE
from workflows.handoffs.tables import Handoff
from workflows.storage import SYSTEM, outbox

WORDS = {"withdrawn": ("withdrawn", None), "voided": ("returned", "voided")}
"""End state of the receiver's run → outcome and reason the sender hears."""
SILENT = ("returned", "ended")
"""What it hears of any other end without an answer."""


def answer_for(platform: Platform, run_id: int) -> str:
    """Answers in place of a run that ended silently. Returns done | late (answered, or begun by
    people)."""
    now = platform.clock.now()
    with writing(platform, SYSTEM) as session:
        loaded = load_run(session, platform, run_id)
        row = session.scalars(
            select(Handoff)
            .where(Handoff.to_case == loaded.case.id, Handoff.to_run == run_id)
            .with_for_update()
        ).one_or_none()
        if row is None or row.state not in LIVE or loaded.run.status == "open":
            return "late"
        outcome, reason = WORDS.get(loaded.run.end_state or "", SILENT)
        ended_at = loaded.run.closed_at or now
        said = Said(outcome, reason, {}, (), ended_at, now)
        answer = take_down(session, row, said, loaded.case.id, loaded.key, SYSTEM)
        payload = orjson.dumps({"handoff": row.id, "number": answer.number})
        outbox.add(session, REPLY_TOPIC, payload=payload, ids=platform.ids, now=now)
        session.flush()
    return "done"
