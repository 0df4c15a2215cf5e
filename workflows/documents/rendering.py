"""The port through which this room gets its PDFs; `webapp/pdf` stands behind it.

Rendering takes a tenth of a second and a process of its own: never call it inside a
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workflows.errors import FengqiaoError

RETRY_CODES = frozenset(
    {"documents.render_busy", "documents.render_timeout", "documents.render_crashed"}
)
"""Failures that may be gone in a moment."""


class RenderError(FengqiaoError):
    """No PDF could be made; nothing was stored and asking again is safe.

    Codes: `documents.render_timeout`, `documents.render_crashed`, `documents.render_busy` (try
    again), `documents.render_refused` (the template asks for something outside),
    `documents.render_failed`, `documents.fonts_missing` (the installation is incomplete).
    """


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF (PDF/A-3), e.g. the facts the text was made from."""

    name: str
    media_type: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF. `missing`: characters no font could draw, each once; `warnings`: what the
    layout engine did not understand, for the people who write templates."""

    pdf: bytes
    pages: int
    missing: str = ""
    warnings: tuple[str, ...] = ()


class Renderer(Protocol):
    """HTML → PDF/A-3u. The same arguments give the same bytes."""

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
        """`created` (aware) becomes the PDF's dates. Raises RenderError."""
        ...
