"""What the QR picture at the foot of a page says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workflows.documents.verify_code import WRITTEN

ADDRESS = re.compile(rf"https?://[^\s?#]{{1,200}}/verify/({WRITTEN.pattern})(?:\?p=(\d{{1,4}}))?")
BARE = re.compile(rf"({WRITTEN.pattern})(?:/(\d{{1,4}}))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A verify code and its page; `page` None on papers from before pages were told."""

    code: str
    page: int | None


def read_mark(text: str) -> Mark | None:
    """The mark in a QR text; None where it is none of ours. Whose host the address names does not
    count: an installation may have moved."""
    found = ADDRESS.fullmatch(text.strip()) or BARE.fullmatch(text.strip())
    if found is None:
        return None
    page = int(found[2]) if found[2] else None
    return Mark(found[1], page or None)


def read_marks(texts: Iterable[str]) -> tuple[Mark, ...]:
    """Every mark among the codes of one picture, each once."""
    marks = (read_mark(text) for text in texts)
    return tuple(dict.fromkeys(mark for mark in marks if mark is not None))
