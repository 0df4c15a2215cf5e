"""One renderer process: start it, ask it, stop waiting for it.

A request's head has `html`, `title`, `language`, `author`, `created` (ISO) and `attachments`
([{"name", "description", "size"}], whose bytes are the body, one after another). The answer's
head has `ok` and either `pages`, `missing`, `warnings`, `peak_kib`, with the PDF as body, or
`kind` ("refused" | "failed") and `detail`.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from webapp.pdf import frames
from workflows.documents.rendering import RenderError

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds `webapp/`: the one thing the child needs on its path."""

COMMAND = (sys.executable, "-s", "-P", "-m", "webapp.pdf.child")
CHUNK_BYTES = 65536
STDERR_TAIL_BYTES = 2000
GRACE_SECONDS = 2


def child_environment(font_config: Path, home: Path) -> dict[str, str]:
    """Everything the child is told: no data folder, no secrets, no proxy, no user settings."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "FONTCONFIG_FILE": str(font_config),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class RendererProcess:
    """A running child and its two pipes. Not for use by two threads at once.

    `served` counts its documents, `peak_bytes` is the most memory it has held so far.
    """

    def __init__(self, environment: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close())
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, fixed arguments)
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env=dict(environment),
            cwd=environment["HOME"],
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to = self._process.stdin
        self._from = self._process.stdout
        os.set_blocking(self._to.fileno(), False)
        os.set_blocking(self._from.fileno(), False)
        self.served = 0
        self.peak_bytes = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, head: Mapping[str, Any], body: bytes, deadline: float
    ) -> tuple[dict[str, Any], bytes]:
        """The child's answer. After any RenderError but a refusal the process is killed.

        `deadline` is a `time.monotonic()` moment. Raises RenderError
        `documents.render_timeout` or `documents.render_crashed` (with its last words).
        """
        try:
            answer = frames.unpack(self._exchange(frames.pack(head, body), deadline))
        except RenderError:
            self.kill()
            raise
        except (OSError, frames.FrameError) as error:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)  # its own exit code says more than our kill
            self.kill()
            raise RenderError("documents.render_crashed", detail=self.last_words()) from error
        self.served += 1
        self.peak_bytes = max(self.peak_bytes, int(answer[0].get("peak_kib", 0)) * 1024)
        return answer

    def _exchange(self, request: bytes, deadline: float) -> bytes:
        """Write and read at the same time: a child that answers early must not block us."""
        pending = memoryview(request)
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._to, selectors.EVENT_WRITE)
            selector.register(self._from, selectors.EVENT_READ)
            while True:
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise RenderError("documents.render_timeout")
                for key, _ in ready:
                    if key.fileobj is self._to:
                        pending = pending[os.write(key.fd, pending[:CHUNK_BYTES]) :]
                        if not pending:
                            selector.unregister(self._to)
                    else:
                        received += self._read(key.fd)
                size = frames.size_of(received)
                if size is not None and len(received) >= size:
                    return bytes(received[:size])

    @staticmethod
    def _read(fd: int) -> bytes:
        chunk = os.read(fd, CHUNK_BYTES)
        if not chunk:
            raise frames.FrameError("the renderer went away")
        return chunk

    def last_words(self) -> str:
        """The end of what the child wrote to its standard error, and how it ended."""
        code = self._process.poll()
        with contextlib.suppress(ValueError, OSError):
            self._stderr.seek(0, os.SEEK_END)
            self._stderr.seek(max(0, self._stderr.tell() - STDERR_TAIL_BYTES))
            lines = self._stderr.read().decode("utf-8", "replace").strip().splitlines()
            return f"exit {code}" + (f": {lines[-1]}" if lines else "")
        return f"exit {code}"

    def kill(self) -> None:
        """End the child at once and wait for it; safe to call twice."""
        self._process.kill()
        self._process.wait()
        self._close_pipes()

    def close(self) -> None:
        """Let the child finish by itself (its input ends), kill it if it does not."""
        self._close_pipes()
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._stderr.close()

    def _close_pipes(self) -> None:
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()
