"""Placeholders in the demo's texts, so that what people tell is as near as the case. Pure.

`{d-3}` → 7月2日, three days before the case was opened; `{m-1}` → 6月, the month before;
`{ymd-1}` → 20260704; `{mediator}` → the mediator's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

PLACE = re.compile(r"\{(ymd|d|m|mediator)([+-]\d+)?\}")

Names: TypeAlias = Mapping[str, str]


def fill(text: str, opened_on: date, names: Names) -> str:
    """The text with its placeholders replaced; `names` holds `mediator`."""

    def value(match: re.Match[str]) -> str:
        kind, offset = match[1], int(match[2] or 0)
        if kind in names:
            return names[kind]
        if kind == "m":
            return f"{(opened_on.month - 1 + offset) % 12 + 1}月"
        day = opened_on + timedelta(offset)
        return day.strftime("%Y%m%d") if kind == "ymd" else f"{day.month}月{day.day}日"

    return PLACE.sub(value, text)


def fill_all(value: Any, opened_on: date, names: Names) -> Any:
    """The same for every text in a JSON value."""
    if isinstance(value, str):
        return fill(value, opened_on, names)
    if isinstance(value, Mapping):
        return {name: fill_all(inner, opened_on, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill_all(inner, opened_on, names) for inner in value]
    return value
