"""The port behind which files become pages; `webapp/pdf/scans.py` stands there.

Reading a page takes a third of a second and a process of its own: never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from workflows.errors import FengqiaoError

PDF, PICTURE = "pdf", "picture"


class ReadError(FengqiaoError):
    """A file that cannot be read as pages; its original stays.

    Codes: `scans.encrypted`, `scans.broken`, `scans.too_much` (pages or pixels), `scans.too_long`
    (it took too much time).
    """


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page upright. `jpeg`: at most 300 KB; `codes`: texts of the QR codes on it."""

    jpeg: bytes
    codes: tuple[str, ...]


class OpenScan(Protocol):
    """A file that is open."""

    pages: int

    def page(self, number: int) -> ReadPage:
        """A page, counted from 0. Raises ReadError."""
        ...


class Reader(Protocol):
    """Reads what people scanned."""

    def open(self, content: bytes, how: str) -> AbstractContextManager[OpenScan]:
        """A file, PDF or PICTURE. Raises ReadError."""
        ...

    def bind(self, jpegs: Sequence[bytes]) -> bytes:
        """One PDF, a page each. Raises ReadError."""
        ...
