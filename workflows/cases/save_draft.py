"""Keeping what somebody types: unvalidated, under the case's key, never over somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, update

from workflows.cases.access import Part, check, may
from workflows.cases.platform import Platform
from workflows.cases.queries.views import item_subject
from workflows.cases.rows_json import rows_as_json
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.snapshot import PART_COLUMNS, read_parts
from workflows.cases.tables import FAR, CaseKeyRow, Participation, WorkItem
from workflows.errors import (
    AlreadyDoneError,
    InvalidInputError,
    NotVisibleError,
    StaleRevisionError,
)
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_item
from workflows.storage.vault import CaseKey

MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """What stands in the form now. `draft_revision`: of the draft the page began with, 0 for
    none."""

    item: str
    data: Mapping[str, Any]
    draft_revision: int


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """The draft's new revision and when it was saved."""

    draft_revision: int
    saved_at: datetime


class DraftConflictError(StaleRevisionError):
    """Somebody saved since. `theirs`: what stands there, `by` and `at` whom and when; `mine`: what
    was to be saved. Nothing was overwritten."""

    def __init__(
        self,
        revision: int,
        theirs: Mapping[str, Any],
        mine: Mapping[str, Any],
        by: str,
        at: datetime,
    ) -> None:
        super().__init__("cases.draft_changed", by=by)
        self.revision, self.theirs, self.mine, self.by, self.at = revision, theirs, mine, by, at


def save_draft(platform: Platform, actor: Actor, command: SaveDraft) -> DraftSaved:
    """Saves a draft. Raises InvalidInputError (too large), NotVisibleError, ForbiddenError,
    AlreadyDoneError, DraftConflictError."""
    run_id, number = decode_item(command.item)
    if len(orjson.dumps(command.data, default=str)) > MOST_BYTES:
        raise InvalidInputError("cases.draft_too_large", most_kb=MOST_BYTES // 1024)
    now = platform.clock.now()
    with platform.database.transaction(actor) as session:
        item, key = _load(session, platform, run_id, number)
        changed = session.execute(
            update(WorkItem)
            .where(
                WorkItem.run_id == run_id,
                WorkItem.number == number,
                WorkItem.state == "open",
                WorkItem.draft_revision == command.draft_revision,
            )
            .values(
                draft=seal_json(key, command.data, draft_place(run_id, number)),
                draft_revision=command.draft_revision + 1,
                draft_by=actor.name,
                draft_at=now,
            )
            .returning(WorkItem.draft_revision)
            .execution_options(synchronize_session=False)
        ).first()
        if changed is None:
            raise _conflict(item, key, command, run_id, number)
    return DraftSaved(command.draft_revision + 1, now)


def draft_place(run_id: int, number: int) -> str:
    """Where a draft belongs (see `sealing`)."""
    return f"item/{run_id}/{number}/draft"


def open_draft(key: CaseKey, run_id: int, number: int, sealed: bytes) -> Mapping[str, Any]:
    """The values of a draft as they were typed."""
    found: Mapping[str, Any] = open_json(key, sealed, draft_place(run_id, number))
    return found


def _load(session: Session, platform: Platform, run_id: int, number: int) -> tuple[Any, CaseKey]:
    """The item and its case's key, if the actor may work on it: one statement."""
    part = Participation.__table__.c
    parts = rows_as_json(PART_COLUMNS, (part.case_id == WorkItem.case_id) & (part.to_at == FAR))
    row = session.execute(
        select(WorkItem.__table__, CaseKeyRow.wrapped, parts.label("parts"))
        .join(CaseKeyRow, CaseKeyRow.case_id == WorkItem.__table__.c.case_id)
        .where(WorkItem.__table__.c.run_id == run_id, WorkItem.__table__.c.number == number)
    ).one_or_none()
    if row is None:
        raise NotVisibleError("cases.unknown_item")
    found: tuple[Part, ...] = read_parts(row.parts)
    granted = any(one.account_id == session.actor.account_id for one in found)
    subject = item_subject(dict(row._mapping), granted=granted)
    if may(session.actor, "open", subject) is not None:
        raise NotVisibleError("cases.unknown_item")
    if row.state != "open":
        raise AlreadyDoneError(f"cases.item_{row.state}")
    check(session.actor, "complete", subject)
    return row, platform.vault.open_key(row.wrapped)


def _conflict(row: Any, key: CaseKey, command: SaveDraft, run_id: int, number: int) -> Exception:
    if row.draft is None or row.draft_at is None:
        return StaleRevisionError("cases.draft_gone")
    return DraftConflictError(
        revision=row.draft_revision,
        theirs=open_draft(key, run_id, number, row.draft),
        mine=command.data,
        by=row.draft_by or "",
        at=row.draft_at,
    )
