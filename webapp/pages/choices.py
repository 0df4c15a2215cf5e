"""What lists are narrowed by: tabs above them, and filters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; a link of its own. `count`: as it is read, "" where none is told."""

    name: str
    url: str
    count: str
    current: bool
    icon: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """One filter; `options` are (value, text), the first one means all."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]
