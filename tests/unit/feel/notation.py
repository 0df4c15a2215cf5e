"""FEEL values as short text, so that a table of cases fits on lines."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workflows.feel import Function, Range, YearsMonths, evaluate


def shown(value: Any) -> str:
    """One text a value, another a type: 1, "1", true, [1], {a: 1}, date 2026-01-01 …"""
    kind = type(value)
    if value is None or kind is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if kind is Decimal:
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if kind is str:
        return f'"{value}"'
    if kind is list:
        return f"[{', '.join(map(shown, value))}]"
    if kind is dict:
        return f"{{{', '.join(f'{key}: {shown(item)}' for key, item in value.items())}}}"
    if kind is Range:
        ends = f"{shown(value.start)}..{shown(value.end)}"
        return f"{'[' if value.start_included else '('}{ends}{']' if value.end_included else ')'}"
    if kind is Function:
        return f"function({', '.join(value.parameters)})"
    if kind is timedelta:
        return f"seconds {value.total_seconds():g}"
    if kind is YearsMonths:
        return f"months {value.months}"
    assert kind in (date, time, datetime), kind
    zone = value.tzinfo if kind is not date else None
    named = f"@{zone.key}" if hasattr(zone, "key") else ""
    plain = value.replace(tzinfo=None) if named else value
    return f"{ {date: 'date', time: 'time', datetime: 'moment'}[kind] } {plain.isoformat()}{named}"


def value_of(text: str, **context: Any) -> str:
    """What the expression gives, as short text."""
    return shown(evaluate(text, context))
