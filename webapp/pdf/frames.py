"""The wire between the site and a renderer process: one frame each way for each document.

A frame is two big-endian 32-bit lengths, a JSON object and raw bytes (the attachments, or the
finished PDF). Both sides import this module and nothing of each other.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

HEADER = struct.Struct(">II")
MAX_FRAME_BYTES = 64 * 1024 * 1024
"""More than any document of this house; a larger length means the stream is out of step."""


class FrameError(Exception):
    """The stream ended inside a frame or does not carry frames at all."""


def pack(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One frame as bytes."""
    text = json.dumps(head, ensure_ascii=False).encode("utf-8", "replace")
    return HEADER.pack(len(text), len(body)) + text + body


def size_of(buffer: bytes | bytearray) -> int | None:
    """Whole length of the frame that starts `buffer`; None while its header is incomplete.

    Raises FrameError where the lengths cannot be true.
    """
    if len(buffer) < HEADER.size:
        return None
    head, body = HEADER.unpack_from(buffer)
    if head + body > MAX_FRAME_BYTES:
        raise FrameError("frame too large")
    return HEADER.size + int(head) + int(body)


def unpack(buffer: bytes | bytearray) -> tuple[dict[str, Any], bytes]:
    """Head and body of one complete frame. Raises FrameError if the head is not an object."""
    head, _ = HEADER.unpack_from(buffer)
    try:
        value = json.loads(buffer[HEADER.size : HEADER.size + head])
    except ValueError as error:
        raise FrameError("head is not JSON") from error
    if not isinstance(value, dict):
        raise FrameError("head is not an object")
    return value, bytes(buffer[HEADER.size + head :])


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame of a blocking stream; None at its end."""
    header = stream.read(HEADER.size)
    if not header:
        return None
    size = size_of(header)
    if size is None:
        raise FrameError("stream ended inside a header")
    rest = stream.read(size - HEADER.size)
    if len(rest) != size - HEADER.size:
        raise FrameError("stream ended inside a frame")
    return unpack(header + rest)
