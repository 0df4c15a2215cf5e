"""The form of a calendar year: typed lines, or a file with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from webapp.security import check_text
from workflows.deadlines.calendar_text import MOST_CHARACTERS, TypedYear
from workflows.errors import FieldError, InvalidFormError
from workflows.messages import Message

MOST_BYTES = 4 * MOST_CHARACTERS
CODINGS = ("utf-8-sig", "gb18030")
"""A text file an office saves is in one of them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. `unit`: code, "" for everybody's calendar."""

    unit: str
    typed: TypedYear


def read(form: Mapping[str, str], files: Mapping[str, FileStorage] | None = None) -> Sent:
    """The form; the lines of a file stand in place of typed ones. Raises InvalidFormError for a
    file that is no text."""
    upload = files.get("file") if files else None
    days = form.get("days", "")
    if upload is not None and upload.filename:
        days = _text(upload.stream.read(MOST_BYTES + 1))
    words = {name: check_text(form.get(name, ""))[:400] for name in ("year", "source", "version")}
    typed = TypedYear(
        year=words["year"].strip(),
        source=words["source"],
        days=check_text(days)[: MOST_CHARACTERS + 1],
        version=words["version"],
    )
    return Sent(check_text(form.get("unit", ""))[:64], typed)


def _text(content: bytes) -> str:
    for coding in CODINGS:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise InvalidFormError([FieldError("file", Message("web.calendar_no_text"))])
