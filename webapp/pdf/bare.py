"""Pictures without what they tell of themselves: where, when, by whom, with what they were taken.

Pixels stay bit for bit. Pure; imports nothing that decodes.
"""

from __future__ import annotations

import re

JFIF, ICC, ADOBE, COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
START_OF_SCAN, END_OF_PICTURE, FILL = 0xDA, 0xD9, 0xFF
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In the compressed data every other 0xFF is followed by 0 or a restart mark."""
ICC_MARK = b"ICC_PROFILE\0"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
TELLING_CHUNKS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})


def bare_jpeg(jpeg: bytes) -> bytes:
    """Without comments and application segments but JFIF, colour profile and Adobe's colour
    transform, and without what follows the picture: a film, a second picture with a place of its
    own (ISO/IEC 10918-1, B.1.1). Raises SyntaxError where segments do not follow one another."""
    kept, at = [jpeg[:2]], 2
    while jpeg[at : at + 1] == b"\xff" and at + 1 < len(jpeg):
        marker = jpeg[at + 1]
        if marker == END_OF_PICTURE:
            return b"".join((*kept, jpeg[at : at + 2]))
        alone = marker == FILL or marker == 0x01 or 0xD0 <= marker <= 0xD7
        end = at + (1 if marker == FILL else 2) if alone else at + 2 + _length(jpeg, at + 2)
        if alone or not _tells(marker, jpeg[at + 4 : end]):
            kept.append(jpeg[at:end])
        at = end
        if marker == START_OF_SCAN:
            found = NEXT_MARKER.search(jpeg, end)
            at = found.start() if found else len(jpeg)
            kept.append(jpeg[end:at])
    raise SyntaxError("no JPEG")


def _length(jpeg: bytes, at: int) -> int:
    return int.from_bytes(jpeg[at : at + 2], "big")


def _tells(marker: int, body: bytes) -> bool:
    if marker == ICC:
        return not body.startswith(ICC_MARK)
    return marker == COMMENT or (0xE0 <= marker <= 0xEF and marker not in (JFIF, ADOBE))


def bare_png(png: bytes) -> bytes:
    """Without texts, times and EXIF (PNG specification, 11.3). Raises SyntaxError for what is no
    PNG."""
    if not png.startswith(PNG_HEAD):
        raise SyntaxError("no PNG")
    kept, at = [PNG_HEAD], len(PNG_HEAD)
    while at + 8 <= len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        kind = png[at + 4 : at + 8]
        if kind not in TELLING_CHUNKS:
            kept.append(png[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise SyntaxError("no PNG")
