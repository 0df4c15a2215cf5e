"""FEEL values as text: what `string()` gives. DMN 1.5 §10.3.4.1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from workflows.feel.far import FarDate, FarDateTime, FineTime, date_text, time_text
from workflows.feel.limits import check_characters
from workflows.feel.names import is_name
from workflows.feel.temporal_text import date_time_text, days_time_text
from workflows.feel.values import Function, Range, Value, YearsMonths

_MAX_DEPTH = 60
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def number_text(value: Decimal) -> str:
    """Plain digits without superfluous zeros: equal numbers have equal texts."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_SIMPLE: dict[type, Callable[[Value], str]] = {
    str: lambda value: value,
    Decimal: number_text,
    bool: lambda value: "true" if value else "false",
    date: date_text,
    time: time_text,
    datetime: date_time_text,
    timedelta: days_time_text,
    YearsMonths: str,
    FarDate: str,
    FineTime: str,
    FarDateTime: str,
    Function: lambda value: f"function({', '.join(value.parameters)})",
}


def value_text(value: Value) -> str | None:
    """The value as a string; null stays null. FeelError `limit_string`."""
    if value is None:
        return None
    simple = _SIMPLE.get(type(value))
    return simple(value) if simple else _inside(value, 0)


def _inside(value: Value, depth: int) -> str:
    """The value as it stands in a list, a context or a range: strings in quotes."""
    kind = type(value)
    if kind is str:
        return f'"{value.translate(_ESCAPES)}"'
    if value is None or depth > _MAX_DEPTH:
        return "null"
    if kind is list:
        return f"[{_joined([_inside(item, depth + 1) for item in value])}]"
    if kind is dict:
        entries = [f"{_key(key)}: {_inside(item, depth + 1)}" for key, item in value.items()]
        return f"{{{_joined(entries)}}}"
    if kind is Range:
        return _range(value, depth + 1)
    return _SIMPLE[kind](value)


def _range(value: Range, depth: int) -> str:
    start = "" if value.start is None else _inside(value.start, depth)
    end = "" if value.end is None else _inside(value.end, depth)
    opening = "[" if value.start_included else "("
    return f"{opening}{start}..{end}{']' if value.end_included else ')'}"


def _key(key: str) -> str:
    return key if is_name(key) else f'"{key.translate(_ESCAPES)}"'


def _joined(parts: list[str]) -> str:
    check_characters(sum(map(len, parts)))
    return ", ".join(parts)
