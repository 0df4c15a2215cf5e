"""Signatures of a task for the page of whoever does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json
from workflows.cases.signature_tables import OPEN, WITHDRAWN, Signature
from workflows.cases.signatures import evidence_place
from workflows.cases.strokes import from_json, svg_path
from workflows.cases.tables import CaseKeyRow
from workflows.errors import NotVisibleError
from workflows.signing.ask import expired, secret_place
from workflows.signing.paper import MOST_TRIES
from workflows.storage import SYSTEM, Actor
from workflows.storage.ids import decode_id, decode_item, encode_id, encode_item


@dataclass(frozen=True, slots=True)
class GivenSignature:
    """The newest signature asked for at one field. `state`: open | expired | signed | counted |
    refused; `path`, `width`, `height`: the drawing (SVG path data in its own box), "" without."""

    id: str
    field: str
    state: str
    way: str
    signer_name: str
    done_at: datetime | None
    expires_at: datetime
    path: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An open link for the officer who made it: what the QR picture holds, and the code."""

    id: str
    item: str
    field: str
    state: str
    signer_name: str
    token: str
    code: str
    expires_at: datetime
    tries_left: int
    opened: bool


def load_signatures(platform: Platform, item: str) -> Mapping[str, GivenSignature]:
    """By field, for whoever has been shown the task's page: whether they may see it was asked
    there. One statement where there are none."""
    run_id, number = decode_item(item)
    now = platform.clock.now()
    with platform.database.reading(SYSTEM) as session:
        rows = session.execute(
            select(Signature, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == Signature.case_id)
            .where(
                Signature.run_id == run_id,
                Signature.item_number == number,
                Signature.state != WITHDRAWN,
            )
            .order_by(Signature.id)
        ).all()
        return {row.Signature.field: _given(platform, row, now) for row in rows}


def load_link(platform: Platform, actor: Actor, signature: str) -> Link:
    """A link for its maker. Raises NotVisibleError for everybody else."""
    number, now = decode_id(signature), platform.clock.now()
    with platform.database.reading(SYSTEM) as session:
        row = session.execute(
            select(Signature, CaseKeyRow.wrapped)
            .join(CaseKeyRow, CaseKeyRow.case_id == Signature.case_id)
            .where(Signature.id == number)
        ).one_or_none()
        if row is None or row.Signature.issued_by != actor.account_id:
            raise NotVisibleError("signing.unknown")
        found = row.Signature
        secret = {"token": "", "code": ""}
        if found.secret is not None:
            key = platform.vault.open_key(row.wrapped)
            secret = open_json(key, found.secret, secret_place(found.id))
        return Link(
            id=encode_id(found.id),
            item=encode_item(found.run_id, found.item_number),
            field=found.field,
            state=_state(found, now),
            signer_name=found.signer_name,
            token=secret["token"],
            code=secret["code"],
            expires_at=found.expires_at,
            tries_left=max(0, MOST_TRIES - found.tries),
            opened=found.device is not None,
        )


def _state(row: Signature, now: datetime) -> str:
    return "expired" if row.state == OPEN and expired(row, now) else row.state


def _given(platform: Platform, row: object, now: datetime) -> GivenSignature:
    found: Signature = row.Signature  # type: ignore[attr-defined]
    path, width, height, reason = "", 0, 0, ""
    if found.evidence is not None:
        key = platform.vault.open_key(row.wrapped)  # type: ignore[attr-defined]
        evidence = open_json(key, found.evidence, evidence_place(found.id))
        reason = evidence.get("refused", "")
        if "strokes" in evidence:
            path, width, height = svg_path(from_json(evidence["strokes"]))
    return GivenSignature(
        id=encode_id(found.id),
        field=found.field,
        state=_state(found, now),
        way=found.way,
        signer_name=found.signer_name,
        done_at=found.done_at,
        expires_at=found.expires_at,
        path=path,
        width=width,
        height=height,
        reason=reason,
        signals=tuple(kind for kind, _ in found.signals),
    )
