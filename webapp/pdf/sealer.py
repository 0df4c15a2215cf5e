"""The sealing process from outside: `workflows.sealing.signing.Signer` over a pipe.

One process, started with the first request, replaced after a number of them, when it has grown,
hangs or dies. The worker seals with one of its own, each web process checks with another: what
strangers upload never meets a key.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.pdf.process import ROOT, RendererProcess, child_environment
from workflows.documents.rendering import RenderError
from workflows.sealing.signing import (
    Drawing,
    KeyMaterial,
    Report,
    SealingError,
    SealPicture,
    Signature,
)

COMMAND = (sys.executable, "-s", "-P", "-m", "webapp.pdf.seal_child")
FONTS = (
    "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
)
"""Whose letters are drawn in the seal, in the npm scope `@expo-google-fonts`."""


@dataclass(frozen=True, slots=True)
class SealerSettings:
    """What the sealing process needs; tests start impostors by `command`."""

    packages: Path = ROOT / "node_modules" / "@expo-google-fonts"
    timeout_seconds: float = 20.0
    """For one file, waiting for the process included."""
    files_per_process: int = 500
    memory_bytes: int = 700 * 1024 * 1024
    command: tuple[str, ...] = COMMAND


class Sealer:
    """A `Signer`. Shared by the threads of one process; they take turns."""

    def __init__(self, settings: SealerSettings | None = None) -> None:
        self._settings = settings or SealerSettings()
        self._forget()

    def _forget(self) -> None:
        self._owner = os.getpid()
        self._turn = threading.Lock()
        self._process: RendererProcess | None = None
        self._home: Path | None = None

    def seal(
        self,
        pdf: bytes,
        material: KeyMaterial,
        picture: SealPicture,
        *,
        reason: str,
        moment: datetime,
        drawings: Sequence[Drawing] = (),
    ) -> bytes:
        """See `Signer.seal`."""
        head = {
            "do": "seal",
            "keys": {
                "certificate": _text(material.certificate),
                "key": _text(material.key),
                "chain": [_text(one) for one in material.chain],
                "timestamp_certificate": _text(material.timestamp_certificate),
                "timestamp_key": _text(material.timestamp_key),
            },
            "unit_name": picture.unit_name,
            "digest": picture.digest,
            "reason": reason,
            "moment": moment.isoformat(),
            "drawings": [asdict(one) for one in drawings],
        }
        answer, sealed = self._ask(head, pdf)
        if not answer["ok"]:
            raise SealingError("sealing.signer_failed", detail=answer["detail"])
        return sealed

    def check(self, pdf: bytes, roots: Sequence[bytes], lists: Sequence[bytes]) -> Report:
        """See `Signer.check`. A file that takes the process down or too long is `slow`."""
        head = {
            "do": "check",
            "roots": [_text(one) for one in roots],
            "lists": [_text(one) for one in lists],
        }
        try:
            answer, _ = self._ask(head, pdf)
        except SealingError as error:
            if error.message.code == "sealing.signer_away":
                return Report(problem="slow")
            raise
        if not answer["ok"]:
            return Report(problem="broken")
        if answer.get("problem"):
            return Report(problem=answer["problem"])
        return Report(
            signatures=tuple(_signature(one) for one in answer["signatures"]),
            pages=answer["pages"],
            codes=tuple(answer["codes"]),
        )

    def warm(self) -> None:
        """Starts the process now and has it import what it needs."""
        self.check(b"", (), ())

    def close(self) -> None:
        """Ends the process. The sealer may be used again."""
        if self._owner != os.getpid():
            return
        with self._turn:
            process, self._process = self._process, None
            home, self._home = self._home, None
        if process is not None:
            process.close()
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)

    def _ask(self, head: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        if self._owner != os.getpid():
            self._forget()
        deadline = time.monotonic() + self._settings.timeout_seconds
        if not self._turn.acquire(timeout=self._settings.timeout_seconds):
            raise SealingError("sealing.signer_busy")
        try:
            return self._try(head, body, deadline, again=self._process is not None)
        finally:
            self._turn.release()

    def _try(
        self, head: Mapping[str, Any], body: bytes, deadline: float, *, again: bool
    ) -> tuple[dict[str, Any], bytes]:
        """One request. A process that died while it waited is replaced once; a fresh one that
        dies has died of the file."""
        process = self._living()
        try:
            answer = process.ask(head, body, deadline)
        except RenderError as error:
            self._drop()
            if again and error.message.code == "documents.render_crashed":
                return self._try(head, body, deadline, again=False)
            raise SealingError("sealing.signer_away") from error
        settings = self._settings
        if (
            process.served >= settings.files_per_process
            or process.peak_bytes > settings.memory_bytes
        ):
            self._drop()
        return answer

    def _living(self) -> RendererProcess:
        if self._process is not None and not self._process.is_alive:
            self._drop()
        if self._process is None:
            if self._home is None:
                self._home = Path(tempfile.mkdtemp(prefix="fengqiao-seal-"))
                weakref.finalize(self, _remove(self._home, os.getpid()))
            fonts = [str(self._settings.packages / name) for name in FONTS]
            environment = child_environment(self._home / "fonts.conf", self._home)
            self._process = RendererProcess(environment, (*self._settings.command, *fonts))
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()


def _remove(folder: Path, owner: int) -> Callable[[], None]:
    """Removes the folder, but not from a forked child of its owner."""

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    return remove


def _signature(told: Mapping[str, Any]) -> Signature:
    moment = told["moment"]
    return Signature(
        serial=told["serial"],
        signer=told["signer"],
        intact=told["intact"],
        ours=told["ours"],
        covers_all=told["covers_all"],
        revoked=told["revoked"],
        moment=datetime.fromisoformat(moment) if moment else None,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
