"""What is given from outside: where an input's value stands in the context, and text as dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.decisions.model import InputData
from workflows.feel import Type, convert
from workflows.feel.types import ContextOf, ListOf, Simple

_TEMPORAL = frozenset(
    {
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def find_given(given: InputData, path: tuple[str, ...], context: Mapping[str, Any]) -> Any:
    """The value a context gives an input, null where it has none.

    `path`: the imports on the way to its file. An imported input may stand inside contexts named
    like them, under its name with them and dots before it, or under its plain name.
    """
    for name in dict.fromkeys((given.name, given.variable.name)):
        for value in (_inside(context, path, name), context.get(".".join((*path, name)))):
            if value is not None:
                return value
        if path and context.get(name) is not None:
            return context[name]
    return None


def _inside(context: Mapping[str, Any], path: tuple[str, ...], name: str) -> Any:
    place: Any = context
    for step in path:
        place = place.get(step) if isinstance(place, Mapping) else None
    return place.get(name) if isinstance(place, Mapping) else None


def read_dates(value: Any, type_: Type) -> Any:
    """The value with texts read as dates, times and durations where its type asks for them: JSON
    has none of these. What cannot be read stays text, which does not fit its type."""
    if isinstance(type_, Simple):
        is_text = isinstance(value, str) and type_.name in _TEMPORAL
        read = convert(value, type_.name) if is_text else None
        return value if read is None else read
    if isinstance(type_, ListOf) and isinstance(value, list):
        read = [read_dates(one, type_.element) for one in value]
        return value if all(a is b for a, b in zip(read, value, strict=True)) else read
    if isinstance(type_, ContextOf) and isinstance(value, dict):
        members = {name: member for name, member in type_.members.items() if name in value}
        changed = {name: read_dates(value[name], member) for name, member in members.items()}
        return {**value, **changed}
    return value
