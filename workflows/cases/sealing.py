"""Values under a case's key, and sentences as data.

Every sealed value names its place (table, row, column) as additional data, so that ciphertext
moved to another row does not open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from workflows.messages import Message
from workflows.storage.types import Ciphertext
from workflows.storage.vault import CaseKey


def seal_json(key: CaseKey, value: Any, place: str) -> Ciphertext:
    """`value` as JSON, sealed for `place` (`party/12`, `timeline/7/3`)."""
    return key.seal(orjson.dumps(value, default=str), place.encode())


def open_json(key: CaseKey, sealed: bytes, place: str) -> Any:
    """What `seal_json` sealed for the same place. Raises SealBrokenError."""
    return orjson.loads(key.open(sealed, place.encode()))


def message_to_json(message: Message) -> list[Any]:
    """A sentence as `[code, params]`; sentences inside it the same way under `$message`."""
    return [message.code, {name: _param(value) for name, value in message.params.items()}]


def message_from_json(data: Any) -> Message:
    """The sentence `message_to_json` wrote."""
    code, params = data
    return Message(code, {name: _read_param(value) for name, value in params.items()})


def _param(value: object) -> Any:
    if isinstance(value, Message):
        return {"$message": message_to_json(value)}
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(name): _param(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_param(inner) for inner in value]
    return str(value)


def _read_param(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"$message"}:
        return message_from_json(value["$message"])
    return value
