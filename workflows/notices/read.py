"""Marking notices as read: some of them, or all up to a moment. Only the session's actor's own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, update

from workflows.notices.tables import Notice
from workflows.storage import Session


def mark_read(session: Session, notices: Collection[int], now: datetime) -> None:
    """Marks these; what is read already, or somebody else's, stays as it is. One statement."""
    _mark(session, Notice.id.in_(sorted(notices)), now)


def mark_all_read(session: Session, until: datetime, now: datetime) -> None:
    """Marks everything told up to `until`, which the reader has seen: what came since then stays
    unread. One statement."""
    _mark(session, Notice.at <= until, now)


def _mark(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    session.execute(
        update(Notice)
        .where(Notice.account_id == session.actor.account_id, Notice.read_at.is_(None), which)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
