"""The process that reads what people scanned: pages upright, and the QR codes on them.

Runs as `python -m webapp.pdf.scan_child`; it decodes what anybody uploads and never opens a socket,
a program or a file by name. Requests, one frame each:

`open`: {"do", "how": "pdf" | "picture"} with the file as body → {"ok", "pages"}; the file stays
open until the next one.
`page`: {"do", "page": from 0} → {"ok", "codes", "width", "height", "peak_kib"} with the page as a
JPEG of at most MOST_JPEG bytes, turned by the code's corners.
`bind`: {"do", "sizes": [...]} with JPEGs one after another as body → {"ok"} with one PDF.

What is no file of the kind answers {"ok": false, "kind": "encrypted" | "broken" | "too_large"}.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Protocol

import pillow_heif
import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

from webapp.pdf import frames
from webapp.pdf.peak import peak_kib
from webapp.pdf.serving import opens_nothing, serve
from webapp.pdf.spool import Spool

MOST_PIXELS = 80_000_000
"""Of one picture: more than any phone takes; a bomb says billions."""
MOST_PAGES = 100
"""Of one PDF: so many are read within the time an order is lent to a worker."""
MOST_MEMORY = 1536 * 2**20
"""Address space."""
LOOK_SIDE = 3600
"""Long side in pixels of what codes are looked for in: three dots a module on half a page."""
DOTS_PER_INCH = 200
A4_LONG_INCHES, POINTS_PER_INCH = 11.69, 72
KEEP_SIDE = round(A4_LONG_INCHES * DOTS_PER_INCH)
"""Long side in pixels of what is kept."""
MOST_JPEG = 300_000
QUALITIES = (75, 60, 45, 30)
SMALLER = 0.8
MOST_CODES, LONGEST_CODE = 8, 400
STRAIGHT_DEGREES = 0.6
"""Tilt that nobody sees, and no more than a small code's corners may be wrong by."""


class Opened(Protocol):
    """A file whose pages can be drawn."""

    pages: int

    def draw(self, _number: int, /) -> Image.Image:
        """A page, counted from 0."""
        ...


class OpenPdf:
    """A PDF held in memory."""

    def __init__(self, content: bytes) -> None:
        self._document = pypdfium2.PdfDocument(content)
        self.pages = len(self._document)
        if self.pages > MOST_PAGES:
            raise ValueError("too many pages")

    def draw(self, number: int, /) -> Image.Image:
        page = self._document[number]
        width, height = page.get_size()
        scale = min(LOOK_SIDE / max(width, height), 2 * DOTS_PER_INCH / POINTS_PER_INCH)
        picture: Image.Image = page.render(scale=scale).to_pil()
        return picture.convert("RGB")


class OpenPicture:
    """A photo: a file of one page."""

    pages = 1

    def __init__(self, content: bytes) -> None:
        self._content = content
        with self._open() as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            picture.draft("RGB", (LOOK_SIDE, LOOK_SIDE))
            picture.load()

    def _open(self) -> Image.Image:
        return Image.open(BytesIO(self._content), formats=("JPEG", "PNG", "WEBP", "HEIF"))

    def draw(self, _number: int, /) -> Image.Image:
        with self._open() as picture:
            picture.draft("RGB", (LOOK_SIDE, LOOK_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LOOK_SIDE, LOOK_SIDE))
            return _on_paper(upright)


def _on_paper(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    above = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")


class Desk:
    """The one file that is open, and what is done with it."""

    def __init__(self) -> None:
        self._file: Opened | None = None

    def answer(self, request: Mapping[str, Any], body: bytes) -> bytes:
        """One frame for one request, whatever the file is."""
        try:
            return self._do(request, body)
        except pypdfium2.PdfiumError as error:
            return _refused("encrypted" if "password" in str(error).lower() else "broken")
        except (ValueError, Image.DecompressionBombError, MemoryError):
            return _refused("too_large")
        except Exception:
            # Decoders raise whatever they like for what is none of their kind.
            return _refused("broken")

    def _do(self, request: Mapping[str, Any], body: bytes) -> bytes:
        if request["do"] == "bind":
            return frames.pack({"ok": True}, bound(body, request["sizes"]))
        if request["do"] == "open":
            self._file = None
            self._file = OpenPdf(body) if request["how"] == "pdf" else OpenPicture(body)
            return frames.pack({"ok": True, "pages": self._file.pages})
        assert self._file is not None
        picture = self._file.draw(request["page"])
        codes = look(picture)
        picture.thumbnail((KEEP_SIDE, KEEP_SIDE))
        upright = turned(picture, codes)
        jpeg, width, height = kept(upright)
        head = {
            "ok": True,
            "codes": list(dict.fromkeys(one.text[:LONGEST_CODE] for one in codes)),
            "width": width,
            "height": height,
            "peak_kib": peak_kib(),
        }
        return frames.pack(head, jpeg)


def _refused(kind: str) -> bytes:
    return frames.pack({"ok": False, "kind": kind})


def look(picture: Image.Image) -> Sequence[zxingcpp.Barcode]:
    """The QR codes on a page; where there seem to be none, looked for once more in each corner at
    twice the size: a small code on a poor photo."""
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    for attempt in _attempts(grey):
        found = [
            code
            for code in zxingcpp.read_barcodes(attempt, formats=zxingcpp.BarcodeFormat.QRCode)
            if code.valid and code.text
        ]
        if found:
            return found[:MOST_CODES]
    return ()


def _attempts(grey: Image.Image) -> Iterator[Image.Image]:
    yield grey
    half = (grey.width * 5 // 9, grey.height * 5 // 9)
    for left in (0, grey.width - half[0]):
        for top in (0, grey.height - half[1]):
            part = grey.crop((left, top, left + half[0], top + half[1]))
            yield ImageOps.autocontrast(part.resize((half[0] * 2, half[1] * 2)), cutoff=2)


def turned(picture: Image.Image, codes: Sequence[zxingcpp.Barcode]) -> Image.Image:
    """The page as its code stands upright; as it is without one, or with several that disagree."""
    angles = [_angle(code.position) for code in codes]
    if not angles or any(abs(_between(angle, angles[0])) > 5 for angle in angles):
        return picture
    angle = angles[0]
    quarter = round(angle / 90) * 90
    if quarter % 360:
        picture = picture.rotate(quarter, expand=True)
    if abs(angle - quarter) > STRAIGHT_DEGREES:
        tilt = angle - quarter
        picture = picture.rotate(
            tilt, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255)
        )
    return picture


def _angle(corners: zxingcpp.Position) -> float:
    """Degrees by which the code's upper and lower edge are turned clockwise."""
    x = (corners.top_right.x - corners.top_left.x) + (
        corners.bottom_right.x - corners.bottom_left.x
    )
    y = (corners.top_right.y - corners.top_left.y) + (
        corners.bottom_right.y - corners.bottom_left.y
    )
    return math.degrees(math.atan2(y, x))


def _between(one: float, other: float) -> float:
    return (one - other + 180) % 360 - 180


def kept(picture: Image.Image) -> tuple[bytes, int, int]:
    """(JPEG of at most MOST_JPEG bytes, width, height); in colour, because prints of fingers and
    seals are red."""
    while True:
        for quality in QUALITIES:
            out = BytesIO()
            picture.save(out, "JPEG", quality=quality)
            if out.tell() <= MOST_JPEG:
                return out.getvalue(), picture.width, picture.height
        picture = picture.resize((int(picture.width * SMALLER), int(picture.height * SMALLER)))


def bound(body: bytes, sizes: Sequence[int]) -> bytes:
    """One PDF of the JPEGs in `body`, each on a whole sheet."""
    out = BytesIO()
    spool = Spool(out, margin_pt=0.0, foot_pt=0.0)
    at = 0
    for size in sizes:
        spool.add(BytesIO(body[at : at + size]))
        at += size
    spool.end()
    return out.getvalue()


def _warm_up() -> None:
    """Whatever is imported or opened at first use is so now."""
    pillow_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    look(Image.new("RGB", (40, 40), "white"))


def main() -> int:
    """Serve the pipe until it ends."""
    _warm_up()
    return serve(Desk().answer, opens_nothing, memory_bytes=MOST_MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())
