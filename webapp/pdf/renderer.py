"""The pool of renderer processes behind `workflows.documents.rendering.Renderer`.

Processes start with the first document, are used again and replaced after a number of
documents or when they have grown; one that hangs is killed, one that died is replaced. The web
process stays small: it holds pipes, not WeasyPrint.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.pdf.fonts import font_folders, write_font_config
from webapp.pdf.process import COMMAND, ROOT, RendererProcess, child_environment
from workflows.documents.rendering import Attachment, Rendered, RenderError


@dataclass(frozen=True, slots=True)
class RendererSettings:
    """What the pool needs to know; built by `webapp.settings`.

    `fonts`: the data folder's `fonts/`, the office's own. `cache`: where fontconfig keeps its
    index between starts, None = forgotten with the pool.
    """

    packages: Path = ROOT / "node_modules" / "@expo-google-fonts"
    fonts: Path | None = None
    cache: Path | None = None
    processes: int = 1
    timeout_seconds: float = 20.0
    """For one document, waiting for a free process included."""
    documents_per_process: int = 200
    memory_bytes: int = 600 * 1024 * 1024
    """A process that has held more is replaced after its document."""
    command: tuple[str, ...] = COMMAND
    """What to start; tests start impostors."""


def _remove(folder: Path, owner: int) -> None:
    """Remove the pool's folder, but not from a forked child of its owner."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


class _DiedIdleError(Exception):
    """A process that had worked before died with this document. It may have been killed while it
    waited (memory runs short at night): a fresh one decides whether the document is to blame."""


class RendererPool:
    """Up to `processes` children, shared by the threads of one web or worker process.

    A forked child of the web server gets processes of its own: pipes cannot be shared.
    """

    def __init__(self, settings: RendererSettings | None = None) -> None:
        self._settings = settings or RendererSettings()
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._owner = os.getpid()
        self._slots = threading.BoundedSemaphore(self._settings.processes)
        self._idle: list[RendererProcess] = []
        self._home: Path | None = None

    def render(
        self,
        html: str,
        *,
        title: str,
        created: datetime,
        language: str = "zh-CN",
        author: str = "",
        attachments: Sequence[Attachment] = (),
    ) -> Rendered:
        """See `Renderer.render`. Waits for a free process; raises RenderError."""
        head = {
            "html": html,
            "title": title,
            "language": language,
            "author": author,
            "created": created.replace(microsecond=0).isoformat(),
            "attachments": [
                {"name": a.name, "description": a.description, "size": len(a.content)}
                for a in attachments
            ],
        }
        return self._ask(head, b"".join(a.content for a in attachments))

    def warm(self) -> None:
        """Start one process now, so that the first reader does not wait for the import."""
        deadline = time.monotonic() + self._settings.timeout_seconds
        self._give_back(self._take(deadline))

    def idle_pids(self) -> tuple[int, ...]:
        """Processes that wait for work now, for `doctor` and tests."""
        with self._lock:
            return tuple(process.pid for process in self._idle)

    def close(self) -> None:
        """End idle processes and remove the pool's folder. The pool may be used again."""
        self._drop_idle()
        with self._lock:
            home, self._home = self._home, None
        if home is not None:
            _remove(home, self._owner)

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def _ask(self, head: Mapping[str, Any], body: bytes) -> Rendered:
        deadline = time.monotonic() + self._settings.timeout_seconds
        try:
            answer, pdf = self._try(head, body, deadline, self._take)
        except _DiedIdleError:
            answer, pdf = self._try(head, body, deadline, self._take_new)
        if not answer["ok"]:
            raise RenderError(f"documents.render_{answer['kind']}", detail=answer["detail"])
        return Rendered(
            pdf=pdf,
            pages=answer["pages"],
            missing=answer["missing"],
            warnings=tuple(answer["warnings"]),
        )

    def _try(
        self,
        head: Mapping[str, Any],
        body: bytes,
        deadline: float,
        take: Callable[[float], RendererProcess],
    ) -> tuple[dict[str, Any], bytes]:
        process = take(deadline)
        used = process.served > 0
        try:
            return process.ask(head, body, deadline)
        except RenderError as error:
            if used and error.message.code == "documents.render_crashed":
                raise _DiedIdleError from error
            raise
        finally:
            self._give_back(process)

    def _take(self, deadline: float) -> RendererProcess:
        """An idle process that lives, or a new one. The caller gives it back."""
        self._wait_for_slot(deadline)
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
                process.close()
        return self._start()

    def _take_new(self, deadline: float) -> RendererProcess:
        """A new process in place of the idle ones, which may be as dead as the last."""
        self._wait_for_slot(deadline)
        self._drop_idle()
        return self._start()

    def _wait_for_slot(self, deadline: float) -> None:
        if self._owner != os.getpid():
            self._forget()
        if not self._slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise RenderError("documents.render_busy")

    def _start(self) -> RendererProcess:
        """A new process in the slot just taken; the slot is free again if that fails."""
        try:
            with self._lock:
                environment = self._environment()
            return RendererProcess(environment, self._settings.command)
        except BaseException:
            self._slots.release()
            raise

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        if self._home is None:
            folders = font_folders(settings.packages, settings.fonts)
            self._home = Path(tempfile.mkdtemp(prefix="fengqiao-pdf-"))
            weakref.finalize(self, _remove, self._home, os.getpid())
            cache = settings.cache or self._home / "cache"
            cache.mkdir(parents=True, exist_ok=True)
            write_font_config(self._home / "fonts.conf", folders, cache)
        return child_environment(self._home / "fonts.conf", self._home)

    def _give_back(self, process: RendererProcess) -> None:
        """Keep the process for the next document, unless it is dead, old or large."""
        settings = self._settings
        worn = (
            process.served >= settings.documents_per_process
            or process.peak_bytes > settings.memory_bytes
        )
        if worn or not process.is_alive:
            process.close()
        else:
            with self._lock:
                self._idle.append(process)
        self._slots.release()
