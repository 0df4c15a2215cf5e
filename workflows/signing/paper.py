"""What the holder of a link sees and does: read, sign, refuse. Nobody is signed in here.

A link is worth nothing by itself on a phone: the code is told at the table. Whoever opened it first
holds it; forwarded to another device, or used again, it says so and does nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from workflows.cases.platform import Platform
from workflows.cases.sealing import open_json, seal_json
from workflows.cases.signature_tables import (
    COUNTED,
    OPEN,
    PHONE,
    REFUSED,
    SIGNED,
    WITHDRAWN,
    Signature,
)
from workflows.cases.signatures import evidence_place
from workflows.cases.strokes import Strokes
from workflows.cases.tables import CaseKeyRow, CaseRecord, Document, Run, WorkItem
from workflows.cases.timeline import Line, append
from workflows.documents.states import PENDING, READY
from workflows.errors import ConflictError, FieldError, InvalidFormError, NotVisibleError, RuleError
from workflows.messages import Message
from workflows.organisation.names import load_named
from workflows.signing.ask import expired, secret_place, token_hash
from workflows.signing.signals import find_signals, indexes, tell_heads
from workflows.storage import SYSTEM, Session
from workflows.storage.ids import encode_item
from workflows.storage.vault import CaseKey

MOST_TRIES = 5
LONGEST_REASON = 500
LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: the link, the device it was opened on (a random text kept by the browser, ""
    before it has one) and what the browser calls itself."""

    token: str
    device: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the page shows. `state`: needs_code | open | signed | refused. `pages` of the PDF."""

    state: str
    way: str
    signer_name: str
    title: str
    number: str | None
    unit_name: str
    pages: int
    sha256: str
    verify_code: str
    expires_at: datetime
    done_at: datetime | None
    item: str | None
    """The task to go back to, on the office's own device only."""


@dataclass(frozen=True, slots=True)
class _Held:
    row: Signature
    document: Document
    run: Run
    case: CaseRecord
    key: CaseKey


def open_paper(platform: Platform, holder: Holder) -> Paper:
    """The paper behind a link. On the office's own device the first opening takes the link.

    Raises NotVisibleError (no such link), RuleError `signing.expired`, `signing.withdrawn`,
    `signing.other_device`, `signing.too_many_tries`, `signing.document_changed`.
    """
    with _seen(platform, holder) as (session, held):
        _check_held(platform, held, holder)
        if held.row.way == PHONE or held.row.device is not None or not holder.device:
            return _paper(session, held)
    with _held(platform, holder) as (session, held):
        _check_held(platform, held, holder)
        held.row.device = held.row.device or device_hash(holder.device)
        return _paper(session, held)


def read_pdf(platform: Platform, holder: Holder) -> bytes:
    """The PDF that is signed, for whoever may read it. Raises like `open_paper`, and
    ConflictError where the stored file is not the one that was asked about."""
    with _seen(platform, holder) as (_session, held):
        _check_held(platform, held, holder)
        if _needs_code(held.row):
            raise RuleError("signing.code_first")
        digest = held.row.document_sha256
    content = platform.files.read(digest)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ConflictError("sealing.damaged")
    return content


def give_code(platform: Platform, holder: Holder, code: str) -> None:
    """The code told at the table; right, it gives the link to this device for good.

    Raises like `open_paper`; InvalidFormError for a wrong code, which counts.
    """
    wrong = False
    with _held(platform, holder) as (_session, held):
        _check_held(platform, held, holder)
        row = held.row
        if row.secret is None or not _needs_code(row):
            return
        secret = open_json(held.key, row.secret, secret_place(row.id))
        typed = "".join(letter for letter in code if letter.isdigit())
        if holder.device and hmac.compare_digest(typed.encode(), secret["code"].encode()):
            row.device = device_hash(holder.device)
        else:
            row.tries += 1
            wrong = True
    if wrong:
        raise InvalidFormError([FieldError("/code", Message("signing.wrong_code"))])


def sign(platform: Platform, holder: Holder, strokes: Strokes) -> None:
    """Keeps the signature. Signing again with the same link changes nothing.

    Raises like `open_paper`, and RuleError `signing.code_first`, `signing.used`,
    `signing.task_gone`, `signing.clock_backwards`.
    """
    with _held(platform, holder) as (session, held):
        row, now = held.row, platform.clock.now()
        _check_open(platform, session, held, holder, now)
        evidence = {"strokes": strokes.to_json(), "agent": holder.agent[:LONGEST_AGENT]}
        row.evidence = seal_json(held.key, evidence, evidence_place(row.id))
        row.shape, row.rhythm = indexes(platform.vault, strokes)
        row.signals = find_signals(session, row, now)
        row.flagged = int(bool(row.signals))
        row.state, row.done_at, row.secret = SIGNED, now, None
        lines = [_line(held, "signing.was_signed", "signature.given", now)]
        if row.flagged:
            lines.append(_line(held, "signing.was_flagged", "signature.flagged", now))
            tell_heads(session, platform, held.run, held.case, row)
        append(session, held.case, held.key, lines, actor=SYSTEM, recorded_at=now)


def refuse(platform: Platform, holder: Holder, reason: str) -> None:
    """The signer says no; whoever holds the task writes it into the form. Raises like `sign`."""
    with _held(platform, holder) as (session, held):
        row, now = held.row, platform.clock.now()
        _check_open(platform, session, held, holder, now)
        evidence = {
            "refused": reason.strip()[:LONGEST_REASON],
            "agent": holder.agent[:LONGEST_AGENT],
        }
        row.evidence = seal_json(held.key, evidence, evidence_place(row.id))
        row.state, row.done_at, row.secret = REFUSED, now, None
        line = _line(held, "signing.was_refused", "signature.refused", now)
        append(session, held.case, held.key, [line], actor=SYSTEM, recorded_at=now)


def device_hash(device: str) -> str:
    """What the database knows of a device."""
    return hashlib.sha256(f"device/{device}".encode()).hexdigest()


@contextmanager
def _seen(platform: Platform, holder: Holder) -> Iterator[tuple[Session, _Held]]:
    """The link's row with all around it, to look at."""
    with platform.database.reading(SYSTEM) as session:
        yield session, _find(session, platform, holder, _link())


@contextmanager
def _held(platform: Platform, holder: Holder) -> Iterator[tuple[Session, _Held]]:
    """The same to change it, the case locked until the end."""
    locked = _link().with_for_update(of=(CaseRecord, Signature))
    with platform.database.transaction(SYSTEM) as session:
        yield session, _find(session, platform, holder, locked)


def _link() -> Select[Signature, Document, Run, CaseRecord, bytes | None]:
    return (
        select(Signature, Document, Run, CaseRecord, CaseKeyRow.wrapped)
        .join(Document, Document.id == Signature.document_id)
        .join(Run, Run.id == Signature.run_id)
        .join(CaseRecord, CaseRecord.id == Signature.case_id)
        .join(CaseKeyRow, CaseKeyRow.case_id == Signature.case_id)
    )


def _find(
    session: Session, platform: Platform, holder: Holder, statement: Select[*tuple[Any, ...]]
) -> _Held:
    wanted = statement.where(Signature.token_hash == token_hash(holder.token))
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotVisibleError("signing.unknown")
    key = platform.vault.open_key(found.wrapped)
    return _Held(found.Signature, found.Document, found.Run, found.CaseRecord, key)


def _check_held(platform: Platform, held: _Held, holder: Holder) -> None:
    row = held.row
    mine = bool(holder.device) and row.device == device_hash(holder.device)
    if row.device is not None and not mine:
        raise RuleError("signing.other_device")
    if row.state == WITHDRAWN:
        raise RuleError("signing.withdrawn")
    if expired(row, platform.clock.now()):
        raise RuleError("signing.expired" if row.state == OPEN else "signing.used")
    if row.tries >= MOST_TRIES:
        raise RuleError("signing.too_many_tries")
    if row.state == OPEN and (
        held.document.state not in (PENDING, READY) or held.document.sha256 != row.document_sha256
    ):
        raise RuleError("signing.document_changed")


def _check_open(
    platform: Platform, session: Session, held: _Held, holder: Holder, now: datetime
) -> None:
    row = held.row
    _check_held(platform, held, holder)
    if row.state != OPEN:
        raise RuleError("signing.used")
    if _needs_code(row) or row.device is None:
        raise RuleError("signing.code_first")
    if now < row.issued_at:
        raise RuleError("signing.clock_backwards")
    state = session.scalar(
        select(WorkItem.state).where(
            WorkItem.run_id == row.run_id, WorkItem.number == row.item_number
        )
    )
    if state != OPEN:
        raise RuleError("signing.task_gone")


def _needs_code(row: Signature) -> bool:
    return row.way == PHONE and row.device is None and row.state == OPEN


def _paper(session: Session, held: _Held) -> Paper:
    row, document = held.row, held.document
    state = "needs_code" if _needs_code(row) else row.state
    unit = held.run.unit_code
    return Paper(
        state=SIGNED if state == COUNTED else state,
        way=row.way,
        signer_name="" if state == "needs_code" else row.signer_name,
        title=document.title["zh"],
        number=None if state == "needs_code" else document.number,
        unit_name=load_named(session, (unit,)).get(unit, unit),
        pages=document.pages or 1,
        sha256=row.document_sha256,
        verify_code=document.verify_code,
        expires_at=row.expires_at,
        done_at=row.done_at,
        item=None if row.way == PHONE else encode_item(row.run_id, row.item_number),
    )


def _line(held: _Held, code: str, action: str, now: datetime) -> Line:
    row, document = held.row, held.document
    what = " ".join(filter(None, (document.title["zh"], document.number)))
    words: dict[str, Any] = {
        "who": row.signer_name,
        "what": what,
        "way": Message(f"signing.way_{row.way}"),
    }
    return Line(
        action=action,
        sentence=Message(code, words),
        occurred_at=now,
        kind="document",
        subject=row.signer_name,
        run_id=row.run_id,
    )
