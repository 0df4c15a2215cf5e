"""Pictures as pages of one PDF that is written as it grows: a hundred photos need no more memory
than one. Imported by child processes only."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from webapp.pdf.bare import bare_jpeg

A4_PT = (595.276, 841.89)
MARGIN_PT = 34.0
FOOT_PT = 62.0
"""Room below for the page's number."""
MOST_PIXELS = 80_000_000
"""Of one picture: more than any phone takes; a bomb says billions."""
SIDE_PIXELS = 2200
"""Long side on paper: 200 dots an inch on A4."""
QUALITY = 82
AS_IT_IS_BYTES = 2_000_000
"""A JPEG up to this size is bound without being decoded; larger ones are made smaller."""
ORIENTATION = 0x112


class Spool:
    """A PDF of pictures, one a page, in `file`; `pages` counts them."""

    def __init__(
        self, file: BinaryIO, *, margin_pt: float = MARGIN_PT, foot_pt: float = FOOT_PT
    ) -> None:
        """`margin_pt`, `foot_pt`: left free around each picture and below it."""
        self._file = file
        self._margin, self._foot = margin_pt, foot_pt
        self._at: dict[int, int] = {}
        self._kids: list[int] = []
        self._next = 3
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        return len(self._kids)

    def add(self, source: BinaryIO) -> None:
        """One more page. Raises what Pillow raises for a picture that is none, ValueError for one
        with too many pixels; nothing is added then."""
        jpeg, width, height, grey = _as_jpeg(source)
        sheet = A4_PT if height >= width else A4_PT[::-1]
        room = sheet[0] - 2 * self._margin, sheet[1] - self._margin - self._foot
        scale = min(room[0] / width, room[1] / height)
        w, h = width * scale, height * scale
        x, y = (sheet[0] - w) / 2, self._foot + (room[1] - h) / 2
        space = b"/DeviceGray" if grey else b"/DeviceRGB"
        image = self._stream(
            b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter/DCTDecode"
            b"/ColorSpace%s" % (width, height, space),
            jpeg,
        )
        drawn = b"q %.3f 0 0 %.3f %.3f %.3f cm /P Do Q" % (w, h, x, y)
        contents = self._stream(b"", drawn)
        self._kids.append(
            self._object(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Contents %d 0 R"
                b"/Resources<</XObject<</P %d 0 R>>>>>>" % (*sheet, contents, image)
            )
        )

    def end(self) -> None:
        """The rest of the PDF; nothing may be added afterwards."""
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._object(b"<</Type/Catalog/Pages 2 0 R>>", 1)
        self._object(b"<</Type/Pages/Count %d/Kids[%s]>>" % (self.pages, kids), 2)
        start = self._file.tell()
        rows = b"".join(b"%010d 00000 n \n" % self._at[number] for number in range(1, self._next))
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (self._next, rows))
        self._file.write(b"trailer\n<</Size %d/Root 1 0 R>>\n" % self._next)
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % start)
        self._file.flush()

    def _stream(self, head: bytes, body: bytes) -> int:
        return self._object(b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(body), body))

    def _object(self, body: bytes, number: int = 0) -> int:
        if not number:
            number, self._next = self._next, self._next + 1
        self._at[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number


def _as_jpeg(source: BinaryIO) -> tuple[bytes, int, int, bool]:
    """The picture upright, on white, no larger than paper needs: JPEG, width, height, whether it
    is grey."""
    with Image.open(source) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        if _is_fit(picture):
            source.seek(0)
            content = source.read(AS_IT_IS_BYTES + 1)
            if len(content) <= AS_IT_IS_BYTES:
                return bare_jpeg(content), picture.width, picture.height, picture.mode == "L"
        picture.draft("RGB", (SIDE_PIXELS, SIDE_PIXELS))
        picture.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
        upright = ImageOps.exif_transpose(picture)
        grey = upright.mode in ("1", "L")
        flat = _flat(upright, "L" if grey else "RGB")
    kept = BytesIO()
    flat.save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue(), flat.width, flat.height, grey


def _is_fit(picture: Image.Image) -> bool:
    upright = picture.getexif().get(ORIENTATION, 1) == 1
    return picture.format in ("JPEG", "MPO") and picture.mode in ("RGB", "L") and upright


def _flat(picture: Image.Image, mode: str) -> Image.Image:
    """Without transparency: what lies under it is paper."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert(mode)
    above = picture.convert("RGBA")
    paper = Image.new("RGBA", above.size, "white")
    return Image.alpha_composite(paper, above).convert(mode)
