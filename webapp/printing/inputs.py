"""Forms of the printing room → plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.security import check_text
from workflows.errors import InvalidInputError
from workflows.messages import Message

KIND = "_document"
"""Name of the button that asks for a draft; its value is the document kind."""


@dataclass(frozen=True, slots=True)
class PrintWish:
    """Paper somebody is about to take out of the printer."""

    copies: int
    reason: str


def read_print(form: Mapping[str, str]) -> PrintWish:
    """InvalidInputError where the number of copies is not written as a small whole number."""
    text = form.get("copies", "1").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise InvalidInputError("web.unknown_choice", name=Message("documents.field_copies"))
    return PrintWish(int(text), check_text(form.get("reason", "").strip()))


def read_kind(form: Mapping[str, str]) -> str:
    """The document kind whose draft is wanted."""
    return check_text(form.get(KIND, ""))[:60]
