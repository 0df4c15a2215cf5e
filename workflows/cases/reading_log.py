"""Reading a case that needs a grant leaves a line in its record."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from workflows.cases.acting import writing
from workflows.cases.platform import Platform
from workflows.cases.tables import CaseKeyRow, CaseRecord, TimelineEntry
from workflows.cases.timeline import Line, append
from workflows.messages import Message
from workflows.storage import Actor

AGAIN = timedelta(minutes=30)
"""Opening the page again within this time is the same reading."""


def record_reading(platform: Platform, actor: Actor, case_id: int) -> None:
    """Writes “read by …” unless the actor has read the case a moment ago."""
    now = platform.clock.now()
    with writing(platform, actor) as session:
        case, wrapped = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id == case_id)
            .with_for_update(of=CaseRecord)
        ).one()
        lately = session.scalar(
            select(TimelineEntry.seq)
            .where(
                TimelineEntry.case_id == case_id,
                TimelineEntry.account_id == actor.account_id,
                TimelineEntry.action == "read",
                TimelineEntry.recorded_at > now - AGAIN,
            )
            .limit(1)
        )
        if lately is None:
            line = Line("read", Message("cases.did_read"), now, kind="person")
            key = platform.vault.open_key(wrapped)
            append(session, case, key, (line,), actor=actor, recorded_at=now)
