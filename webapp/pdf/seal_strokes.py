"""Signatures given on a screen as drawing operators at their places; for the sealing process only.

A text marks a place with a block whose id begins with `sign-`; WeasyPrint makes a named
destination of it. The strokes are lines, not a picture: sharp at any size and a few KiB.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from webapp.pdf.seal_picture import MM, Letters, level_line
from workflows.cases.strokes import curves
from workflows.sealing.signing import Drawing

WIDE_PT, HIGH_PT = 36 * MM, 14 * MM
LEFT_PT, DOWN_PT = 40 * MM, 4 * MM
"""The room of one signature, and where it begins and has its middle, from the upper left corner
of its place: right of a name, over the line below it (`.sign` of `print.css`)."""
TEXT_MM, TEXT_DOWN_PT = 16 / MM, 20
BLOCK_PT = 84 * MM
"""Size of a text and its base line below the block's edge; how wide the block is (`.seal`)."""
PEN_PT = 1.1
INK = b"0.05 0.10 0.28"


def draw_all(
    pdf: bytes, drawings: Sequence[Drawing], drawn: Letters
) -> Mapping[int, tuple[bytes, bytes]]:
    """Page from 0 → operators before and after what it holds: a page of WeasyPrint's leaves its
    axis upside down. Raises LookupError where the place of a signature is missing."""
    if not drawings:
        return {}
    made: dict[int, bytes] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for one in drawings:
            try:
                page, x, y = find_named(document, one.place)
            except LookupError:
                if one.text:
                    continue
                raise
            made[page] = made.get(page, b"") + (
                _write(one, x, y, drawn) if one.text else _draw(one, x + LEFT_PT, y - DOWN_PT)
            )
    return {page: (b"q\n", b"Q\n" + operators) for page, operators in made.items()}


def find_named(document: pypdfium2.PdfDocument, name: str) -> tuple[int, float, float]:
    """(page, x, y) of a named destination, points from the lower left."""
    found = pdfium.FPDF_GetNamedDestByName(document, name.encode())
    if not found:
        raise LookupError(name)
    page = pdfium.FPDFDest_GetDestPageIndex(document, found)
    has = [ctypes.c_int() for _ in range(3)]
    at = [ctypes.c_float() for _ in range(3)]
    told = pdfium.FPDFDest_GetLocationInPage(found, *has, *at)
    if page < 0 or not told or not (has[0].value and has[1].value):
        raise LookupError(name)
    return page, at[0].value, at[1].value


def _write(one: Drawing, left: float, top: float, drawn: Letters) -> bytes:
    """A text in the middle of the block it stands in, on the block's first line."""
    line = level_line(drawn, one.text, size_mm=TEXT_MM, y_mm=0)
    at = b"1 0 0 1 %.2f %.2f cm" % (left + BLOCK_PT / 2, top - TEXT_DOWN_PT)
    return b"/Artifact BMC q 0 g %s\n%s\nQ EMC\n" % (at, line)


def _draw(one: Drawing, left: float, middle: float) -> bytes:
    """The strokes as an artifact: they are seen, and read aloud by nothing."""
    scale = min(WIDE_PT / max(one.width, 1), HIGH_PT / max(one.height, 1))
    low = middle - one.height * scale / 2
    parts = [
        b"/Artifact BMC q %s RG %.2f w 1 J 1 j" % (INK, PEN_PT / scale),
        b"%.5f 0 0 %.5f %.2f %.2f cm" % (scale, scale, left, low),
    ]
    for start, pieces in curves(one.lines):
        parts.append(_point(one, start) + b" m")
        parts += [b" ".join(_point(one, point) for point in piece) + b" c" for piece in pieces]
        parts.append(b"S")
    return b"\n".join((*parts, b"Q EMC\n"))


def _point(one: Drawing, point: Sequence[float]) -> bytes:
    return b"%.1f %.1f" % (point[0], one.height - point[1])
