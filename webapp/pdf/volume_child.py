"""The process that binds a volume: looks at papers, or makes one PDF of them, then ends.

Runs as `python -m webapp.pdf.volume_child` with a clean environment. The order is one JSON line on
standard input; files come as open descriptors and are named by their numbers. It opens nothing
by name, no connection and no program: an audit hook forbids all three. Answers are JSON lines:
`{"at": n}` on the way, at the end `{"ok": true, …}`.

`look`: {"files": [[fd, how], …], "spool": fd}: for each file a line {"file": i, "pages": n} or
{"file": i, "problem": "encrypted" | "broken" | "too_large"}; pictures become pages of the spool.
`bind`: {"parts": [{"fd", "how", "first", "count", "numbered"}], "numbers": fd, "out": fd,
"marks": [[level, title, page]], "title", "created"}.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf, Rectangle, String
from PIL import Image, UnidentifiedImageError

from webapp.pdf.peak import peak_kib
from webapp.pdf.serving import opens_nothing
from webapp.pdf.spool import A4_PT, FOOT_PT, MARGIN_PT, Spool

MOST_PAGES = 3000
"""Of one file."""
MOST_BYTES = 2**30
"""Address space: a file that wants more is refused by the system, not the machine brought down."""
MOST_SECONDS = 240
NEAR_PT = 3.0
"""A page that misses A4 by less counts as A4."""
NUMBER_PT = (113.386, 22.677)
"""Size of one page of the number sheet: 40 × 8 mm."""
EDGE_PT, BELOW_PT = 34.0, 22.0
"""Of the number from the outer edge and from the foot: 12 and 8 mm."""
_BROKEN = (
    pikepdf.PdfError, UnidentifiedImageError, OSError, SyntaxError, MemoryError, RuntimeError,
    TypeError, KeyError, AttributeError,
)  # fmt: skip
"""What the libraries raise for files that are not what they seem."""
LEFT_OUT = ("/AA", "/Annots", "/StructParents", "/Tabs", "/AF", "/B", "/PieceInfo", "/Thumb")
"""Of a page: what acts, or points to parts of its old file."""


def say(**words: Any) -> None:
    """One line to whoever started this process."""
    sys.__stdout__.write(json.dumps(words) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def opened(fd: int) -> BinaryIO:
    """A given file from its beginning; stays open when the object goes."""
    file = open(fd, "r+b" if fd in _written else "rb", closefd=False)  # noqa: SIM115
    file.seek(0)
    return file


_written: set[int] = set()
"""Descriptors that may be written: the spool and the volume."""


def look(order: Mapping[str, Any]) -> None:
    """What each file is, and pictures as pages."""
    _written.add(order["spool"])
    spool = Spool(opened(order["spool"]))
    for number, (fd, how) in enumerate(order["files"]):
        say(at=number)
        try:
            pages = _picture(spool, fd) if how == "picture" else _pages(fd)
        except pikepdf.PasswordError:
            say(file=number, problem="encrypted")
        except (ValueError, Image.DecompressionBombError):
            say(file=number, problem="too_large")
        except _BROKEN:
            say(file=number, problem="broken")
        else:
            say(file=number, pages=pages)
    spool.end()
    say(ok=True, spooled=spool.pages)


def _picture(spool: Spool, fd: int) -> int:
    spool.add(opened(fd))
    return 1


def _pages(fd: int) -> int:
    with Pdf.open(opened(fd)) as pdf:
        pages = len(pdf.pages)
        if pages > MOST_PAGES:
            raise ValueError("too many pages")
        for page in pdf.pages:
            page.as_form_xobject()
    if not pages:
        raise pikepdf.PdfError("no pages")
    return pages


def bind(order: Mapping[str, Any]) -> None:
    """All parts as one PDF in `out`. Sources stay open until it is written: what they hold is
    read only then, stream by stream."""
    _written.add(order["out"])
    sources = {part["fd"]: _flat(part["fd"]) for part in order["parts"]}
    numbers = Pdf.open(opened(order["numbers"])) if order["numbers"] is not None else None
    volume = Pdf.new()
    number = front = 0
    for part in order["parts"]:
        pages = sources[part["fd"]].pages
        count = len(pages) if part["count"] < 0 else part["count"]
        for index in range(part["first"], part["first"] + count):
            page = _taken(volume, pages[index], part["how"])
            if part["numbered"] and numbers is not None:
                _stamp(page, numbers.pages[number], number + 1)
                number += 1
            elif not number:
                front += 1
        say(at=len(volume.pages))
    _describe(volume, order, front)
    _mark(volume, order["marks"])
    out = opened(order["out"])
    volume.save(
        out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True,
        fix_metadata_version=False,
    )  # fmt: skip
    out.flush()
    say(ok=True, pages=len(volume.pages), peak_kib=peak_kib())


def _flat(fd: int) -> Pdf:
    """A source whose notes and seals are part of its pages: what acts is left out, what shows
    stays."""
    pdf = Pdf.open(opened(fd))
    if any("/Annots" in page.obj for page in pdf.pages):
        pdf.flatten_annotations()
    return pdf


def _taken(volume: Pdf, page: Page, how: str) -> Page:
    """The page at the end of the volume: ours as it is, another's laid on A4."""
    if how == "fit":
        return _fitted(volume, page)
    volume.pages.append(page)
    taken = volume.pages[-1]
    for key in LEFT_OUT:
        if key in taken.obj:
            del taken.obj[key]
    return taken


def _fitted(volume: Pdf, page: Page) -> Page:
    """A scan on a sheet of A4 the way it is looked at, turned pages too."""
    width, height = _shown_size(page)
    sheet = A4_PT if height >= width else A4_PT[::-1]
    taken = volume.add_blank_page(page_size=sheet)
    is_a4 = abs(width - sheet[0]) < NEAR_PT and abs(height - sheet[1]) < NEAR_PT
    room = (
        Rectangle(0, 0, *sheet)
        if is_a4
        else Rectangle(MARGIN_PT, FOOT_PT, sheet[0] - MARGIN_PT, sheet[1] - MARGIN_PT)
    )
    taken.add_overlay(page, room)
    return taken


def _shown_size(page: Page) -> tuple[float, float]:
    box = [float(one) for one in page.trimbox]
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    return (height, width) if turned else (width, height)


def _stamp(page: Page, number: Page, n: int) -> None:
    """The number at the outer foot: right on a recto, left on its back. One on a whole sheet lies
    over the whole page."""
    box = [float(one) for one in page.mediabox]
    if float(number.mediabox[2]) > NUMBER_PT[0] * 2:
        page.add_overlay(number, Rectangle(*box))
        return
    left = box[2] - EDGE_PT - NUMBER_PT[0] if n % 2 else box[0] + EDGE_PT
    bottom = box[1] + BELOW_PT
    page.add_overlay(number, Rectangle(left, bottom, left + NUMBER_PT[0], bottom + NUMBER_PT[1]))


def _describe(volume: Pdf, order: Mapping[str, Any], front: int) -> None:
    volume.docinfo["/Title"] = String(order["title"])
    volume.docinfo["/Producer"] = String("Fengqiao")
    volume.docinfo["/CreationDate"] = String(order["created"])
    volume.Root.Lang = String("zh-CN")
    volume.Root.PageMode = Name.UseOutlines
    volume.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    labels = [0, Dictionary(P=String("封")), front, Dictionary(S=Name.D)]
    volume.Root.PageLabels = Dictionary(Nums=Array(labels if front else labels[2:]))


def _mark(volume: Pdf, marks: Any) -> None:
    """Bookmarks: a line of the list, and its papers below it."""
    with volume.open_outline() as outline:
        for level, title, page in marks:
            item = OutlineItem(title, page, "Fit")
            if level and outline.root:
                outline.root[-1].is_closed = True
                outline.root[-1].children.append(item)
            else:
                outline.root.append(item)


def _warm_up() -> None:
    """Whatever is imported at first use is imported now."""
    pillow_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # the spool counts for itself
    kept = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page().add_overlay(pdf.add_blank_page())
        pdf.save(kept)
    with Pdf.open(kept) as again:
        again.open_outline()


def main() -> int:
    """Does one order."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    _warm_up()
    sys.addaudithook(opens_nothing)
    order = json.loads(sys.stdin.buffer.readline())
    {"look": look, "bind": bind}[order["do"]](order)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
