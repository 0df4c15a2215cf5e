"""Uploaded files and made documents, kept by the SHA-256 of their content.

A file is written aside, synced and renamed: a reader sees all of it or nothing, and equal
contents are stored once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from workflows.errors import FengqiaoError, InvalidInputError

CHUNK_BYTES = 256 * 1024
SHA256_HEX = re.compile(r"[0-9a-f]{64}")


class DiskFullError(FengqiaoError):
    """No room is left; nothing was stored."""


class FileLostError(FengqiaoError):
    """The record names a file that is not in the store: restore it from the backup."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A stored content: lower-case hex digest and length in bytes."""

    sha256: str
    size: int


class FileStore:
    """A folder of contents. Safe for many processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def put(self, source: bytes | BinaryIO, *, limit_bytes: int | None = None) -> StoredBlob:
        """Stores a content; on disk for good when this returns.

        InvalidInputError("file.too_large") beyond `limit_bytes`, DiskFullError without room;
        nothing stays behind after either.
        """
        stream = BytesIO(source) if isinstance(source, bytes) else source
        self._incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        aside = Path(name)
        try:
            with open(handle, "wb") as file:
                blob = _copy(stream, file, limit_bytes)
            self._move(aside, self._path(blob.sha256))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError("storage.disk_full") from error
            raise
        finally:
            aside.unlink(missing_ok=True)
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """The content for reading; FileLostError if it is not there."""
        try:
            return open(self._path(sha256), "rb")
        except FileNotFoundError as error:
            raise FileLostError("storage.file_lost", sha256=sha256) from error

    def read(self, sha256: str) -> bytes:
        """The whole content, for things known to be small."""
        with self.open(sha256) as file:
            return file.read()

    def holds(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def digests(self) -> Iterator[str]:
        """All stored digests in order, for verification and backup."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir())

    def is_whole(self, sha256: str) -> bool:
        """Whether the stored bytes still have their digest."""
        with self.open(sha256) as file:
            return _digest(file) == sha256

    def _path(self, sha256: str) -> Path:
        if not SHA256_HEX.fullmatch(sha256):
            raise InvalidInputError("file.malformed")
        return self._folder / sha256[:2] / sha256

    def _move(self, aside: Path, target: Path) -> None:
        if target.exists():
            return
        target.parent.mkdir(exist_ok=True)
        aside.replace(target)
        for folder in (target.parent, self._folder):
            _sync_folder(folder)


def _copy(stream: BinaryIO, file: BinaryIO, limit_bytes: int | None) -> StoredBlob:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if limit_bytes is not None and size > limit_bytes:
            raise InvalidInputError("file.too_large", limit_mb=limit_bytes // 2**20)
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return StoredBlob(digest.hexdigest(), size)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """A rename is durable only once its folder is synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
