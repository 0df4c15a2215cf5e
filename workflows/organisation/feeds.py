"""The secret in the address of somebody's calendar: one an account, kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import delete, select

from workflows.organisation.actors import find_feed_holder
from workflows.organisation.tables import FeedToken
from workflows.storage import Actor, Session

TOKEN_BYTES = 32


def issue_feed(session: Session, account_id: int, now: datetime) -> str:
    """A new secret for an account: the only time it can be read. The one before is void."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = session.get(FeedToken, account_id)
    if row is None:
        row = FeedToken(account_id=account_id)
        session.add(row)
    row.token_hash, row.created_at = _hash(token), now
    return token


def revoke_feed(session: Session, account_id: int) -> bool:
    """The address leads nowhere from now on; False if there was none."""
    gone = session.execute(
        delete(FeedToken)
        .where(FeedToken.account_id == account_id)
        .returning(FeedToken.account_id)
        .execution_options(synchronize_session=False)
    )
    return gone.first() is not None


def feed_since(session: Session, account_id: int) -> datetime | None:
    """When the account's present secret was made; None without one."""
    return session.scalar(select(FeedToken.created_at).where(FeedToken.account_id == account_id))


def find_by_feed(session: Session, token: str, on: date) -> Actor | None:
    """Whose calendar it is; None for an unknown secret or a closed account. One statement."""
    found = find_feed_holder(session, _hash(token), on)
    return found.actor if found is not None and found.active else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
