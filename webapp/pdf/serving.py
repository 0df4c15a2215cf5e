"""What every PDF child does that is asked through a pipe: its limits, its audit hook, its loop.

Imported by the processes only; each says what it answers and what it may open.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from webapp.pdf import frames

FORBIDDEN_EVENTS = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system",
    "os.remove", "os.rename",
)  # fmt: skip
Answer: TypeAlias = Callable[[Mapping[str, Any], bytes], bytes]
"""Head and body of a request → the frame of its answer."""
Hook: TypeAlias = Callable[[str, tuple[Any, ...]], None]


def opens_nothing(event: str, arguments: tuple[Any, ...]) -> None:
    """No connection, no program, no file by name but what Python itself imports."""
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(f"a reader of files may not: {event}")
    named = event == "open" and not isinstance(arguments[0], int)
    if named and not str(arguments[0]).startswith((sys.prefix, sys.base_prefix)):
        raise PermissionError("a reader of files opens nothing by name")


def serve(answer: Answer, hook: Hook, *, memory_bytes: int) -> int:
    """Answers frames until the input ends. Standard output becomes standard error, so that no
    library's print can put the frames out of step; a file that wants more than `memory_bytes` of
    address space is refused by the system."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    sys.addaudithook(hook)
    while (frame := frames.read(sys.stdin.buffer)) is not None:
        channel.write(answer(*frame))
        channel.flush()
    return 0
