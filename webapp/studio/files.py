"""Files of a package as the browser has them: texts as they are, everything else in base64."""

from __future__ import annotations

import base64
import binascii
from pathlib import PurePosixPath

from workflows.catalogue.source import PackageSource
from workflows.errors import InvalidInputError

TEXTS = frozenset({".bpmn", ".dmn", ".json", ".html", ".toml", ".css", ".md", ".svg", ".txt"})


def tell_files(tree: PackageSource) -> dict[str, str | dict[str, str]]:
    """All files of a tree, by path."""
    return {path: _tell(path, content) for path, content in tree.files.items()}


def _tell(path: str, content: bytes) -> str | dict[str, str]:
    if PurePosixPath(path).suffix in TEXTS:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return {"base64": base64.b64encode(content).decode("ascii")}


def read_changes(sent: object) -> dict[str, bytes | None]:
    """What the browser changed. Raises InvalidInputError for another shape."""
    if not isinstance(sent, dict):
        raise InvalidInputError("web.bad_json")
    return {str(path): _read(value) for path, value in sent.items()}


def _read(value: object) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (binascii.Error, ValueError) as broken:
            raise InvalidInputError("web.bad_json") from broken
    raise InvalidInputError("web.bad_json")
