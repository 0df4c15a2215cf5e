"""The seal of a document as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.sealing import message_from_json
from workflows.cases.tables import Run
from workflows.documents.read import DocumentInfo
from workflows.documents.states import SUPERSEDED, VOID
from workflows.messages import Message
from workflows.sealing.order import load_seal, may_order
from workflows.sealing.own import has_authority
from workflows.sealing.tables import FAILED
from workflows.storage import Actor
from workflows.storage.ids import decode_id

FINGERPRINT = 12
"""Digits of the digest below the seal that are drawn in it, in groups of four."""


@dataclass(frozen=True, slots=True)
class SealView:
    """`state`: None (none was asked for) | pending | done | failed. `problem`: why it was not made
    yet. `may_order`: whether the reader may ask for it now."""

    state: str | None
    sealed_at: datetime | None
    fingerprint: str | None
    problem: Message | None
    may_order: bool


def fingerprint(unsigned_sha256: str) -> str:
    """What the picture of a seal shows of the digest: 7750 729d c344."""
    return " ".join(unsigned_sha256[i : i + 4] for i in range(0, FINGERPRINT, 4))


def view_seal(platform: Platform, actor: Actor, info: DocumentInfo) -> SealView:
    """The seal of a document the actor may open (`load_document` has checked it)."""
    with platform.database.reading(actor) as session:
        row = load_seal(session, decode_id(info.id))
        run = session.scalars(select(Run).where(Run.id == decode_id(info.run))).one()
        counts = info.state not in (SUPERSEDED, VOID)
        open_to = row is None or row.state == FAILED
        may = counts and open_to and may_order(actor, run.unit_code) and has_authority(session)
    return SealView(
        state=row.state if row else None,
        sealed_at=row.sealed_at if row else None,
        fingerprint=fingerprint(row.unsigned_sha256) if row and row.unsigned_sha256 else None,
        problem=message_from_json(row.error) if row and row.error else None,
        may_order=may,
    )
