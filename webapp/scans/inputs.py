"""Forms of the room → plain values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.security import check_text
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.scans.by_hand import PlacePage
from workflows.scans.send import MOST_BYTES, MOST_FILES, SentFile

MOST_SENT_BYTES = 600 * 2**20
"""Of one upload: a heap of photos, or one file so large that it is refused by its name."""
assert MOST_SENT_BYTES > MOST_BYTES


@contextmanager
def read_files(files: MultiDict[str, Any]) -> Iterator[list[SentFile]]:
    """The files that were chosen, closed behind the block; a browser sends an empty one where none
    was. One more than may be sent is handed on, so that it is refused."""
    with ExitStack() as stack:
        sent = []
        for file in files.getlist("files"):
            stack.callback(file.close)
            if file.filename:
                sent.append(SentFile(file.stream, check_text(file.filename)))
        yield sent[: MOST_FILES + 1]


def read_document(form: MultiDict[str, str]) -> str | None:
    """Outside id of the document from whose page the files come."""
    return check_text(form.get("document", "").strip())[:40] or None


def read_place(scan: str, form: MultiDict[str, str]) -> PlacePage:
    """InvalidInputError where the page is no number."""
    text = form.get("page", "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise InvalidInputError("web.unknown_choice", name=Message("scans.field_page"))
    return PlacePage(scan, check_text(form.get("code", ""))[:40], int(text))
