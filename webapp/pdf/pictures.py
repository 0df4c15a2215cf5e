"""The process behind `workflows.cases.pictures.Pictures`, started with the first photo.

One a web process, used by one thread at a time; replaced when it has grown, hangs or dies. The web
process holds a pipe, not Pillow.
"""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from webapp.pdf.process import RendererProcess, child_environment
from workflows.cases.pictures import Picture
from workflows.documents.rendering import RenderError
from workflows.errors import InvalidInputError

COMMAND = (sys.executable, "-s", "-P", "-m", "webapp.pdf.picture_child")
TIMEOUT_SECONDS = 20.0
MOST_SERVED = 200
MOST_BYTES = 500 * 2**20
"""A process that has held more is replaced after its picture."""
MOST_MEGAPIXELS = 80
"""Said to people; the child counts for itself."""


class PictureProcess:
    """`Pictures`. A forked child of its owner gets a process of its own."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._owner = 0
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._process: RendererProcess | None = None

    def take(self, content: bytes, *, keep_place: bool) -> Picture:
        """See `Pictures.take`."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        if not self._lock.acquire(timeout=TIMEOUT_SECONDS):
            raise InvalidInputError("cases.picture_busy")
        try:
            head, body = self._running().ask({"keep_place": keep_place}, content, deadline)
        except RenderError as error:
            code = "busy" if error.message.code == "documents.render_timeout" else "broken"
            raise InvalidInputError(f"cases.picture_{code}") from error
        finally:
            self._rest()
            self._lock.release()
        if not head["ok"]:
            raise InvalidInputError(f"cases.picture_{head['kind']}", most=MOST_MEGAPIXELS)
        size = int(head["size"])
        return Picture(
            body[:size], head["media_type"], body[size:], int(head["width"]), int(head["height"])
        )

    def close(self) -> None:
        """Ends the process; another one starts with the next picture."""
        with self._lock:
            self._end()

    def _running(self) -> RendererProcess:
        if self._owner != os.getpid():
            self._owner, self._process, self._home = os.getpid(), None, None
        if self._process is None or not self._process.is_alive:
            self._end()
            self._home = tempfile.TemporaryDirectory(prefix="fengqiao-picture-")
            home = Path(self._home.name)
            self._process = RendererProcess(child_environment(home / "none", home), self._command)
            atexit.register(self.close)
        return self._process

    def _rest(self) -> None:
        """A worn process makes room for another one."""
        process = self._process
        if process is not None and (
            not process.is_alive or process.served >= MOST_SERVED or process.peak_bytes > MOST_BYTES
        ):
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        home, self._home = self._home, None
        if process is not None and self._owner == os.getpid():
            process.close()
        if home is not None and self._owner == os.getpid():
            home.cleanup()
