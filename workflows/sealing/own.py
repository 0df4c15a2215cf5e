"""Whether this installation seals, and its own two certificates. Imports no cryptography: servers
that only show pages stay three megabytes lighter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workflows.errors import RuleError
from workflows.sealing.tables import SealAuthority
from workflows.storage import Session
from workflows.storage.clock import LOCAL


def has_authority(session: Session) -> bool:
    """Whether this installation can seal at all."""
    return session.scalar(select(SealAuthority.role).limit(1)) is not None


def load_own(session: Session, role: str) -> SealAuthority:
    """One of the two own certificates. RuleError `sealing.not_ready` where there is none."""
    row = session.get(SealAuthority, role)
    if row is None:
        raise RuleError("sealing.not_ready")
    return row


def local_text(moment: datetime) -> str:
    """A moment as a sentence says it: to the minute, as clocks on the wall show it."""
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
