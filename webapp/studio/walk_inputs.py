"""Which scenarios to walk."""

from __future__ import annotations

from typing import Any

from workflows.errors import InvalidInputError

MOST = 10
"""Scenarios of one request; the page asks for one at a time and shows how far it is."""


def read_names(body: dict[str, Any]) -> tuple[str, ...]:
    """{"names": […]}. Raises InvalidInputError."""
    names = body.get("names")
    if not isinstance(names, list) or not 0 < len(names) <= MOST:
        raise InvalidInputError("web.bad_json")
    if not all(isinstance(name, str) for name in names):
        raise InvalidInputError("web.bad_json")
    return tuple(names)
