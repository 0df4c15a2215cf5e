"""What the form of the room brings."""

from __future__ import annotations

from contextlib import closing

from werkzeug.datastructures import FileStorage

from webapp.security import check_text
from workflows.errors import InvalidInputError
from workflows.sealing.verify import MOST_BYTES

MOST_CODE = 40


def read_code(text: str) -> str:
    """A code as somebody typed it; what is longer than any code is cut."""
    return check_text(text)[:MOST_CODE].strip()


def read_file(file: FileStorage | None) -> bytes:
    """The uploaded bytes. InvalidInputError without a file, with an empty or a too large one."""
    if file is None or not file.filename:
        raise InvalidInputError("verify.no_file")
    with closing(file.stream) as stream:
        content = stream.read(MOST_BYTES + 1)
    if not content:
        raise InvalidInputError("verify.empty_file")
    if len(content) > MOST_BYTES:
        raise InvalidInputError("verify.large_file", most=MOST_BYTES // 2**20)
    return content
