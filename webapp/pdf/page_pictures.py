"""Pages of a PDF as pictures: browsers differ in showing a PDF inside a page, phones do not at all.

PDFium (pypdfium2) does it in a hundredth of a second a page and is loaded with the first picture.
It is not safe for threads, so one draws at a time.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from threading import Lock

_drawing = Lock()
POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PagePictures:
    """The first pages as `data:` addresses of PNGs; `total`: pages of the PDF."""

    pages: tuple[str, ...]
    total: int


def draw_pages(pdf: bytes, *, most: int, dots_per_inch: int = 110) -> PagePictures:
    """The first `most` pages of a PDF of our own making, in grey, as a printer makes them."""
    import pypdfium2  # three megabytes of code that only the studio needs

    with _drawing, pypdfium2.PdfDocument(pdf) as document:
        total = len(document)
        scale = dots_per_inch / POINTS_PER_INCH
        pages = []
        for number in range(min(total, most)):
            picture = document[number].render(scale=scale, grayscale=True).to_pil()
            out = io.BytesIO()
            picture.save(out, "PNG")
            pages.append("data:image/png;base64," + base64.b64encode(out.getvalue()).decode())
    return PagePictures(tuple(pages), total)


def draw_page(pdf: bytes, number: int, *, dots_per_inch: int = 120) -> bytes | None:
    """Page `number` (from 1) of a PDF of our own making as a PNG in grey; None where it has no
    such page."""
    import pypdfium2

    with _drawing, pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= number <= len(document):
            return None
        picture = document[number - 1].render(scale=dots_per_inch / POINTS_PER_INCH, grayscale=True)
        out = io.BytesIO()
        picture.to_pil().save(out, "PNG")
    return out.getvalue()
