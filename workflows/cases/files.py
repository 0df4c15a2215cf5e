"""Uploaded files: taken in whole, usable by their uploader until a form binds them to a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from sqlalchemy import select

from workflows.cases.access import Level, level_of
from workflows.cases.pictures import (
    PICTURES,
    find_thumbnail,
    name_of,
    save_picture,
    take_picture,
)
from workflows.cases.platform import Platform
from workflows.cases.snapshot import load_parts
from workflows.cases.tables import StoredFile
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id

MOST_BYTES = 25 * 2**20
HEAD_BYTES = 16

SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftyp", 4, "video/mp4"),
    (b"ID3", 0, "audio/mpeg"),
    (b"PK\x03\x04", 0, "application/zip"),
)
"""First bytes, where they stand, what the file is. The name and the browser's word do not count:
a page served under a wrong type could run as one."""

OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Zip files that are known by their names."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A stored file: outside id, digest, size, what its bytes say it is."""

    id: str
    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. `media_type`: what the sender says it is; only the bytes count.
    `keep_place`: a photo goes on telling where it was taken."""

    content: BinaryIO
    name: str
    media_type: str = "application/octet-stream"
    keep_place: bool = False


def upload(platform: Platform, actor: Actor, command: Upload) -> Uploaded:
    """Stores a file of at most 25 MB; of a photo the copy that is fit to be looked at
    (`pictures.py`), beside the original.

    Raises InvalidInputError (`file.too_large`, `cases.file_type`, `cases.file_empty`, what
    `Pictures.take` raises), DiskFullError; nothing is kept then that anybody could use.
    """
    blob = platform.files.put(command.content, limit_bytes=MOST_BYTES)
    if blob.size == 0:
        raise InvalidInputError("cases.file_empty")
    shown = clean_name(command.name)
    with platform.files.open(blob.sha256) as content:
        media_type = media_type_of(content.read(HEAD_BYTES), shown)
    taken = None
    if media_type in PICTURES:
        taken = take_picture(platform, blob, media_type, keep_place=command.keep_place)
    if taken is not None:
        blob, media_type = taken.blob, taken.media_type
        shown = name_of(shown, media_type)
    row = StoredFile(
        id=platform.ids.next(),
        sha256=blob.sha256,
        size_bytes=blob.size,
        name=shown,
        media_type=media_type,
        uploaded_by=actor.account_id,
        uploaded_at=platform.clock.now(),
        case_id=None,
        run_id=None,
        field="",
    )
    with platform.database.transaction(actor) as session:
        session.add(row)
        if taken is not None:
            save_picture(session, taken)
    return _uploaded(row)


def open_thumbnail(platform: Platform, actor: Actor, file: str) -> BinaryIO:
    """The small picture of a photo, a JPEG, for whoever may open the file.

    Raises NotVisibleError (also for a file without one), ForbiddenError, FileLostError.
    """
    with platform.database.reading(actor) as session:
        row = _load(session, actor, file)
        digest = find_thumbnail(session, row.sha256)
    if digest is None:
        raise NotVisibleError("cases.unknown_file")
    return platform.files.open(digest)


def open_file(platform: Platform, actor: Actor, file: str) -> tuple[Uploaded, BinaryIO]:
    """A file and its content, for its uploader or whoever sees all of its case's run.

    Raises NotVisibleError, ForbiddenError, FileLostError.
    """
    with platform.database.reading(actor) as session:
        row = _load(session, actor, file)
    return _uploaded(row), platform.files.open(row.sha256)


def _load(session: Session, actor: Actor, file: str) -> StoredFile:
    row = session.scalars(select(StoredFile).where(StoredFile.id == decode_id(file))).one_or_none()
    if row is None:
        raise NotVisibleError("cases.unknown_file")
    _check_sight(session, actor, row)
    return row


def media_type_of(head: bytes, name: str) -> str:
    """What a file is, by its first bytes. Raises InvalidInputError for kinds we don't take."""
    for signature, offset, media_type in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            if media_type != "application/zip":
                return media_type
            office = OFFICE.get(PurePath(name).suffix.lower())
            if office is not None:
                return office
    raise InvalidInputError("cases.file_type")


def clean_name(name: str) -> str:
    """The last part of a file's name without control characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable()).strip()
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        return kept[:120] or "file"
    return f"{stem[: 119 - len(suffix[:10])]}.{suffix[:10]}"


def _check_sight(session: Session, actor: Actor, row: StoredFile) -> None:
    if row.case_id is None:
        if row.uploaded_by != actor.account_id and not actor.is_system:
            raise NotVisibleError("cases.unknown_file")
        return
    if level_of(actor, load_parts(session, row.case_id), row.run_id) < Level.FULL:
        raise ForbiddenError("cases.file_full_sight")


def _uploaded(row: StoredFile) -> Uploaded:
    return Uploaded(encode_id(row.id), row.sha256, row.size_bytes, row.media_type, row.name)
