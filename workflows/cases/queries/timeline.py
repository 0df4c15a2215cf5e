"""The 办理记录 as people read it, without lines of runs the reader may not follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from workflows.cases.access import Level, Part, level_of
from workflows.cases.platform import Platform
from workflows.cases.queries.records import TimelineView
from workflows.cases.sealing import message_from_json, open_json
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import CaseKeyRow, CaseRecord, TimelineEntry
from workflows.cases.timeline import body_place
from workflows.errors import InvalidInputError, NotVisibleError
from workflows.messages import Message
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id
from workflows.storage.vault import CaseKey

MOST_LINES = 200


CORRECTION = "correct"
"""Action of lines whose sentence holds names and old and new values: only for who sees them all."""


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """Lines of a case: `before` a number, newest first; or `after` one, oldest first."""

    case: str
    before: int | None = None
    after: int | None = None
    limit: int = 30


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Lines in the order asked for. `more`: whether others follow; `last`: where to go on."""

    case_id: str
    case_number: str
    entries: tuple[TimelineView, ...]
    more: bool
    last: int | None


def list_timeline(platform: Platform, actor: Actor, query: TimelineQuery) -> TimelinePage:
    """One page of a case's record, three statements. Raises InvalidInputError, NotVisibleError."""
    if not 1 <= query.limit <= MOST_LINES:
        raise InvalidInputError("cases.page_size", most=MOST_LINES)
    with platform.database.reading(actor) as session:
        found = session.execute(
            select(CaseRecord, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == CaseRecord.id)
            .where(CaseRecord.id == decode_id(query.case))
        ).one_or_none()
        if found is None:
            raise NotVisibleError("cases.unknown_case")
        parts = load_parts(session, found.CaseRecord.id)
        if level_of(actor, parts) is Level.NONE:
            raise NotVisibleError("cases.unknown_case")
        rows = select_lines(session, found.CaseRecord.id, query)
        shown = rows[: query.limit]
        key = platform.vault.open_key(found.wrapped)
        return TimelinePage(
            case_id=query.case,
            case_number=found.CaseRecord.number,
            entries=line_views(shown, key, actor, parts),
            more=len(rows) > query.limit,
            last=shown[-1].seq if shown else None,
        )


def select_lines(session: Session, case_id: int, query: TimelineQuery) -> Sequence[TimelineEntry]:
    """The rows of a page and one more."""
    statement = select(TimelineEntry).where(TimelineEntry.case_id == case_id)
    if query.after is not None:
        statement = statement.where(TimelineEntry.seq > query.after).order_by(TimelineEntry.seq)
    else:
        statement = statement.order_by(TimelineEntry.seq.desc())
        if query.before is not None:
            statement = statement.where(TimelineEntry.seq < query.before)
    return session.scalars(statement.limit(query.limit + 1)).all()


def line_views(
    rows: Iterable[TimelineEntry], key: CaseKey, actor: Actor, parts: Sequence[Part]
) -> tuple[TimelineView, ...]:
    """Lines of what the reader may follow; what somebody wrote only where they see everything."""
    shown = []
    for row in rows:
        level = level_of(actor, parts, row.run_id)
        if level >= Level.PROCESS:
            shown.append(_view(row, key, whole=level is Level.FULL))
    return tuple(shown)


def _view(row: TimelineEntry, key: CaseKey, *, whole: bool) -> TimelineView:
    body = open_json(key, row.body, body_place(row.case_id, row.seq))
    sentence: Message = message_from_json(body["sentence"])
    if row.action == CORRECTION and not whole:
        sentence = Message("cases.did_correct_something")
    return TimelineView(
        seq=row.seq,
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        actor=body["actor"],
        action=row.action,
        sentence=sentence,
        subject=body["subject"],
        detail=body["detail"] if whole else None,
        kind=row.kind,
        run=None if row.run_id is None else encode_id(row.run_id),
        hash=row.hash,
    )
