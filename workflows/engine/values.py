"""FEEL values in process data: how they are kept, and how they leave.

What people submit stays plain JSON, exactly as typed. What expressions compute keeps its type in
the run's data (a date stays a date), travels through the state codec by tags, and becomes plain
JSON when it leaves the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.errors import InvalidInputError, ProcessFaultError
from workflows.feel import YearsMonths

TAG = "\x00"
"""The only key of a tagged value; data from outside may not use it."""

_MAX_DEPTH = 64
_WHOLE = 2**53
"""Whole numbers from here on travel as decimal text: JSON readers round them."""


def kept(value: Any, element: str = "") -> Any:
    """A FEEL result as process data: whole numbers become int, the rest stays as it is.

    ProcessFaultError for what no data can hold (a range, a function).
    """
    if value is None or isinstance(value, (bool, int, str, date, time, timedelta, YearsMonths)):
        return value
    if isinstance(value, Decimal):
        return int(value) if _is_whole(value) else value
    if isinstance(value, (list, tuple)):
        return [kept(item, element) for item in value]
    if isinstance(value, Mapping):
        return {str(key): kept(item, element) for key, item in value.items()}
    raise ProcessFaultError("engine.not_data", element=element, type=type(value).__name__)


def copied(data: Any) -> Any:
    """Process data with containers of its own; what stands in them cannot be changed in place."""
    if type(data) is dict:
        return {key: copied(item) for key, item in data.items()}
    return [copied(item) for item in data] if type(data) is list else data


def plain(value: Any) -> Any:
    """Process data as JSON: dates and durations in ISO 8601, other numbers as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return int(value) if _is_whole(value) else format(value, "f")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    if isinstance(value, YearsMonths):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise InvalidInputError("engine.not_json", type=type(value).__name__)


def shown(value: Any) -> str:
    """A value as an error sentence shows it."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return f'"{value}"'[:60] if isinstance(value, str) else str(value)[:60]


def iso_duration(value: timedelta) -> str:
    """A day-time duration in ISO 8601: P3DT4H, -PT30S, PT0S."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    days = f"{value.days}D" * bool(value.days)
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' * bool(clock)}{clock}"


def accept(data: Any, depth: int = 0) -> Any:
    """Plain data from outside, copied. InvalidInputError for what JSON or the codec cannot hold."""
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, str):
        return accept_text(data)
    if isinstance(data, (int, float)):
        return accept_number(data)
    if depth < _MAX_DEPTH:
        if isinstance(data, Mapping):
            if any(not isinstance(key, str) or TAG in key for key in data):
                raise InvalidInputError("engine.bad_key")
            return {accept_text(key): accept(item, depth + 1) for key, item in data.items()}
        if isinstance(data, (list, tuple)):
            return [accept(item, depth + 1) for item in data]
    raise InvalidInputError("engine.not_json", type=type(data).__name__)


def accept_text(text: str) -> str:
    """Text that can be written as UTF-8; half a surrogate pair cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise InvalidInputError("engine.not_json", type="UTF-16") from exc
    return text


def accept_number(value: float) -> int | str:
    """A JSON number; fractions and very large ones as decimal text, never as binary fractions."""
    number = Decimal(repr(value))
    if not number.is_finite():
        raise InvalidInputError("engine.not_json", type=repr(value))
    return int(number) if _is_whole(number) else format(number, "f")


def _is_whole(number: Decimal) -> bool:
    return abs(number) < _WHOLE and number == number.to_integral_value()


def tagged(value: Any) -> dict[str, list[Any]]:
    """The codec's form of one typed value. TypeError for any other type."""
    if isinstance(value, Decimal):
        return {TAG: ["n", str(value)]}
    if isinstance(value, datetime):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
        return {TAG: ["i", value.isoformat(), zone]}
    if isinstance(value, date):
        return {TAG: ["d", value.isoformat()]}
    if isinstance(value, time):
        return {TAG: ["t", value.isoformat()]}
    if isinstance(value, timedelta):
        return {TAG: ["p", value.days, value.seconds, value.microseconds]}
    if isinstance(value, YearsMonths):
        return {TAG: ["y", value.months]}
    raise TypeError(f"a {type(value).__name__} cannot be kept in a state")


def untagged(value: Any) -> Any:
    """Data read back from the codec, tags turned into values again. Fills in the containers it is
    given, which nobody else may hold: most of what a state holds are texts that stay."""
    if type(value) is dict:
        if len(value) == 1 and TAG in value:
            return _restore(value[TAG])
        for key, item in value.items():
            if type(item) is dict or type(item) is list:
                value[key] = untagged(item)
    elif type(value) is list:
        for place, item in enumerate(value):
            if type(item) is dict or type(item) is list:
                value[place] = untagged(item)
    return value


def _restore(parts: list[Any]) -> Any:
    kind, first = parts[0], parts[1]
    if kind == "n":
        return Decimal(first)
    if kind == "d":
        return date.fromisoformat(first)
    if kind == "t":
        return time.fromisoformat(first)
    if kind == "i":
        instant = datetime.fromisoformat(first)
        return instant.replace(tzinfo=ZoneInfo(parts[2])) if parts[2] else instant
    if kind == "p":
        return timedelta(days=first, seconds=parts[2], microseconds=parts[3])
    return YearsMonths(first)
