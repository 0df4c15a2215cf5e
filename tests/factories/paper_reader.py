"""A finished paper read back: glyphs with their places, and what is wrong with how it lies."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass
from html.parser import HTMLParser

import pypdfium2
from pypdfium2 import raw

MM = 72 / 25.4
RUNNING = (28 * MM, 26 * MM, 37 * MM, 35 * MM)
FORM = (25 * MM, 22 * MM, 30 * MM, 30 * MM)
"""Left, right, top, bottom margins of running text (GB/T 9704-2012, 5.2) and of ruled forms."""
LINE, BODY_SIZE = 28.9, 16.0
"""Points from line to line and of a character in running text (GB/T 9704-2012, 6)."""
SLACK = 3.0
"""Points by which the ink of a glyph may leave its line; half a closing mark hangs at its end."""
BLOCKS = frozenset({"p", "h1", "h2", "th", "td", "div"})
HOLES = re.compile(r"null|None|\{\{|\}\}|\{%|（）")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its ink box and baseline in points from the top left, and its size."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The glyphs of a page in the order of the text layer."""

    height: float
    width: float
    glyphs: tuple[Glyph, ...]

    def inside(self, margins: tuple[float, float, float, float]) -> list[Glyph]:
        """Those between the upper and the lower margin: the text without head and foot."""
        _, _, top, bottom = margins
        last = self.height - bottom
        return [one for one in self.glyphs if top < one.baseline < last + SLACK]


@dataclass(frozen=True, slots=True)
class Passage:
    """Text of a block without spaces; `kind`: `h1`, `h2`, `seal`, `frame` or nothing."""

    kind: str
    text: str


def read_sheets(pdf: bytes) -> list[Sheet]:
    """All pages of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_sheet(page) for page in document]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    layer = page.get_textpage()
    return Sheet(height, width, tuple(_glyphs(layer, height)))


def _glyphs(layer: pypdfium2.PdfTextPage, height: float) -> Iterator[Glyph]:
    x, y = c_double(), c_double()
    high = 0
    for index in range(layer.count_chars()):
        code = raw.FPDFText_GetUnicode(layer.raw, index)
        if code <= 32 or code == 0x3000 or raw.FPDFText_IsGenerated(layer.raw, index) == 1:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:  # the second half of a character of a further plane
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        left, bottom, right, top = layer.get_charbox(index)
        raw.FPDFText_GetCharOrigin(layer.raw, index, x, y)
        size = round(raw.FPDFText_GetFontSize(layer.raw, index) * 0.75, 1)  # from CSS pixels
        place = (left, height - top, right, height - bottom, height - y.value)
        yield Glyph(chr(code), *place, size)


class _Passages(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = [("", [])]
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "img", "col", "meta"):
            self._open.append((tag, dict(attrs).get("class") or ""))
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        self._block(tag)

    def handle_data(self, data: str) -> None:
        if not any(tag in ("style", "title") for tag, _ in self._open):
            self.found[-1][1].append(re.sub(r"\s", "", data))

    def _block(self, tag: str) -> None:
        if tag in BLOCKS:
            self.found.append((self._kind(), []))

    def _kind(self) -> str:
        tags = {tag for tag, _ in self._open}
        if any(classes.startswith(("page-", "draft-")) for _, classes in self._open):
            return "frame"
        seal = any("seal" in classes.split() for _, classes in self._open)
        return "seal" if seal else next((one for one in ("h1", "h2") if one in tags), "")


def passages(html: str) -> list[Passage]:
    """Every block of a composed document that says something, head and foot left out."""
    reader = _Passages()
    reader.feed(html.partition("</head>")[2])
    found = [Passage(kind, "".join(texts)) for kind, texts in reader.found]
    return [one for one in found if one.text and one.kind != "frame"]


def faults(html: str, pdf: bytes) -> list[str]:
    """What is wrong with a paper made from a composed document; nothing is the answer one wants."""
    margins = FORM if 'class="form' in html else RUNNING
    sheets = read_sheets(pdf)
    texts = ["".join(one.text for one in sheet.inside(margins)) for sheet in sheets]
    said = passages(html)
    return [
        *(f"not found: {one.text[:40]}" for one in said if not _is_read(one.text, "".join(texts))),
        *(fault for sheet in sheets for fault in _outside(sheet, margins)),
        *(fault for sheet in sheets for fault in _off_the_grid(sheet, margins)),
        *_badly_broken(texts, said),
    ]


def _is_read(text: str, whole: str) -> bool:
    """Whether a passage stands in the text: in one piece, or in pieces where a page ends inside."""
    text = text.replace("\u3000", "")
    while text and text not in whole:
        length = next((n for n in range(len(text), 0, -1) if text[:n] in whole), 0)
        if length < min(4, len(text)):
            return False
        text = text[length:]
    return True


def _outside(sheet: Sheet, margins: tuple[float, float, float, float]) -> Iterator[str]:
    left, right, top, bottom = margins
    for one in sheet.inside(margins):
        if (
            one.left < left - SLACK
            or one.right > sheet.width - right + SLACK
            or one.top < top - SLACK
            or one.bottom > sheet.height - bottom + SLACK
        ):
            yield f"outside the margins: {one.text} at {one.left:.0f}, {one.baseline:.0f}"


def _off_the_grid(sheet: Sheet, margins: tuple[float, float, float, float]) -> Iterator[str]:
    """Lines of running text that follow each other at another distance than LINE."""
    lines = {round(one.baseline, 1): one.size for one in sheet.inside(margins)}
    ordered = sorted(lines)
    for before, after in itertools.pairwise(ordered):
        running = lines[before] == lines[after] == BODY_SIZE
        if running and abs(after - before - LINE) > 0.2 and after - before < 2 * LINE:
            yield f"off the grid: {after - before:.1f} pt at {after:.0f}"


def _badly_broken(texts: list[str], said: list[Passage]) -> Iterator[str]:
    headings = [one.text for one in said if one.kind in ("h1", "h2")]
    seal = "".join(one.text for one in said if one.kind == "seal").replace("\u3000", "")
    for number, text in enumerate(texts, 1):
        if number < len(texts) and any(text.endswith(one) for one in headings):
            yield f"sheet {number} ends with a heading"
        if not text or (seal and text == seal) or text in headings:
            yield f"sheet {number} holds {text[:20] or 'nothing'} alone"
