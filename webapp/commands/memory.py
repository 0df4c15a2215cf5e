"""Gives memory back that a long-lived process needed only to start (glibc; elsewhere nothing)."""

from __future__ import annotations

import contextlib
import ctypes
import gc

M_ARENA_MAX = -8
"""`mallopt` parameter: how many heaps the threads of a process have between them."""
ARENAS = 1


def share_heaps() -> None:
    """Threads share one heap instead of having one each: the interpreter lets one work at a time.
    Call before there are threads."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def settle() -> None:
    """What is loaded now stays: the collector need not look at it again, and what loading left
    over goes back to the system."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
