"""Takes in what somebody drops: rows for every file, and an outbox row for each that is a scan.

One file that cannot be taken in never keeps the others out: its row says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import orjson

from workflows.cases.files import HEAD_BYTES, clean_name, media_type_of
from workflows.cases.pictures import PICTURES
from workflows.cases.platform import Platform
from workflows.cases.sealing import message_to_json
from workflows.documents.orders import FAILED, WAITING
from workflows.errors import ForbiddenError, InvalidInputError
from workflows.messages import Message
from workflows.scans.placing import load_for_hand
from workflows.scans.tables import ScanBatch, ScanUpload
from workflows.storage import SYSTEM, Actor, Session, outbox
from workflows.storage.files import StoredBlob
from workflows.storage.ids import encode_id

READ_TOPIC = "scans.read"
"""Outbox: a file waits to be read. Payload {"upload"}."""
MOST_BYTES = 60 * 2**20
"""Of one file; it goes to the reader in one piece."""
MOST_FILES = 60
PDF_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent; only its bytes say what it is."""

    content: BinaryIO
    name: str


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    blob: StoredBlob | None
    media_type: str = ""
    problem: Message | None = None


def send_scans(
    platform: Platform, actor: Actor, files: Sequence[SentFile], document: str | None = None
) -> str:
    """Takes the files in; the batch's outside id. `document`: outside id of the document from whose
    page they come, proposed for pages nobody recognises.

    ForbiddenError (ability `print`), InvalidInputError (`scans.choose`, `scans.too_many`), what
    `load_for_hand` raises for the document, DiskFullError; nothing is written then.
    """
    if "print" not in actor.abilities:
        raise ForbiddenError("scans.may_not")
    if not files:
        raise InvalidInputError("scans.choose")
    if len(files) > MOST_FILES:
        raise InvalidInputError("scans.too_many", most=MOST_FILES)
    document_id = None
    if document:
        with platform.database.reading(SYSTEM) as session:
            document_id = load_for_hand(session, actor, document).id
    kept = [_keep(platform, file) for file in files]
    now, batch_id = platform.clock.now(), platform.ids.next()
    with platform.database.transaction(actor) as session:
        session.add(
            ScanBatch(
                id=batch_id, account_id=actor.account_id, sent_at=now, document_id=document_id
            )
        )
        for position, one in enumerate(kept, start=1):
            row = _row(platform, actor, batch_id, position, one)
            session.add(row)
            if row.state == WAITING:
                _order(platform, session, row, now)
    return encode_id(batch_id)


def _keep(platform: Platform, file: SentFile) -> _Kept:
    name = clean_name(file.name)
    try:
        blob = platform.files.put(file.content, limit_bytes=MOST_BYTES)
    except InvalidInputError:
        return _Kept(name, None, problem=Message("scans.too_large", {"most": MOST_BYTES // 2**20}))
    with platform.files.open(blob.sha256) as content:
        head = content.read(HEAD_BYTES)
    try:
        media_type = media_type_of(head, name)
    except InvalidInputError:
        media_type = ""
    if media_type != PDF_TYPE and media_type not in PICTURES:
        return _Kept(name, blob, media_type, Message("scans.kind" if blob.size else "scans.empty"))
    return _Kept(name, blob, media_type)


def _row(platform: Platform, actor: Actor, batch_id: int, position: int, kept: _Kept) -> ScanUpload:
    return ScanUpload(
        id=platform.ids.next(),
        batch_id=batch_id,
        account_id=actor.account_id,
        position=position,
        name=kept.name,
        sha256=kept.blob.sha256 if kept.blob else None,
        size_bytes=kept.blob.size if kept.blob else 0,
        media_type=kept.media_type,
        state=FAILED if kept.problem else WAITING,
        done=0,
        total=0,
        problem=message_to_json(kept.problem) if kept.problem else None,
    )


def _order(platform: Platform, session: Session, row: ScanUpload, now: datetime) -> None:
    payload = orjson.dumps({"upload": row.id})
    outbox.add(session, READ_TOPIC, payload=payload, ids=platform.ids, now=now)
