"""JSON of the studio's scripts → what the use cases take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.studio.files import read_changes
from workflows.errors import InvalidInputError
from workflows.studio.expressions import Typed


@dataclass(frozen=True, slots=True)
class SentCopy:
    """The working copy as the browser has it: a save and what was changed since."""

    revision: int
    changes: Mapping[str, bytes | None]
    notes: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to bring back: a save or a version; the other one is 0."""

    save: int
    version: int


def read_save(body: dict[str, Any]) -> SentCopy:
    """{"revision", "changes", "notes"?}. Raises InvalidInputError."""
    return SentCopy(
        revision=_number(body, "revision"),
        changes=read_changes(body.get("changes", {})),
        notes=_text(body, "notes"),
    )


def read_revision(body: dict[str, Any]) -> int:
    """{"revision"}: the save somebody works on, 0 before the first. Raises InvalidInputError."""
    return _number(body, "revision")


def read_expression(body: dict[str, Any]) -> Typed:
    """{"text", "kind", "names", "case"}. Raises InvalidInputError."""
    return Typed(
        _text(body, "text"), _text(body, "kind"), _types(body, "names"), _types(body, "case")
    )


def read_wanted(body: dict[str, Any]) -> Wanted:
    """{"save"} or {"version"}. Raises InvalidInputError."""
    wanted = Wanted(_number(body, "save"), _number(body, "version"))
    if bool(wanted.save) == bool(wanted.version):
        raise InvalidInputError("web.bad_json")
    return wanted


def read_comment(body: dict[str, Any]) -> tuple[str, str, str]:
    """{"file", "element", "text"}. Raises InvalidInputError."""
    return _text(body, "file"), _text(body, "element"), _text(body, "text")


def _types(body: dict[str, Any], name: str) -> dict[str, str]:
    value = body.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise InvalidInputError("web.bad_json")
    return value


def read_whom(body: dict[str, Any]) -> str:
    """{"whom"}: a username, "" for everybody who can be asked. Raises InvalidInputError."""
    return _text(body, "whom")


def read_content(body: dict[str, Any]) -> str:
    """{"content"}: the text of one file. Raises InvalidInputError."""
    return _text(body, "content")


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise InvalidInputError("web.bad_json")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise InvalidInputError("web.bad_json")
    return value
