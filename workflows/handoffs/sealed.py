"""A case was closed off after its matter had been handed over: the other side is closed off, too.

The other case is the same matter in another unit's hands. Each case is taken in a transaction of
its own, so that two cases are never locked together; closing one off orders the next, so a matter
that went on from there is reached as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from workflows.cases.acting import writing
from workflows.cases.platform import Platform
from workflows.cases.seal_run import SEALED, close_off
from workflows.cases.sealing import message_to_json
from workflows.cases.search import forget_old_words
from workflows.cases.snapshot import LoadedCase, load_open_runs
from workflows.cases.tables import NORMAL
from workflows.cases.timeline import Line, append
from workflows.handoffs.tables import Handoff, HandoffAnswer
from workflows.messages import Message
from workflows.storage import SYSTEM, Session


def seal_beyond(platform: Platform, case_id: int) -> str:
    """Closes off every case the matter of a restricted one was handed to or came from, and takes
    what was said out of the letters between them. Returns done | late (nothing was handed over).

    Doing it again changes nothing. Words the case was found by leave the index's own pages, too.
    """
    with writing(platform, SYSTEM) as session:
        forget_old_words(session)
    others = _others(platform, case_id)
    if others is None:
        return "late"
    for other in others:
        _close(platform, other)
    return "done"


def close_here(session: Session, platform: Platform, loaded: LoadedCase, now: datetime) -> bool:
    """Closes off the case of the open transaction because the other side's is; false where it was
    restricted before. Its record says so."""
    if loaded.case.access_class != NORMAL:
        return False
    close_off(session, platform, loaded.case, now)
    line = Line("seal", Message("handoffs.did_seal"), now, "system")
    append(session, loaded.case, loaded.key, (line,), actor=session.actor, recorded_at=now)
    return True


def _others(platform: Platform, case_id: int) -> Sequence[int] | None:
    """The cases at the other ends; None where the case has no letters."""
    with writing(platform, SYSTEM) as session:
        load_open_runs(session, platform, case_id)
        rows = session.scalars(
            select(Handoff)
            .where(or_(Handoff.from_case == case_id, Handoff.to_case == case_id))
            .order_by(Handoff.id)
            .with_for_update()
        ).all()
        for row in rows:
            _hush(session, row)
        session.flush()
        ends = {end for row in rows for end in (row.from_case, row.to_case)} - {case_id, None}
    return sorted(end for end in ends if end is not None) if rows else None


def _hush(session: Session, row: Handoff) -> None:
    """The letter carries the class of its cases, and no word that somebody typed: those stand in
    the sealed answers and in the records of both sides."""
    row.access_class = SEALED
    row.reason = None
    if row.problem is not None:
        row.problem = message_to_json(Message("handoffs.problem_sealed"))
    said = select(HandoffAnswer).where(HandoffAnswer.handoff_id == row.id)
    for answer in session.scalars(said):
        answer.reason = None


def _close(platform: Platform, case_id: int) -> None:
    with writing(platform, SYSTEM) as session:
        loaded, _runs = load_open_runs(session, platform, case_id)
        close_here(session, platform, loaded, platform.clock.now())
        session.flush()
