"""The process behind `workflows.scans.reading.Reader`, started with the first file.

One a worker process; replaced when it has grown, hangs or dies. A file that brings it down is
broken, the next one finds a new process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.pdf.process import RendererProcess, child_environment
from workflows.documents.rendering import RenderError
from workflows.scans.reading import OpenScan, ReadError, ReadPage

COMMAND = (sys.executable, "-s", "-P", "-m", "webapp.pdf.scan_child")
OPEN_SECONDS, PAGE_SECONDS, BIND_SECONDS = 20.0, 10.0, 60.0
MOST_SERVED = 1000
MOST_BYTES = 900 * 2**20
"""A process that has held more is replaced after its file."""
MOST_MEGAPIXELS, MOST_PAGES = 80, 100
"""Said to people; the child counts for itself."""
CODES = {"encrypted": "scans.encrypted", "too_large": "scans.too_much", "broken": "scans.broken"}


class ScanReader:
    """`Reader`. Not for two threads at once: the worker has one."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._process: RendererProcess | None = None

    @contextmanager
    def open(self, content: bytes, how: str) -> Iterator[OpenScan]:
        """See `Reader.open`."""
        try:
            head, _ = self._ask({"do": "open", "how": how}, content, OPEN_SECONDS)
            yield _Open(self, int(head["pages"]))
        finally:
            self._rest()

    def bind(self, jpegs: Sequence[bytes]) -> bytes:
        """See `Reader.bind`."""
        sizes = [len(jpeg) for jpeg in jpegs]
        return self._ask({"do": "bind", "sizes": sizes}, b"".join(jpegs), BIND_SECONDS)[1]

    def close(self) -> None:
        """Ends the process; another one starts with the next file."""
        process, self._process = self._process, None
        home, self._home = self._home, None
        if process is not None:
            process.close()
        if home is not None:
            home.cleanup()

    def page(self, number: int) -> ReadPage:
        """A page of the file that is open."""
        head, jpeg = self._ask({"do": "page", "page": number}, b"", PAGE_SECONDS)
        return ReadPage(jpeg, tuple(head["codes"]))

    def _ask(
        self, head: Mapping[str, Any], body: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        try:
            answer, content = self._running().ask(head, body, time.monotonic() + seconds)
        except RenderError as error:
            slow = error.message.code == "documents.render_timeout"
            raise ReadError("scans.too_long" if slow else "scans.broken") from error
        if not answer["ok"]:
            code = CODES[answer["kind"]]
            raise ReadError(code, megapixels=MOST_MEGAPIXELS, pages=MOST_PAGES)
        return answer, content

    def _running(self) -> RendererProcess:
        if self._process is None or not self._process.is_alive:
            self.close()
            self._home = tempfile.TemporaryDirectory(prefix="fengqiao-scans-")
            home = Path(self._home.name)
            self._process = RendererProcess(child_environment(home / "none", home), self._command)
        return self._process

    def _rest(self) -> None:
        """A worn process makes room for another one."""
        process = self._process
        if process is not None and (
            process.served >= MOST_SERVED or process.peak_bytes > MOST_BYTES
        ):
            self.close()


@dataclass(frozen=True, slots=True)
class _Open:
    _reader: ScanReader
    pages: int

    def page(self, number: int) -> ReadPage:
        """See `OpenScan.page`."""
        return self._reader.page(number)
