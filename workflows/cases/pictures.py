"""Photos as evidence: the port that makes them fit to be looked at, and what is kept of each.

The original stays in the store under its own digest. What people see is a copy that stands upright
and does not tell where it was taken (unless that was asked for); HEIC, which browsers do not show,
becomes JPEG. `webapp/pdf/pictures.py` stands behind the port: decoding wants a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from workflows.cases.picture_tables import StoredPicture
from workflows.storage import SYSTEM, Session
from workflows.storage.files import StoredBlob
from workflows.storage.upsert import upsert

if TYPE_CHECKING:
    from workflows.cases.platform import Platform

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
ENDINGS = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture fit to be looked at. `thumbnail`: a JPEG of at most 320 pixels a side."""

    content: bytes
    media_type: str
    thumbnail: bytes
    width: int
    height: int


class Pictures(Protocol):
    """Makes pictures fit."""

    def take(self, content: bytes, *, keep_place: bool) -> Picture:
        """Upright, without location, in a format browsers show. `keep_place`: what the picture
        tells of itself stays. Raises InvalidInputError `cases.picture_broken`,
        `cases.picture_too_large`, `cases.picture_busy` (try again)."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """The copy in the store. `row`: what is still to be written of it, None where it is known."""

    blob: StoredBlob
    media_type: str
    row: Mapping[str, Any] | None = None


def take_picture(
    platform: Platform, original: StoredBlob, media_type: str, *, keep_place: bool
) -> Taken | None:
    """The fit copy of a stored picture; None on a platform without the port. The same picture is
    worked on once. Outside any transaction. Raises what `Pictures.take` raises."""
    if platform.pictures is None:
        return None
    with platform.database.reading(SYSTEM) as session:
        known = _find(session, original.sha256, keep_place)
    if known is not None and platform.files.holds(known.sha256):
        return Taken(StoredBlob(known.sha256, known.size_bytes), known.media_type)
    made = platform.pictures.take(platform.files.read(original.sha256), keep_place=keep_place)
    blob = platform.files.put(made.content)
    row = {
        "sha256": blob.sha256,
        "original_sha256": original.sha256,
        "keeps_place": int(keep_place),
        "original_bytes": original.size,
        "original_type": media_type,
        "media_type": made.media_type,
        "size_bytes": blob.size,
        "thumbnail_sha256": platform.files.put(made.thumbnail).sha256,
        "width": made.width,
        "height": made.height,
        "taken_at": platform.clock.now(),
    }
    return Taken(blob, made.media_type, row)


def save_picture(session: Session, taken: Taken) -> None:
    """Writes what is still to be written; two people may have sent the same picture at once."""
    if taken.row is not None:
        upsert(session, StoredPicture.__table__, [taken.row])


def name_of(name: str, media_type: str) -> str:
    """`照片.heic` → `照片.jpg` where the copy is a JPEG."""
    suffix = SUFFIXES.get(media_type, "")
    path = PurePath(name)
    known = ENDINGS.get(media_type, ())
    return name if not suffix or path.suffix.lower() in known else f"{path.stem}{suffix}"


def _find(session: Session, original_sha256: str, keep_place: bool) -> StoredPicture | None:
    return session.scalars(
        select(StoredPicture).where(
            StoredPicture.original_sha256 == original_sha256,
            StoredPicture.keeps_place == int(keep_place),
        )
    ).first()


def find_thumbnail(session: Session, sha256: str) -> str | None:
    """Digest of the thumbnail of a stored picture, None where there is none."""
    return session.scalar(
        select(StoredPicture.thumbnail_sha256).where(StoredPicture.sha256 == sha256).limit(1)
    )
