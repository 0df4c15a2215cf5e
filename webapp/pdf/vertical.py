"""Sheets whose text runs in columns: laid out in lines, then turned over their diagonal.

The layout engine knows lines only. `@page vertical` is as wide as the text area of a sheet is high
and has no margins. Here such a page is put into the text area of an ordinary sheet with x and y
exchanged, so that lines become columns from left to right; head and foot come from that sheet.
Exchanged sides mirror what is drawn: glyphs are mirrored before (Mongolian, figures: they lie along
the column) or set upright one by one (Chinese). Imported by the renderer process only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from weasyprint.document import Page
from weasyprint.draw import draw_page

NAME = "vertical"
FRAME_END = "<!--text-->"
"""Stands between head and foot and the text of a document (`workflows/documents/page.py`)."""
SHEET = '<div style="break-after: page"></div>'
MIDDLE = 0.38
"""Height of the middle of a glyph above its baseline, in em: of a Chinese one exactly (0.88 − 0.5),
of Mongolian ones and figures nearly."""
EM_TOP = 0.88
UPRIGHT = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe10-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
"""Characters that stand upright in a column (Unicode UAX 50)."""
TOKENS = re.compile(r"<([0-9a-f]*)>|([-+.\de]+)")
"""Of the text between brackets before TJ (PDF 32000-1, 9.4.3): glyphs of four digits, shifts."""


def stand_up(document: Any, html: str, lay_out: Callable[[str], Any]) -> None:
    """Replaces the vertical pages of a laid out document by finished sheets; others stay.

    `lay_out` makes a document of HTML the way the given one was made from `html`; it is asked for
    as many empty sheets, so that each head and foot counts its own page.
    """
    if not any(_is_vertical(page) for page in document.pages):
        return
    frame = html.partition(FRAME_END)[0]
    empty = lay_out(frame + SHEET * (len(document.pages) - 1) + "<div></div></body></html>")
    document.pages[:] = [
        _Sheet(page, sheet) if _is_vertical(page) else page
        for page, sheet in zip(document.pages, empty.pages, strict=True)
    ]


def _is_vertical(page: Any) -> bool:
    return bool(page._page_box.page_type.name == NAME)


class _Sheet(Page):  # type: ignore[misc]
    """A sheet's head and foot around a page's text."""

    def __init__(self, page: Any, sheet: Any) -> None:
        super().__init__(sheet._page_box)
        self._frame, self._text = copy(self._page_box), copy(page._page_box)
        self._text.children = self._text.children[:1]
        self._frame.children = self._page_box.children[1:]
        self._page_box = copy(self._page_box)  # what the tags of the PDF are made from
        self._page_box.children = [*self._text.children, *self._frame.children]

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draws both; a point (x, y) of the text comes to (y, x)."""
        box = self._frame
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            draw_page(box, stream)
            stream.transform(0, 1, 1, 0, box.content_box_x(), box.content_box_y())
            with _turned_text(stream):
                draw_page(self._text, stream)


@contextmanager
def _turned_text(stream: Any) -> Iterator[None]:
    """Text drawn inside is mirrored or set upright."""
    turner = _Turner(stream)
    names = ("set_text_matrix", "add_font", "set_font_size", "show_text")
    for name in names:
        setattr(stream, name, getattr(turner, name))
    try:
        yield
    finally:
        for name in names:
            delattr(stream, name)


class _Turner:
    """What WeasyPrint's `draw_text` calls of a stream, with other matrices. It says where a line
    of text begins, then shows glyphs; here is counted where each of them stands."""

    def __init__(self, stream: Any) -> None:
        self._matrix, self._add = stream.set_text_matrix, stream.add_font
        self._font_size, self._show = stream.set_font_size, stream.show_text
        self._fonts: dict[Any, Any] = {}
        self._font: Any = None
        self._size = self._x = self._baseline = 0.0

    def set_text_matrix(self, *values: float) -> None:
        self._x, self._baseline = values[4], values[5]

    def add_font(self, pango_font: Any) -> Any:
        font, size = self._add(pango_font)
        self._fonts[font.hash] = font
        return font, size

    def set_font_size(self, name: Any, size: float) -> None:
        self._font, self._size = self._fonts[name], size
        self._font_size(name, size)

    def show_text(self, text: str) -> None:
        lying: list[str] = []
        start = self._x
        for glyphs, shift in TOKENS.findall(text):
            if shift:
                lying.append(shift)
                self._x -= float(shift) * self._size / 1000
            for glyph in re.findall("....", glyphs):
                if UPRIGHT.match(self._font.to_unicode.get(int(glyph, 16), "")):
                    self._lay(lying, start)
                    self._set_up(glyph)
                    lying, start = [], self._x
                else:
                    lying.append(f"<{glyph}>")
                    self._x += self._width(glyph)
        self._lay(lying, start)

    def _width(self, glyph: str) -> float:
        return float(self._font.widths[int(glyph, 16)]) * self._size / 1000

    def _lay(self, glyphs: list[str], x: float) -> None:
        if any(glyph.startswith("<") for glyph in glyphs):
            self._matrix(1, 0, 0, 1, x, self._baseline - 2 * MIDDLE * self._size)
            self._show("".join(glyphs))

    def _set_up(self, glyph: str) -> None:
        """One glyph upright: its own x runs across the column, its height along it."""
        across = self._baseline - (MIDDLE + 0.5) * self._size
        self._matrix(0, 1, -1, 0, self._x + EM_TOP * self._size, across)
        self._show(f"<{glyph}>")
        self._x += self._width(glyph)
