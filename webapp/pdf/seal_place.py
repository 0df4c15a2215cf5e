"""Where on a PDF its seal goes, and what its text says; imported by the sealing process only."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2

from webapp.pdf.seal_picture import MM, SIDE_PT
from workflows.documents.verify_code import WRITTEN

MARK, OPENING = "印章）", "（"
"""How texts end and begin the line that says where the seal goes: （印章）,
（人民调解委员会印章） (`.seal > .how` of the printed page)."""
LONGEST_MARK = 24
GAP_MM, LEAST_LEFT_MM = 1, 26
FOOT_MM = (26 + 22, 35 + 22)
"""Without a mark: the middle of the seal from the right and the lower edge of the last page."""
MOST_PAGES = 40
"""Pages whose text is looked through; a code stands on every page of ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page (from 0) and the square in points, origin at the lower left."""

    page: int
    box: tuple[int, int, int, int]


def find_place(pdf: bytes) -> Place:
    """Beside the last mark for a seal in the text, else at the foot of the last page.

    Beside and not over it: what the seal says stays legible, and the wet seal has its room.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document) - 1, -1, -1):
            mark = _last_mark(document[number])
            if mark is not None:
                left, middle = mark
                x = max(left - GAP_MM * MM - SIDE_PT / 2, LEAST_LEFT_MM * MM + SIDE_PT / 2)
                return Place(number, _square(x, middle))
        last = len(document) - 1
        width, _height = document[last].get_size()
        right, up = FOOT_MM
        return Place(last, _square(width - right * MM, up * MM))


def _last_mark(page: pypdfium2.PdfPage) -> tuple[float, float] | None:
    """(left end, middle of the height) of the page's last mark."""
    text = page.get_textpage()
    finder, found = text.search(MARK), None
    while (hit := finder.get_next()) is not None:
        found = hit
    if found is None:
        return None
    end = found[0] + len(MARK)
    start = max(0, end - LONGEST_MARK)
    opened = text.get_text_range(start, end - start).rfind(OPENING)
    _left, low, _right, high = text.get_charbox(end - 1)
    left = text.get_charbox(start + opened if opened >= 0 else found[0])[0]
    return left, (low + high) / 2


def _square(x: float, y: float) -> tuple[int, int, int, int]:
    """A square of the seal's size around a point, in whole points."""
    left, low, side = round(x - SIDE_PT / 2), round(y - SIDE_PT / 2), round(SIDE_PT)
    return left, low, left + side, low + side


def read_codes(pdf: bytes) -> tuple[int, tuple[str, ...]]:
    """(pages, verify codes in the text of the first MOST_PAGES, each once). Raises what pdfium
    raises on a file it cannot open."""
    with pypdfium2.PdfDocument(pdf) as document:
        found: dict[str, None] = {}
        for number in range(min(len(document), MOST_PAGES)):
            text = document[number].get_textpage().get_text_bounded()
            found.update(dict.fromkeys(re.findall(WRITTEN, text)))
        return len(document), tuple(found)
