"""The file itself: members one after another, and a digest over all of them at the end.

Everything is streamed: no list of members is kept, however many files an office has. The manifest
stands last, so that a copy that was cut off can never be taken for a whole one.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import orjson
import zstandard

from workflows.errors import FengqiaoError

FORMAT = 1
"""Raised when an older product could no longer read what we write."""

MANIFEST = "manifest.json"
LEVEL = 3
"""Of zstd: text shrinks to a fifth, pictures and PDFs don't shrink at any level."""

CHUNK_BYTES = 256 * 1024
MOST_MANIFEST_BYTES = 4 * 1024 * 1024
NAMES = re.compile(
    r"tables/(?P<table>[a-z0-9_]+)/(?P<chunk>\d{6,})\.jsonl"
    r"|files/(?P<file>[0-9a-f]{64})"
    r"|(?P<folder>fonts|outside|secrets)/(?P<name>[^/\\\x00]{1,200})"
)
"""All a member may be called: nothing in an archive chooses a path of its own."""


class ArchiveBrokenError(FengqiaoError):
    """The file is not a whole archive of ours. Nothing was restored from it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One piece of an archive. `content` can be read once, until the next member is asked for.

    `kind`: "table" | "file" | "fonts" | "outside" | "secrets". `name`: the table, the digest, the
    file name.
    """

    kind: str
    name: str
    size: int
    content: BinaryIO


class ArchiveWriter:
    """Adds members; comes from `writing`, which puts the manifest behind them."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._digest = hashlib.sha256()
        self.members = 0

    def add(self, path: str, content: BinaryIO, size: int) -> None:
        """Streams one member in. ValueError for a path nobody would read back."""
        if NAMES.fullmatch(path) is None:
            raise ValueError(f"{path!r} is no member of an archive")
        hashed = _Hashing(content)
        self._put(path, cast(BinaryIO, hashed), size)
        self._digest.update(_line(path, size, hashed.hexdigest()))
        self.members += 1

    def add_bytes(self, path: str, content: bytes) -> None:
        """Adds a member that is in memory."""
        self.add(path, BytesIO(content), len(content))

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Writes the manifest: `facts` with the format, the number of members and their digest."""
        sums = {"format": FORMAT, "members": self.members, "digest": self._digest.hexdigest()}
        body = orjson.dumps({**facts, **sums}, option=orjson.OPT_INDENT_2)
        self._put(MANIFEST, BytesIO(body), len(body))

    def _put(self, path: str, content: BinaryIO, size: int) -> None:
        info = tarfile.TarInfo(path)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, content)
        _forget(self._tar)


@contextmanager
def writing(target: BinaryIO) -> Iterator[ArchiveWriter]:
    """A writer over an open file. Without `finish` what was written is not an archive."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with (
        compressor.stream_writer(target, closefd=False) as packed,
        tarfile.open(fileobj=cast("IO[bytes]", packed), mode="w|") as tar,
    ):
        yield ArchiveWriter(tar)


def read_members(path: Path) -> Iterator[Member | dict[str, Any]]:
    """The members in order, then the manifest as a dict, after everything was compared with it.

    Raises ArchiveBrokenError: not an archive, cut off, changed, or of a newer format. Whoever acts
    on members before the manifest came must be able to take it back.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file)
    except (zstandard.ZstdError, tarfile.TarError, EOFError) as error:
        raise ArchiveBrokenError("backup.damaged") from error


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest, after every byte of the archive has been checked. ArchiveBrokenError."""
    manifest: dict[str, Any] = {}
    for member in read_members(path):
        if isinstance(member, dict):
            manifest = member
    return manifest


def _read(file: BinaryIO) -> Iterator[Member | dict[str, Any]]:
    unpacked = zstandard.ZstdDecompressor().stream_reader(file)
    digest, members = hashlib.sha256(), 0
    with tarfile.open(fileobj=cast("IO[bytes]", unpacked), mode="r|") as tar:
        while (info := tar.next()) is not None:
            _forget(tar)
            content = tar.extractfile(info) if info.isreg() else None
            if content is None:
                raise ArchiveBrokenError("backup.damaged")
            if info.name == MANIFEST:
                yield _checked(content, info.size, members, digest.hexdigest())
                return
            hashed = _Hashing(cast(BinaryIO, content))
            yield _member(info.name, info.size, hashed)
            hashed.drain()
            _compare_name(info.name, hashed.hexdigest())
            digest.update(_line(info.name, info.size, hashed.hexdigest()))
            members += 1
    raise ArchiveBrokenError("backup.damaged")


def _member(path: str, size: int, content: _Hashing) -> Member:
    found = NAMES.fullmatch(path)
    if found is None:
        raise ArchiveBrokenError("backup.damaged")
    stream = cast(BinaryIO, content)
    if found["table"]:
        return Member("table", found["table"], size, stream)
    if found["file"]:
        return Member("file", found["file"], size, stream)
    return Member(found["folder"], found["name"], size, stream)


def _compare_name(path: str, digest: str) -> None:
    """A stored file is called by its digest."""
    if path.startswith("files/") and path != f"files/{digest}":
        raise ArchiveBrokenError("backup.damaged")


def _checked(content: IO[bytes], size: int, members: int, digest: str) -> dict[str, Any]:
    if size > MOST_MANIFEST_BYTES:
        raise ArchiveBrokenError("backup.damaged")
    try:
        manifest: dict[str, Any] = orjson.loads(content.read())
        written_by = int(manifest["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveBrokenError("backup.damaged") from error
    if written_by > FORMAT:
        raise ArchiveBrokenError("backup.newer")
    if (manifest.get("members"), manifest.get("digest")) != (members, digest):
        raise ArchiveBrokenError("backup.damaged")
    return manifest


class _Hashing:
    """Reads through and digests what passes."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._inner.read(size)
        self._digest.update(chunk)
        return chunk

    def drain(self) -> None:
        """Reads what nobody wanted."""
        while self.read(CHUNK_BYTES):
            pass

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile keeps every member's header; an office may have a million files."""
    vars(tar)["members"] = []


def _line(path: str, size: int, digest: str) -> bytes:
    return f"{path}\t{size}\t{digest}\n".encode()
