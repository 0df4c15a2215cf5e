"""Papers as they come back: pages of a PDF drawn, turned, tilted, photographed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from io import BytesIO

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageFilter

TABLE = (96, 84, 70)
"""What lies under the paper."""


def draw(pdf: bytes, page: int = 0, *, dots_per_inch: int = 150) -> Image.Image:
    """One page, counted from 0."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=dots_per_inch / 72).to_pil().convert("RGB")


def tilted(picture: Image.Image, degrees: float) -> Image.Image:
    """Turned counter-clockwise, on the glass of a scanner."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def noisy(picture: Image.Image, strength: int = 40, seed: int = 7) -> Image.Image:
    """With the grain of a cheap camera."""
    made = random.Random(seed)
    grain = Image.frombytes("L", picture.size, made.randbytes(picture.width * picture.height))
    grain = grain.point(lambda value: (value - 128) * strength // 128 + 128)
    rgb = Image.merge("RGB", (grain, grain, grain))
    return ImageChops.add(picture, rgb, 1.0, -128)


def photographed(picture: Image.Image, seed: int = 3) -> Image.Image:
    """On a table, seen from the side, lit from one corner, a little out of focus."""
    width, height = picture.size
    wide, high = round(width * 1.25), round(height * 1.2)
    corners = [
        (0.08 * wide, 0.06 * high), (0.12 * wide, 0.95 * high),
        (0.93 * wide, 0.91 * high), (0.88 * wide, 0.1 * high),
    ]  # fmt: skip
    paper = picture.transform(
        (wide, high),
        Image.Transform.PERSPECTIVE,
        _coefficients(corners, [(0, 0), (0, height), (width, height), (width, 0)]),
        Image.Resampling.BICUBIC,
        fillcolor=TABLE,
    )
    light = (
        Image.linear_gradient("L").resize((wide, high)).point(lambda value: 150 + value * 2 // 5)
    )
    shaded = ImageChops.multiply(paper, Image.merge("RGB", (light, light, light)))
    return noisy(shaded.filter(ImageFilter.GaussianBlur(0.8)), 20, seed)


def _coefficients(
    seen: Sequence[tuple[float, float]], flat: Sequence[tuple[float, float]]
) -> list[float]:
    """The eight numbers of Pillow's perspective transform: from a point seen to one of the page."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):
        best = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(8):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[8] for row in rows]


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    """The picture as a phone keeps it."""
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def pdf_of_pictures(pictures: Sequence[Image.Image]) -> bytes:
    """Pictures as a scanner's PDF."""
    kept = BytesIO()
    first, *others = pictures
    first.save(kept, "PDF", save_all=True, append_images=others, resolution=150)
    return kept.getvalue()


def joined(*pdfs: bytes) -> bytes:
    """Several PDFs as one."""
    kept = BytesIO()
    with pikepdf.new() as whole:
        for one in pdfs:
            with pikepdf.open(BytesIO(one)) as part:
                whole.pages.extend(part.pages)
        whole.save(kept)
    return kept.getvalue()
