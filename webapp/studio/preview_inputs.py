"""JSON of the previews' scripts → what they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webapp.studio.inputs import SentCopy, read_save
from workflows.errors import InvalidInputError

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SentForm:
    """The two texts of a form, as typed."""

    name: str
    schema: str
    ui: str


@dataclass(frozen=True, slots=True)
class SentText:
    """The working copy, and the path of the text that is looked at."""

    copy: SentCopy
    path: str


def read_form(body: dict[str, Any]) -> SentForm:
    """{"name", "schema", "ui"}. Raises InvalidInputError."""
    return SentForm(*(_text(body, key) for key in ("name", "schema", "ui")))


def read_text(body: dict[str, Any]) -> SentText:
    """{"revision", "changes", "path"}. Raises InvalidInputError."""
    path = _text(body, "path")
    if not path.endswith(".html") or len(path) > LONGEST_NAME:
        raise InvalidInputError("web.bad_json")
    return SentText(read_save(body), path)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise InvalidInputError("web.bad_json")
    return value
