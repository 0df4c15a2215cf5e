"""Signatures given on a screen as drawing operators at their places; for the sealing process only.

A text marks a place with an element whose id begins with `sign-`; WeasyPrint makes a named
destination of it. The strokes are lines, not a picture: sharp at any size and a few KiB.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from webapp.pdf.seal_picture import MM
from workflows.cases.strokes import curves
from workflows.sealing.signing import Drawing

WIDE_PT, HIGH_PT = 36 * MM, 14 * MM
"""The room of one signature, to the right of its place and around the middle of its line."""
PEN_PT = 1.1
INK = b"0.05 0.10 0.28"
LINE_PT = 21
"""Height of the line a place stands in: body text of `print.css`."""


def draw_all(pdf: bytes, drawings: Sequence[Drawing]) -> Iterator[tuple[int, bytes]]:
    """(page from 0, operators) for each drawing. Raises LookupError where a place is missing."""
    if not drawings:
        return
    with pypdfium2.PdfDocument(pdf) as document:
        places = [find_named(document, one.place) for one in drawings]
    for one, (page, x, y) in zip(drawings, places, strict=True):
        yield page, _draw(one, x, y - LINE_PT / 2)


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
