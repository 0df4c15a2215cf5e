"""Kinds of values that calls send, and how a wrong one is told.

Pydantic reads; its sentences are replaced by ours, because they are English and change with its
versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from webapp.api.blueprint import ID, ITEM
from workflows.errors import FieldError
from workflows.messages import Message

INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS = range(1900, 3000)
"""Outside of these a date is a slip of the pen."""
MOST_NUMBER = 2**31 - 1


class Sent(BaseModel):
    """A JSON object: nothing unknown in it, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Asked(BaseModel):
    """The query of an address: every value is text and is read as what it stands for."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _instant(value: Any) -> Any:
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise PydanticCustomError("instant", "not an instant")
    try:
        found = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("instant", "not an instant") from error
    if found.year not in YEARS:
        raise PydanticCustomError("instant", "not an instant")
    return found


def _day(value: Any) -> Any:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise PydanticCustomError("day", "not a day")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "not a day") from error
    if found.year not in YEARS:
        raise PydanticCustomError("day", "not a day")
    return found


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""RFC 3339 with an offset → aware UTC."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[str, StringConstraints(pattern=f"^{ID}$")]
ItemId = Annotated[str, StringConstraints(pattern=f"^{ITEM}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
"""What somebody writes: a reason, notes."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Revision = Annotated[int, Field(ge=0, le=MOST_NUMBER)]
PageSize = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=400)]

KINDS: Mapping[str, str] = {
    "missing": "api.missing",
    "extra_forbidden": "api.unknown_field",
    "literal_error": "api.not_offered",
    "string_too_short": "api.empty",
    "string_too_long": "api.too_long",
    "too_short": "api.empty",
    "too_long": "api.too_many",
    "greater_than_equal": "api.out_of_range",
    "less_than_equal": "api.out_of_range",
    "int_parsing": "api.not_a_number",
    "int_parsing_size": "api.out_of_range",
    "int_from_float": "api.not_a_number",
    "int_type": "api.not_a_number",
    "string_pattern_mismatch": "api.not_an_id",
    "instant": "api.not_an_instant",
    "day": "api.not_a_day",
}
"""Pydantic's kinds of errors → our sentences; every other one is of a wrong type."""


def wrong_fields(errors: Sequence[ErrorDetails]) -> list[FieldError]:
    """Pydantic's errors as ours, in their order."""
    return [FieldError(pointer(error["loc"]), _message(error)) for error in errors]


def pointer(location: Sequence[Any]) -> str:
    """A JSON Pointer."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)


def _message(error: ErrorDetails) -> Message:
    limits = {name: str(value) for name, value in error.get("ctx", {}).items()}
    return Message(KINDS.get(error["type"], "api.wrong_type"), limits)
