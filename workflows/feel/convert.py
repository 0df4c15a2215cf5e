"""Process data as FEEL values: JSON knows no dates and rounds numbers, a declared type does not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workflows.feel.errors import FeelError
from workflows.feel.far import FAR, FarDateTime, FineTime, coarse, joined
from workflows.feel.functions.conversion import read_number
from workflows.feel.temporal_text import (
    read_date,
    read_date_time,
    read_days_time,
    read_time,
    read_years_months,
)
from workflows.feel.type_text import as_type
from workflows.feel.types import ANY, ContextOf, ListOf, Simple, Type, coerce
from workflows.feel.values import Value, normal

_READERS: dict[str, Callable[[str], Value]] = {
    "number": read_number,
    "date": read_date,
    "time": read_time,
    "date and time": read_date_time,
    "days and time duration": read_days_time,
    "years and months duration": read_years_months,
    "boolean": lambda text: {"true": True, "false": False}.get(text),
}


@lru_cache(maxsize=512)
def _type(name: str) -> Type:
    return as_type(name)


def convert(value: Any, type_name: str | Type) -> Value:
    """The value as the type, null where it cannot be read so; never raises for a value.

    Texts are read (`"2026-10-09"`, `"18600.00"`), lists and contexts element by element.
    FeelError where `type_name` is no type.
    """
    kind = _type(type_name) if isinstance(type_name, str) else type_name
    try:
        return _convert(normal(value), kind)
    except FeelError:
        return None


def _convert(value: Value, kind: Type) -> Value:
    if value is None or kind == ANY:
        return value
    if isinstance(kind, Simple):
        return _simple(value, kind)
    if isinstance(kind, ListOf) and type(value) is list:
        return [_convert(item, kind.element) for item in value]
    if isinstance(kind, ContextOf) and type(value) is dict:
        members = {name: _convert(value.get(name), member) for name, member in kind.members.items()}
        return {**value, **members}
    return coerce(value, kind)


def _simple(value: Value, kind: Simple) -> Value:
    if type(value) is str and kind.name in _READERS:
        found = _READERS[kind.name](value.strip())
        return _storable(found) if type(found) in FAR else found
    if type(value) is Decimal and kind.name == "string":
        return None
    return coerce(value, kind)


def _storable(value: Value) -> Value:
    """Process data holds Python's own types: nanoseconds are cut off, far years are null."""
    if isinstance(value, FineTime):
        return value.clock
    if isinstance(value, FarDateTime):
        value = joined(value.day, coarse(value.clock))
    return None if type(value) in FAR else value
