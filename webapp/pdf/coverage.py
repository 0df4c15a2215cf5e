"""Which characters the fonts of an installation have, read from their own tables.

The web process asks this for the page of a document and must not import fontTools, so the two
forms of a character table that Unicode fonts use are read here (OpenType 1.9, `cmap` formats 4
and 12). A font that cannot be read counts as having nothing.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
MOST = 0x40000
"""Code points looked at: planes 0 to 3, all that names are written with."""
_UNICODE = frozenset({(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)})
"""Platform and encoding of the tables that speak Unicode."""
_SILENT = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories that draw nothing."""


class Coverage:
    """What the fonts in some folders have. Reading 100 MB of fonts takes a fifth of a second,
    once; what is kept is one bit for each code point."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._known = bytearray(MOST)
        for folder in folders:
            for path in sorted(folder.iterdir()):
                if path.suffix.lower() in SUFFIXES:
                    for first, last in _ranges(path):
                        self._known[first : last + 1] = b"\1" * (last + 1 - first)

    def has(self, character: str) -> bool:
        """Whether some font draws it; whatever draws nothing needs none."""
        code = ord(character)
        if code < MOST and self._known[code]:
            return True
        return unicodedata.category(character) in _SILENT

    def lacking(self, text: str) -> str:
        """The characters of `text` that no font has, each once, in their order."""
        return "".join(one for one in dict.fromkeys(text) if not self.has(one))


def _ranges(path: Path) -> Iterator[tuple[int, int]]:
    """First and last code point of each range that a font file has."""
    try:
        data = path.read_bytes()
        found = [pair for start in _fonts(data) for pair in _of_font(data, start)]
    except (OSError, struct.error, IndexError):
        return
    for first, last in found:
        if first < MOST:
            yield first, min(last, MOST - 1)


def _fonts(data: bytes) -> tuple[int, ...]:
    """Where the fonts of a file begin: several in a collection."""
    if data[:4] != b"ttcf":
        return (0,)
    (count,) = struct.unpack_from(">I", data, 8)
    return struct.unpack_from(f">{min(count, 64)}I", data, 12)


def _of_font(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    (tables,) = struct.unpack_from(">H", data, start + 4)
    for number in range(tables):
        tag, _sum, at, _size = struct.unpack_from(">4sIII", data, start + 12 + number * 16)
        if tag == b"cmap":
            yield from _of_map(data, at)


def _of_map(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", data, at + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at + 4 + number * 8)
        if (platform, encoding) not in _UNICODE:
            continue
        (form,) = struct.unpack_from(">H", data, at + offset)
        if form == 4:
            yield from _form_4(data, at + offset)
        elif form == 12:
            yield from _form_12(data, at + offset)


def _form_4(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Segments of the first plane; a character whose glyph number is 0 is not there."""
    (double,) = struct.unpack_from(">H", data, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + double * 2)
    places = at + 16 + double * 3
    offsets = struct.unpack_from(f">{count}H", data, places)
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if first == 0xFFFF:
            continue
        if not offsets[number]:
            yield first, last
            continue
        base = places + number * 2 + offsets[number]
        glyphs = struct.unpack_from(f">{last - first + 1}H", data, base)
        yield from (
            (first + step, first + step)
            for step, glyph in enumerate(glyphs)
            if glyph and (glyph + deltas[number]) & 0xFFFF
        )


def _form_12(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + number * 12)
        yield (first, last) if glyph else (first + 1, last)
