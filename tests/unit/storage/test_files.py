"""The file store: whole or absent, stored once, nothing left behind."""

from __future__ import annotations

import errno
import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from workflows.errors import InvalidInputError
from workflows.storage.files import DiskFullError, FileLostError, FileStore, StoredBlob


class BreakingStream(BytesIO):
    """Gives some bytes, then fails as a disk or a connection does."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error, self.given = error, False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.given:
            raise self.error
        self.given = True
        return b"half"


def _stored(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


def test_put_then_open_gives_the_same_bytes(files: FileStore) -> None:
    content = "扫描件".encode() * 100_000
    blob = files.put(BytesIO(content))
    assert blob == StoredBlob(hashlib.sha256(content).hexdigest(), len(content))
    assert files.read(blob.sha256) == content
    assert files.holds(blob.sha256)


def test_equal_contents_are_stored_once(files: FileStore, tmp_path: Path) -> None:
    first, second = files.put(b"same"), files.put(BytesIO(b"same"))
    assert first == second
    assert _stored(tmp_path) == [first.sha256]
    assert list(files.digests()) == [first.sha256]


def test_empty_content_is_a_content(files: FileStore) -> None:
    blob = files.put(b"")
    assert (blob.size, files.read(blob.sha256)) == (0, b"")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_said_and_leaves_nothing(
    files: FileStore, tmp_path: Path, number: int
) -> None:
    with pytest.raises(DiskFullError):
        files.put(BreakingStream(OSError(number, "full")))
    assert _stored(tmp_path) == []


def test_broken_upload_leaves_nothing(files: FileStore, tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        files.put(BreakingStream(ConnectionResetError("gone")))
    assert _stored(tmp_path) == []


def test_too_large_content_is_refused_and_leaves_nothing(files: FileStore, tmp_path: Path) -> None:
    limit = 2 * 2**20
    with pytest.raises(InvalidInputError) as caught:
        files.put(BytesIO(b"x" * (limit + 1)), limit_bytes=limit)
    assert (caught.value.message.code, caught.value.message.params) == (
        "file.too_large",
        {"limit_mb": 2},
    )
    assert _stored(tmp_path) == []


def test_content_of_exactly_the_limit_is_taken(files: FileStore) -> None:
    assert files.put(b"1234", limit_bytes=4).size == 4


def test_absent_content_is_lost(files: FileStore) -> None:
    with pytest.raises(FileLostError):
        files.open("0" * 64)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_malformed_digest_is_refused(files: FileStore, digest: str) -> None:
    with pytest.raises(InvalidInputError):
        files.open(digest)


def test_damaged_content_is_noticed(files: FileStore, tmp_path: Path) -> None:
    blob = files.put(b"original")
    assert files.is_whole(blob.sha256)
    (stored,) = (tmp_path / "files" / blob.sha256[:2]).iterdir()
    stored.write_bytes(b"changed!")
    assert not files.is_whole(blob.sha256)
