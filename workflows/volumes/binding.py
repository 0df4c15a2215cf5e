"""The port behind which papers become one PDF; `webapp/pdf/binder.py` stands there.

Binding takes seconds and a process of its own: never call it inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from workflows.errors import FengqiaoError

KEEP, FIT = "keep", "fit"
PDF, PICTURE = "pdf", "picture"


class BindError(FengqiaoError):
    """No volume could be made; the old one stands and asking again is safe.

    Codes: `volumes.bind_timeout`, `volumes.bind_failed`.
    """


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is. `pages`: 0 where `problem` (encrypted | broken | too_large) says why it
    cannot be bound."""

    pages: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that follow one another. `source`: number of a file that was looked at, or a PDF of
    our own; `numbered`: whether its pages carry the volume's numbers."""

    source: int | bytes
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A bookmark. `level`: 0 a line, 1 a paper; `page`: counted from 0 over all pages."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """The volume to be bound. `numbers`: a PDF whose n-th page carries the number n."""

    title: str
    created: datetime
    parts: Sequence[Part]
    marks: Sequence[Mark]
    numbers: bytes | None


@dataclass(frozen=True, slots=True)
class Bound:
    """The finished volume, to be read from its beginning. `peak_bytes`: the most memory the
    binder held."""

    content: BinaryIO
    pages: int
    peak_bytes: int


class Binding(Protocol):
    """One volume in the making; its temporary files end with the block it was opened in."""

    def look(self, files: Sequence[tuple[BinaryIO, str, bool] | None]) -> tuple[Found, ...]:
        """What each file is, in their order; None is broken. A file: its content, PDF or PICTURE,
        whether it is one of our own documents. Called once. Raises BindError."""
        ...

    def bind(self, wanted: Wanted, told: Callable[[int], None]) -> Bound:
        """The volume. `told` hears how many pages are bound so far. Raises BindError."""
        ...


class Binder(Protocol):
    """Makes volumes."""

    def open(self) -> AbstractContextManager[Binding]:
        """Begins one."""
        ...
