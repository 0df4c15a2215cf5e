"""`case.seal`: a diagram closes its case off, and what closing off means for every copy.

Whoever registers an accusation against an official may not wait for a head to seal it by hand: the
case is restricted in the transaction that says what it is, before anybody could look
(信访工作条例 art. 30). What the command `seal` does for a person, this does for a process. What
left with a handoff is reached by the worker (`SEALED_TOPIC`): no transaction holds two cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Text, cast, delete, select, update

from workflows.cases.answers import without_names
from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.platform import Platform, RunContext
from workflows.cases.search import case_words, save_words
from workflows.cases.tables import (
    FAR,
    NOBODY,
    NORMAL,
    CaseRecord,
    IdempotencyRow,
    Participation,
    Run,
    WorkItem,
)
from workflows.notices.mail import TOPIC as MAIL_TOPIC
from workflows.notices.tables import Notice
from workflows.storage import Session, outbox
from workflows.storage.ids import encode_id
from workflows.storage.tables import OutboxRow

SEALED = "sealed"
SEALED_TOPIC = "case.sealed"
"""Outbox: a case was closed off; what went over by handoffs is to follow. Payload {"case"}."""


def case_seal(session: Session, context: RunContext) -> LocalOperation:
    """The operation for one transaction; a case that is restricted already stays as it is."""

    def seal(_asked: Asked, /, **_parameters: Any) -> Mapping[str, Any]:
        if context.case.access_class == NORMAL:
            context.run.access_class = SEALED
            close_off(session, context.platform, context.case, context.at)
        return {"sealed": True}

    return seal


def close_off(session: Session, platform: Platform, case: CaseRecord, at: datetime) -> None:
    """Restricts a case and removes what was indexed, told, queued or kept of it: words it was found
    by, notices and mails to people who take no part in person, titles in the others, names in kept
    answers. A case that is just being opened has none of these yet: opening writes them last."""
    restrict(session, case)
    if case in session.new:
        return
    _forget_words(session, case)
    _forget_notices(session, case)
    _forget_names(session, case)
    payload = orjson.dumps({"case": case.id})
    outbox.add(session, SEALED_TOPIC, payload=payload, ids=platform.ids, now=at)


def restrict(session: Session, case: CaseRecord) -> None:
    """Writes the class into the case and all that carries a copy of it, rows nobody has flushed
    yet included."""
    case.access_class = SEALED
    for row in session:
        if isinstance(row, Participation) and row.case_id == case.id:
            row.access_class = SEALED
    for table in (Run, WorkItem, Participation):
        _write(session, update(table).where(table.case_id == case.id).values(access_class=SEALED))


def _forget_words(session: Session, case: CaseRecord) -> None:
    """From now on the case is found by its numbers only."""
    runs = select(Run.number).where(Run.case_id == case.id)
    paths = select(Participation.unit_path).where(Participation.case_id == case.id)
    unflushed = {row.number for row in session if isinstance(row, Run) and row.case_id == case.id}
    numbers = {*_read(session, runs), *unflushed} - {None}
    units = {case.unit_path, *_read(session, paths)}
    save_words(session, case.id, case_words(case, sorted(numbers), sorted(units)))


def _forget_notices(session: Session, case: CaseRecord) -> None:
    """Whoever takes part in person keeps the number alone; of the others' notices nothing is left,
    nor of what was to leave by e-mail."""
    of_case = Notice.run_id.in_(_read(session, select(Run.id).where(Run.case_id == case.id)))
    others = (of_case, Notice.account_id.not_in(_people(session, case)))
    gone = _read(session, select(Notice.id).where(*others))
    if gone:
        mails = [orjson.dumps({"notice": notice}) for notice in gone]
        queued = (OutboxRow.topic == MAIL_TOPIC, OutboxRow.payload.in_(mails))
        _write(session, delete(OutboxRow).where(*queued))
        _write(session, delete(Notice).where(*others))
    _write(session, update(Notice).where(of_case, Notice.title.is_not(None)).values(title=None))


def _people(session: Session, case: CaseRecord) -> set[int]:
    """Accounts that take part in person."""
    part = Participation
    stored = select(part.account_id).where(
        part.case_id == case.id, part.account_id != NOBODY, part.to_at == FAR
    )
    fresh = (row for row in session.new if isinstance(row, part) and row.case_id == case.id)
    return {*_read(session, stored), *(row.account_id for row in fresh)}


def _forget_names(session: Session, case: CaseRecord) -> None:
    """Answers kept for requests that may come again say no more what the case is called."""
    kept = IdempotencyRow
    names_it = cast(kept.answer, Text).contains(encode_id(case.id), autoescape=True)
    rows = session.raw(select(kept.account_id, kept.key, kept.answer).where(names_it)).all()
    for row in rows:
        own = (kept.account_id == row.account_id, kept.key == row.key)
        _write(session, update(kept).where(*own).values(answer=without_names(row.answer)))


def _read(session: Session, statement: Any) -> list[Any]:
    """The one column of all rows, whoever acts: rows of the case the transaction holds."""
    return list(session.raw(statement).scalars().all())


def _write(session: Session, statement: Any) -> None:
    session.raw(statement.execution_options(synchronize_session=False))
