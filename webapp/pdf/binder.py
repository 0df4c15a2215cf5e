"""Starts the process that binds volumes, hands it open files and hears how far it is.

The parent opens the files read-only and passes their descriptors on; the child knows no path. A
file that brings the child down is found out and left out.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import structlog

from webapp.pdf.process import ROOT
from workflows.volumes.binding import FIT, KEEP, PICTURE, BindError, Bound, Found, Wanted

log = structlog.get_logger("fengqiao.volumes")

COMMAND = (sys.executable, "-s", "-P", "-m", "webapp.pdf.volume_child")
LOOK_SECONDS = 120.0
BIND_SECONDS = 180.0
MOST_CULPRITS = 5
"""Files that may bring the child down before the volume is given up."""
File: TypeAlias = tuple[BinaryIO, str, bool]
"""Content, PDF or PICTURE, whether it is a document of our own."""
NOTHING = Found(0, "broken")
NOWHERE = (-1, KEEP, 0, 0)
Told: TypeAlias = Callable[[Mapping[str, Any]], None]


class VolumeBinder:
    """`workflows.volumes.binding.Binder`. Holds nothing between volumes."""

    def __init__(self, folder: Path | None = None, command: Sequence[str] = COMMAND) -> None:
        """`folder`: where temporary files go, None for the system's place; `command`: what to
        start, tests start impostors."""
        self._folder = folder
        self._command = tuple(command)

    @contextmanager
    def open(self) -> Iterator[OpenBinding]:
        """One volume; its temporary files are gone afterwards."""
        with ExitStack() as stack:
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
            yield OpenBinding(stack, self._folder, self._command)


class OpenBinding:
    """One volume in the making."""

    def __init__(self, stack: ExitStack, folder: Path | None, command: tuple[str, ...]) -> None:
        self._stack = stack
        self._folder = folder
        self._command = command
        self._looked: list[tuple[int, str, int, int]] = []
        """fd, how, first page, pages of each file."""

    def look(self, files: Sequence[File | None]) -> tuple[Found, ...]:
        """See `Binding.look`."""
        found = {number: NOTHING for number, file in enumerate(files) if file is None}
        for _attempt in range(MOST_CULPRITS):
            asked = [number for number in range(len(files)) if number not in found]
            spool = self._temporary()
            given = [file for number in asked if (file := files[number]) is not None]
            heard, whole = self._ask_look(given, spool)
            if whole:
                found.update({asked[number]: one for number, one in heard.items()})
                break
            found[asked[max(heard, default=-1) + 1]] = Found(0, "broken")
        else:
            raise BindError("volumes.bind_failed", why="look")
        self._looked = list(_places(files, found, spool))
        return tuple(found[number] for number in range(len(files)))

    def _ask_look(self, files: Sequence[File], spool: BinaryIO) -> tuple[dict[int, Found], bool]:
        """What was heard of each, and whether the child came to its end."""
        heard: dict[int, Found] = {}

        def told(line: Mapping[str, Any]) -> None:
            if "file" in line:
                heard[line["file"]] = Found(line.get("pages", 0), line.get("problem"))

        order = {
            "do": "look",
            "files": [[content.fileno(), how] for content, how, _ours in files],
            "spool": spool.fileno(),
        }
        fds = [content.fileno() for content, _how, _ours in files]
        try:
            self._run(order, [*fds, spool.fileno()], LOOK_SECONDS, told)
        except BindError:
            if len(heard) == len(files):
                raise
            return heard, False
        return heard, True

    def bind(self, wanted: Wanted, told: Callable[[int], None]) -> Bound:
        """See `Binding.bind`."""
        parts, fds = [], []
        for part in wanted.parts:
            fd, how, first, count = (
                self._looked[part.source]
                if isinstance(part.source, int)
                else (self._temporary(part.source).fileno(), KEEP, 0, -1)
            )
            fds.append(fd)
            parts.append(
                {"fd": fd, "how": how, "first": first, "count": count, "numbered": part.numbered}
            )
        out = self._temporary()
        numbers = self._temporary(wanted.numbers).fileno() if wanted.numbers else None
        order = {
            "do": "bind",
            "parts": parts,
            "numbers": numbers,
            "out": out.fileno(),
            "marks": [[mark.level, mark.title, mark.page] for mark in wanted.marks],
            "title": wanted.title,
            "created": wanted.created.strftime("D:%Y%m%d%H%M%SZ"),
        }
        given = {*fds, out.fileno(), *([numbers] if numbers is not None else [])}
        end = self._run(
            order, sorted(given), BIND_SECONDS, lambda line: told(int(line.get("at", 0)))
        )
        out.seek(0)
        return Bound(out, int(end["pages"]), int(end["peak_kib"]) * 1024)

    def _temporary(self, content: bytes = b"") -> BinaryIO:
        """A file without a name that ends with the volume."""
        file: Any = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (the stack closes it)
        self._stack.callback(file.close)
        file.write(content)
        file.flush()
        file.seek(0)
        return file  # type: ignore[no-any-return]

    def _run(
        self, order: Mapping[str, Any], fds: Sequence[int], seconds: float, told: Told
    ) -> Mapping[str, Any]:
        """The child's last line. Raises BindError where it takes too long or dies."""
        with (
            tempfile.TemporaryDirectory(prefix="fengqiao-volume-") as home,
            tempfile.TemporaryFile() as words,
        ):
            process = subprocess.Popen(  # noqa: S603 (our own interpreter, fixed arguments)
                list(self._command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                env=_environment(home),
                cwd=home,
                pass_fds=fds,
                start_new_session=True,
            )
            try:
                return _converse(process, order, time.monotonic() + seconds, told)
            except BindError:
                log.warning("binder failed", do=order["do"], words=_last_words(words))
                raise
            finally:
                process.kill()
                process.communicate()


def _places(
    files: Sequence[File | None], found: Mapping[int, Found], spool: BinaryIO
) -> Iterator[tuple[int, str, int, int]]:
    """Where the pages of each file are: pictures are pages of the spool."""
    spooled = 0
    for number, file in enumerate(files):
        pages = found[number].pages
        if file is None:
            yield NOWHERE
            continue
        content, how, ours = file
        if how == PICTURE:
            yield spool.fileno(), KEEP, spooled, pages
            spooled += pages
        else:
            yield content.fileno(), KEEP if ours else FIT, 0, pages


def _converse(
    process: subprocess.Popen[bytes], order: Mapping[str, Any], deadline: float, told: Told
) -> Mapping[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    last: Mapping[str, Any] = {}
    buffer = b""
    try:
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.close()
        process.stdin = None
    except OSError as error:
        raise BindError("volumes.bind_failed", why="start") from error
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise BindError("volumes.bind_timeout")
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                last = json.loads(line)
                told(last)
    if not last.get("ok"):
        raise BindError("volumes.bind_failed", why=f"exit {process.wait()}")
    return last


def _last_words(file: BinaryIO) -> str:
    """How the child ended: the kind of its exception, never its words, which may be a file's."""
    file.seek(0)
    lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition(":")[0][:80] if lines else ""


def _environment(home: str) -> dict[str, str]:
    """Everything the child is told."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
