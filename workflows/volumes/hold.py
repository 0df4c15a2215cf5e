"""Legal holds 暂停销毁: while one stands, the case's key may not be destroyed.

Destroying the key is the one way a case's contents are erased (`storage.vault`), so that is where
a hold counts: whatever sets `case_key.wrapped` to None in a session is refused.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, select

from workflows.cases.access import Level, level_of
from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseKeyRow, CaseRecord
from workflows.cases.timeline import Line, append
from workflows.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
)
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id
from workflows.storage.vault import CaseKey
from workflows.volumes.tables import LegalHold

MAX_REASON = 300


def place_hold(platform: Platform, actor: Actor, case: str, reason: str) -> None:
    """Puts the case on hold.

    NotVisibleError, ForbiddenError (full sight, ability `archive`), InvalidInputError (no
    reason), ConflictError (it is on hold). Nothing is written then.
    """
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise InvalidInputError("volumes.hold_reason")
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        row, key = _locked(session, platform, actor, case)
        if find_hold(session, row.id) is not None:
            raise ConflictError("volumes.held_already")
        number = platform.ids.next()
        session.add(
            LegalHold(
                id=number,
                case_id=row.id,
                reason=seal_json(key, reason, _place(number)),
                placed_by=actor.account_id,
                placed_name=actor.name,
                placed_at=now,
                lifted_name="",
            )
        )
        line = Line("hold.place", Message("volumes.did_hold"), now, "document", detail=reason)
        append(session, row, key, (line,), actor=actor, recorded_at=now)


def lift_hold(platform: Platform, actor: Actor, case: str) -> None:
    """Ends the hold. Raises what `place_hold` raises; ConflictError: there is none."""
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        row, key = _locked(session, platform, actor, case)
        hold = find_hold(session, row.id)
        if hold is None:
            raise ConflictError("volumes.not_held")
        hold.lifted_name, hold.lifted_at = actor.name, now
        line = Line("hold.lift", Message("volumes.did_lift"), now, "document")
        append(session, row, key, (line,), actor=actor, recorded_at=now)


def find_hold(session: Session, case_id: int) -> LegalHold | None:
    """The hold that stands on a case."""
    return session.scalars(
        select(LegalHold).where(LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None))
    ).one_or_none()


def open_reason(key: CaseKey, hold: LegalHold) -> str:
    """Why a case is on hold."""
    return str(open_json(key, hold.reason, _place(hold.id)))


def _place(number: int) -> str:
    return f"legal_hold/{number}/reason"


def _locked(
    session: Session, platform: Platform, actor: Actor, case: str
) -> tuple[CaseRecord, CaseKey]:
    found = session.execute(
        select(CaseRecord, CaseKeyRow.wrapped)
        .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
        .where(CaseRecord.id == decode_id(case))
        .with_for_update(of=CaseRecord)
    ).one_or_none()
    level = level_of(actor, load_parts(session, decode_id(case))) if found else Level.NONE
    if found is None or level is Level.NONE:
        raise NotVisibleError("volumes.unknown")
    row = found.CaseRecord
    if level is not Level.FULL:
        raise ForbiddenError("volumes.full_sight")
    if not actor.is_system and not actor.may_in("archive", row.unit_path):
        raise ForbiddenError("volumes.may_not_archive")
    return row, platform.vault.open_key(found.wrapped)


@event.listens_for(CaseKeyRow.wrapped, "set")
def _refuse_destroying(row: CaseKeyRow, value: Any, _old: Any, _initiator: Any) -> None:
    """Raises RuleError `volumes.held` where a held case's key is about to go."""
    session = inspect(row).session
    if value is None and isinstance(session, Session) and find_hold(session, row.case_id):
        raise RuleError("volumes.held")
