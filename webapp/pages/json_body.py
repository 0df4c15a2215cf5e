"""JSON that came with a request, checked for what no database could keep."""

from __future__ import annotations

from typing import Any

import orjson
from flask import request

from webapp.security import check_text
from workflows.errors import InvalidInputError

DEEPEST = 60
"""Levels of lists and objects; no form of ours has ten."""


def read_object() -> dict[str, Any]:
    """The JSON object of the request. InvalidInputError for anything else."""
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise InvalidInputError("web.bad_json") from error
    if not isinstance(body, dict):
        raise InvalidInputError("web.bad_json")
    _check(body, DEEPEST)
    return body


def _check(value: Any, deeper: int) -> None:
    if deeper == 0:
        raise InvalidInputError("web.bad_json")
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_text(key)
            _check(inner, deeper - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, deeper - 1)
