"""Opaque cursors of keyset pages: where the next page begins, never how many rows to skip."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from workflows.errors import InvalidInputError

LONGEST = 400


def write_cursor(order: str, values: Sequence[Any]) -> str:
    """A cursor behind the row with these sort values, for lists in this order only."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps([order, *plain])).decode().rstrip("=")


def read_cursor(text: str, order: str, types: Sequence[type]) -> tuple[Any, ...]:
    """The sort values of a cursor. InvalidInputError if it is malformed or of another order."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        padded = text + "=" * (-len(text) % 4)
        found = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(found, list) or found[:1] != [order] or len(found) != len(types) + 1:
            raise ValueError(text)
        return tuple(_value(value, kind) for value, kind in zip(found[1:], types, strict=True))
    except (ValueError, TypeError, binascii.Error, UnicodeEncodeError) as error:
        raise InvalidInputError("cases.cursor") from error


def _value(value: Any, kind: type) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 1 << 63):
        raise ValueError(value)
    return value
