"""The sealing process: reads a frame, seals or checks a PDF, answers with a frame.

Runs as `python -m webapp.pdf.seal_child FONT…` with a clean environment. Only this side of the pipe
imports pyHanko, fontTools and pdfium. Like the renderer it never opens a socket or starts a
program, and its memory has a limit, because half of what it reads is anybody's.
"""

from __future__ import annotations

import base64
import gc
import os
import resource
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from select import select
from typing import Any

from webapp.pdf import frames
from webapp.pdf.seal_check import check_pdf
from webapp.pdf.seal_make import Keys, make_seal
from webapp.pdf.seal_picture import draw_seal, letters
from webapp.pdf.seal_strokes import draw_all
from workflows.sealing.signing import Drawing

MOST_MEMORY = 1536 * 1024 * 1024
"""Of address space: a bomb ends this process and nothing else."""
REST_SECONDS = 0.02
FORBIDDEN_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
)


def _seal(request: Mapping[str, Any], pdf: bytes, fonts: tuple[Path, ...]) -> bytes:
    given = request["keys"]
    keys = Keys(
        certificate=_bytes(given["certificate"]),
        key=_bytes(given["key"]),
        chain=tuple(_bytes(one) for one in given["chain"]),
        timestamp_certificate=_bytes(given["timestamp_certificate"]),
        timestamp_key=_bytes(given["timestamp_key"]),
    )
    picture = draw_seal(letters(fonts), request["unit_name"], request["digest"])
    moment = datetime.fromisoformat(request["moment"])
    drawings = tuple(Drawing(**one) for one in request["drawings"])
    sealed = make_seal(
        pdf,
        keys,
        picture,
        reason=request["reason"],
        moment=moment,
        around=draw_all(pdf, drawings, letters(fonts)),
    )
    return frames.pack({"ok": True}, sealed)


def _check(request: Mapping[str, Any], pdf: bytes) -> bytes:
    roots = [_bytes(one) for one in request["roots"]]
    lists = [_bytes(one) for one in request["lists"]]
    return frames.pack({"ok": True, **check_pdf(pdf, roots, lists)})


@lru_cache(16)
def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _answer(request: Mapping[str, Any], pdf: bytes, fonts: tuple[Path, ...]) -> bytes:
    try:
        if request["do"] == "seal":
            return _seal(request, pdf, fonts)
        return _check(request, pdf)
    except Exception as error:
        traceback.print_exc()
        return frames.pack({"ok": False, "detail": type(error).__name__})


def _forbid(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(f"a sealing process may not: {event}")


def main(fonts: tuple[Path, ...]) -> int:
    """Serve the pipe. Standard output becomes standard error, so that no library's print can
    put the frames out of step."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    gc.freeze()
    gc.disable()  # as in the renderer: what a request makes lives until it is answered
    sys.addaudithook(_forbid)
    while (frame := frames.read(sys.stdin.buffer)) is not None:
        channel.write(_answer(*frame, fonts))
        channel.flush()
        del frame
        if not select([sys.stdin], [], [], REST_SECONDS)[0]:
            gc.collect()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(tuple(Path(name) for name in sys.argv[1:])))
