"""The round picture of a 防篡改印 as PDF drawing operators; imported by the sealing process only.

A red double ring, the unit's name around, the beginning of the file's digest in the middle and the
words 防篡改印 and 非法定印章: no star, so that nobody takes it for the statutory seal. Letters are
outlines of the shipped fonts, so the picture needs no font in the PDF. The same arguments give
the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, pi, radians, sin
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

MM = 72 / 25.4
SIDE_PT = 40 * MM
"""The picture is a square of 40 mm; a statutory seal of a committee has 42."""
RED = b"0.78 0.09 0.12"
WORD, DENIAL, LABEL = "防篡改印", "完整性证据·非法定印章", "文件指纹"
DIGITS = 12
"""Of the digest, in groups of four: enough to tell files apart by eye, and the page of the code
shows the same."""
WIDEST_ARC = radians(250)
CIRCLE = 0.5522847498
"""Control points of a quarter circle drawn as one Bézier curve."""


class Letters:
    """Outlines of characters from the first font that has them; kept once drawn."""

    def __init__(self, fonts: Sequence[Path]) -> None:
        self._fonts = [TTFont(path, lazy=True) for path in fonts]
        self._known: dict[str, tuple[bytes, float]] = {}

    def outline(self, letter: str) -> tuple[bytes, float]:
        """(operators in an em of 1000 units, width in ems); a blank where no font has it."""
        if letter not in self._known:
            self._known[letter] = self._draw(letter)
        return self._known[letter]

    def _draw(self, letter: str) -> tuple[bytes, float]:
        for font in self._fonts:
            name = font.getBestCmap().get(ord(letter))
            if name is None:
                continue
            glyphs = font.getGlyphSet()
            pen = _Operators(glyphs, 1000 / font["head"].unitsPerEm)
            glyphs[name].draw(pen)
            width = glyphs[name].width / font["head"].unitsPerEm
            return b" ".join(pen.operators), width
        return b"", 1.0


class _Operators(BasePen):  # type: ignore[misc]
    """Writes an outline as PDF path operators, scaled to 1000 units an em."""

    def __init__(self, glyphs: object, scale: float) -> None:
        super().__init__(glyphs)
        self._scale = scale
        self.operators: list[bytes] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 (fontTools' name)
        self._write(b"m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._write(b"l", pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._write(b"c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append(b"h")

    def _write(self, operator: bytes, *points: tuple[float, float]) -> None:
        numbers = b" ".join(b"%d" % round(n * self._scale) for point in points for n in point)
        self.operators.append(numbers + b" " + operator)


@cache
def letters(fonts: tuple[Path, ...]) -> Letters:
    """The letters of these font files, opened once a process."""
    return Letters(fonts)


def draw_seal(drawn: Letters, unit_name: str, digest: str) -> bytes:
    """Operators of the picture in a square of SIDE_PT. `digest`: hex, DIGITS are shown."""
    shown = " ".join(digest[i : i + 4] for i in range(0, DIGITS, 4))
    middle = SIDE_PT / 2
    parts = [
        b"q 1 0 0 1 %.3f %.3f cm" % (middle, middle),
        RED + b" RG " + RED + b" rg",
        _ring(19.2 * MM, 0.9 * MM),
        _ring(17.9 * MM, 0.25 * MM),
        _around(drawn, unit_name),
        level_line(drawn, WORD, size_mm=4.8, y_mm=2.0),
        level_line(drawn, shown, size_mm=2.9, y_mm=-3.4),
        level_line(drawn, LABEL, size_mm=2.1, y_mm=-6.6),
        level_line(drawn, DENIAL, size_mm=1.9, y_mm=-10.4),
        b"Q",
    ]
    return b"\n".join(parts)


def _ring(radius: float, width: float) -> bytes:
    """A circle around the origin as four curves."""
    r, k = radius, radius * CIRCLE
    curves = (
        (r, k, k, r, 0, r),
        (-k, r, -r, k, -r, 0),
        (-r, -k, -k, -r, 0, -r),
        (k, -r, r, -k, r, 0),
    )
    path = b" ".join(b"%.3f %.3f %.3f %.3f %.3f %.3f c" % curve for curve in curves)
    return b"%.3f w %.3f 0 m %s s" % (width, r, path)


def _around(drawn: Letters, text: str) -> bytes:
    """The text along the inside of the ring, its middle at the top. Long names get smaller."""
    size = min(4.2, 50 / max(len(text), 1)) * MM
    radius = 17.1 * MM - size
    step = min(size * 1.12 / radius, WIDEST_ARC / max(len(text) - 1, 1))
    first = pi / 2 + step * (len(text) - 1) / 2
    return b"\n".join(
        _letter(drawn, letter, size, first - step * place, radius)
        for place, letter in enumerate(text)
    )


def _letter(drawn: Letters, letter: str, size: float, angle: float, radius: float) -> bytes:
    """One letter standing on a circle at `angle`, turned so that its foot points inwards."""
    path, width = drawn.outline(letter)
    turn = angle - pi / 2
    c, s, scale = cos(turn), sin(turn), size / 1000
    left = -width * size / 2
    x = radius * cos(angle) + left * c
    y = radius * sin(angle) + left * s
    matrix = b"%.5f %.5f %.5f %.5f %.3f %.3f" % (c * scale, s * scale, -s * scale, c * scale, x, y)
    return b"q %s cm %s f Q" % (matrix, path) if path else b""


def level_line(drawn: Letters, text: str, *, size_mm: float, y_mm: float) -> bytes:
    """A level line of text around the vertical axis; `y_mm`: its base line."""
    size, parts = size_mm * MM, []
    outlines = [drawn.outline(letter) for letter in text]
    x = -sum(width for _, width in outlines) * size / 2
    for path, width in outlines:
        if path:
            matrix = b"%.5f 0 0 %.5f %.3f %.3f" % (size / 1000, size / 1000, x, y_mm * MM)
            parts.append(b"q %s cm %s f Q" % (matrix, path))
        x += width * size
    return b"\n".join(parts)
