"""A package as files: a folder, a zip, or the bytes kept in the database; all the same tree.

Paths inside are always `bpmn/<key>/…` and `forms/<key>/…` with forward slashes.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workflows.errors import InvalidInputError

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
MAX_FILES = 400
MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_TOTAL_BYTES = 24 * 1024 * 1024
TREES = ("bpmn", "forms")
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError),
    *(ValueError, IndexError, OverflowError),
)
"""What the library raises for bytes that are no zip, or a damaged one."""
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways of packing that are read. The others may ask for gigabytes before the first byte comes."""


@dataclass(frozen=True, slots=True)
class PackageSource:
    """The files of one package: path (`bpmn/<key>/a.bpmn`) → bytes, sorted by path."""

    key: str
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 over paths and contents: equal for equal trees however they travelled."""
        total = hashlib.sha256()
        for path, content in sorted(self.files.items()):
            total.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
        return total.hexdigest()

    def under(self, tree: str, suffix: str = "") -> dict[str, bytes]:
        """Files below `bpmn/<key>/` or `forms/<key>/` ending in `suffix`, by their path there."""
        prefix = f"{tree}/{self.key}/"
        return {
            path.removeprefix(prefix): content
            for path, content in self.files.items()
            if path.startswith(prefix) and path.endswith(suffix)
        }


def read_folder(root: Path, key: str) -> PackageSource:
    """The package `key` of a checkout or export whose root holds `bpmn/` and `forms/`.

    Raises InvalidInputError for a bad key, a missing folder, or one over the limits.
    """
    _check_key(key)
    if not (root / "bpmn" / key / "package.toml").is_file():
        raise InvalidInputError("package.folder_missing", key=key)
    return _source(key, _folder_files(root, key))


def find_keys(root: Path) -> tuple[str, ...]:
    """Keys of the packages below `root/bpmn`, sorted."""
    found = (path.parent.name for path in (root / "bpmn").glob("*/package.toml"))
    return tuple(sorted(key for key in found if KEY.match(key)))


def read_zip(data: bytes) -> PackageSource:
    """A package that travelled as a zip. Nothing is written to disk.

    Raises InvalidInputError: not a zip, a path that leaves its place, a link, more than one
    package, or contents over the limits (declared sizes are not believed).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = dict(_zip_files(archive))
    except BROKEN as exc:
        raise InvalidInputError("package.not_a_zip") from exc
    keys = {path.split("/")[1] for path in files}
    if len(keys) != 1:
        raise InvalidInputError("package.one_package_a_zip", count=len(keys))
    return _source(keys.pop(), files)


def to_zip(source: PackageSource) -> bytes:
    """The same tree as a zip; equal trees give equal bytes (fixed dates, sorted paths)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(source.files.items()):
            info = zipfile.ZipInfo(path, date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def change_files(source: PackageSource, changes: Mapping[str, bytes | None]) -> PackageSource:
    """The tree with other contents: path → bytes, None takes the file away.

    Raises InvalidInputError for a path outside the package's two trees, or over the limits.
    """
    for path, content in changes.items():
        if _check_path(path) != path or path.split("/")[1] != source.key:
            raise InvalidInputError("package.bad_path", file=path[:120])
        if content is not None and len(content) > MAX_FILE_BYTES:
            raise InvalidInputError("package.file_too_large", file=path)
    kept = {path: old for path, old in source.files.items() if path not in changes}
    given = {path: new for path, new in changes.items() if new is not None}
    return _source(source.key, {**kept, **given})


def write_folder(source: PackageSource, root: Path) -> None:
    """Writes the tree below `root`, creating folders; files that exist are replaced."""
    for path, content in source.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _source(key: str, files: Mapping[str, bytes]) -> PackageSource:
    _check_key(key)
    if len(files) > MAX_FILES:
        raise InvalidInputError("package.too_many_files", most=MAX_FILES)
    if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        raise InvalidInputError("package.too_large", most=MAX_TOTAL_BYTES // 1024 // 1024)
    return PackageSource(key, dict(sorted(files.items())))


def _check_key(key: str) -> None:
    if not KEY.match(key):
        raise InvalidInputError("package.bad_key", key=key[:60])


def _folder_files(root: Path, key: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for tree in TREES:
        base = root / tree / key
        for path in sorted(base.rglob("*")):
            if path.is_symlink() or not path.is_file() or path.name.startswith("."):
                continue
            if path.stat().st_size > MAX_FILE_BYTES:
                raise InvalidInputError("package.file_too_large", file=path.name)
            files[path.relative_to(root).as_posix()] = path.read_bytes()
            if len(files) > MAX_FILES:
                raise InvalidInputError("package.too_many_files", most=MAX_FILES)
    return files


def _zip_files(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    if len(entries) > MAX_FILES:
        raise InvalidInputError("package.too_many_files", most=MAX_FILES)
    total = 0
    for info in entries:
        path = _safe_path(info)
        if info.compress_type not in PACKED:
            raise zipfile.BadZipFile(path)
        with archive.open(info) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise InvalidInputError("package.file_too_large", file=path)
        total += len(content)
        if total > MAX_TOTAL_BYTES:
            raise InvalidInputError("package.too_large", most=MAX_TOTAL_BYTES // 1024 // 1024)
        yield path, content


def _safe_path(info: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InvalidInputError("package.bad_path", file=info.filename[:120])
    return _check_path(info.filename)


def _check_path(name: str) -> str:
    """`name` without doubled slashes; it stays inside one of the two trees."""
    parts = PurePosixPath(name).parts
    odd = "\\" in name or "\0" in name or name.startswith("/") or ".." in parts
    if odd or len(parts) < 3 or parts[0] not in TREES:
        raise InvalidInputError("package.bad_path", file=name[:120])
    return "/".join(parts)
