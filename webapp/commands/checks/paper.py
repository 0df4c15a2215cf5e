"""What documents need: fonts, and the system's layout libraries.

The renderer process is asked, because only it may load the layout engine.
"""

from __future__ import annotations

import ctypes
from datetime import UTC, datetime

from webapp.commands.checks.result import BAD, OK, WARN, Findings, Patient, told
from webapp.pdf.fonts import font_folders
from webapp.pdf.renderer import RendererPool, RendererSettings
from workflows.documents.rendering import RenderError

SAMPLE = "<p>人民调解协议书</p>"
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
SUBSETTER = "libharfbuzz-subset.so.0"
"""Without it WeasyPrint cuts fonts in Python: 2.5 s a document instead of 0.1."""
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}


def check_fonts(patient: Patient) -> Findings:
    """The packaged fonts are there; says how many of its own the office has."""
    own = patient.settings.data / "fonts"
    try:
        font_folders(RendererSettings().packages, own)
    except RenderError:
        yield BAD, told("no_fonts")
        return
    count = sum(path.suffix.lower() in FONT_SUFFIXES for path in own.glob("*"))
    yield OK, told("own_fonts" if count else "fonts", path=own, count=count)


def check_renderer(patient: Patient) -> Findings:
    """One page is laid out in the renderer process."""
    # Without the installation's font cache: this process may run as another user.
    renderer = RendererPool(RendererSettings(fonts=patient.settings.data / "fonts"))
    try:
        made = renderer.render(SAMPLE, title="doctor", created=FIRST_DAY)
    except RenderError as error:
        if error.message.code != "documents.fonts_missing":  # said by check_fonts
            why = error.message.params.get("detail", error.message.code)
            yield BAD, told("no_renderer", why=why, packages=PACKAGES)
        return
    finally:
        renderer.close()
    yield (WARN, told("glyphs")) if made.missing else (OK, told("renderer"))
    if not _can_load(SUBSETTER):
        yield WARN, told("slow_fonts", packages="libharfbuzz-subset0")


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
