"""PDFs and files as HTTP answers, and the one renderer pool of the app. Used by pages and API."""

from __future__ import annotations

import atexit
from threading import Lock
from typing import BinaryIO

from flask import Response, current_app, send_file

from webapp.pdf.coverage import Coverage
from webapp.pdf.fonts import font_folders
from webapp.pdf.renderer import RendererPool, RendererSettings
from webapp.settings import Settings
from workflows.documents.rendering import Renderer

EXTENSION = "fengqiao.renderer"
COVERAGE = "fengqiao.coverage"
_making = Lock()
INLINE_TYPES = frozenset({"image/jpeg", "image/png"})
"""Uploads a browser may show in place. Everything else is saved: an uploaded PDF or SVG may carry
a script, and a saved file does not run as ours."""

PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
"""For our own PDFs: what a browser's built-in viewer needs around them."""

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what people uploaded: nothing in it may run."""


def build_renderer(settings: Settings) -> RendererPool:
    """The pool of an installation; its processes start with the first document."""
    return RendererPool(
        RendererSettings(fonts=settings.data / "fonts", cache=settings.data / "cache" / "fonts")
    )


def renderer() -> Renderer:
    """The renderer of this app: the one it was given as an extension, else a pool of its own,
    which ends with the process."""
    found: Renderer | None = current_app.extensions.get(EXTENSION)
    if found is None:
        with _making:
            found = current_app.extensions.get(EXTENSION)
            if found is None:
                pool = build_renderer(current_app.extensions["fengqiao.settings"])
                atexit.register(pool.close)
                found = current_app.extensions[EXTENSION] = pool
    return found


def lettering() -> Coverage:
    """What the fonts of this installation draw; read once."""
    known: Coverage | None = current_app.extensions.get(COVERAGE)
    if known is None:
        settings: Settings = current_app.extensions["fengqiao.settings"]
        known = current_app.extensions[COVERAGE] = Coverage(
            font_folders(RendererSettings().packages, settings.data / "fonts")
        )
    return known


def pdf_answer(content: BinaryIO, name: str) -> Response:
    """A PDF shown in the browser; `name` is what a saved copy is called."""
    answer = send_file(content, mimetype="application/pdf", download_name=name, max_age=None)
    answer.headers["Content-Security-Policy"] = PDF_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def file_answer(content: BinaryIO, name: str, media_type: str) -> Response:
    """An uploaded file: pictures in place, everything else as a download."""
    answer = send_file(
        content,
        mimetype=media_type,
        download_name=name,
        as_attachment=media_type not in INLINE_TYPES,
        max_age=None,
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
