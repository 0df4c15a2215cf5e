"""The port through which this room has PDFs sealed and checked (`webapp/pdf/sealer.py`).

Another signer (PKCS#11, a remote service, SM2) is another implementation: docs/sealing.md says what
it must do. Signing takes a tenth of a second and a process of its own: never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workflows.errors import FengqiaoError


class SealingError(FengqiaoError):
    """No seal was made or checked; nothing was stored and asking again is safe.

    Codes: `sealing.signer_busy`, `sealing.signer_away` (try again), `sealing.signer_failed`.
    """


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """What one seal is made with: DER throughout, private keys PKCS#8 and open. It goes through a
    pipe to the signer's process and nowhere else."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...]
    timestamp_certificate: bytes
    timestamp_key: bytes


@dataclass(frozen=True, slots=True)
class SealPicture:
    """What is drawn: the unit's name around, the word below, the beginning of the digest of the
    bytes the seal was put on."""

    unit_name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn at a named place of the PDF: a signature given on a screen, `lines` with the
    points of each stroke in a box of `width` x `height` units, y downwards; or a short `text`, the
    day, which nobody knew when the paper was laid out. A text without its place is left out."""

    place: str
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    width: float = 0
    height: float = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What one signature of a PDF says. `serial`: hex, of the signer's certificate, "" where it
    could not be read."""

    serial: str
    signer: str
    intact: bool
    """The bytes it covers are those that were signed, and signature and time stamp hold."""
    ours: bool
    """Signer and time stamp lead to a given root."""
    covers_all: bool
    """Nothing was added after it."""
    revoked: bool
    """Its certificate stands on a given list."""
    moment: datetime | None
    """In the time stamp."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file. `problem`: None, or `not_pdf` | `broken` | `encrypted` | `slow`;
    then nothing else is known. `codes`: verify codes printed in the text, each once."""

    signatures: tuple[Signature, ...] = ()
    pages: int | None = None
    codes: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def holds(self) -> bool:
        """Exactly one signature, ours, over the whole file, and nothing about it is wrong."""
        return self.problem is None and [
            (one.intact, one.ours, one.covers_all) for one in self.signatures
        ] == [(True, True, True)]


class Signer(Protocol):
    """Seals and checks PDFs."""

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
        """`pdf` with the drawings and a PAdES B-T signature over both as one incremental update;
        its first bytes are `pdf`. Raises SealingError, also where a signature has no place."""
        ...

    def check(self, pdf: bytes, roots: Sequence[bytes], lists: Sequence[bytes]) -> Report:
        """What the signatures of any file say. Raises SealingError only where nobody could look."""
        ...
