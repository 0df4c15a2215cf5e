"""Inputs of our own pages, as the macro `field` draws them (forms of packages: `webapp/forms`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Entry:
    """One input. `kind`: text | date | email | longtext; `options`: (value, text) of a choice."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    value: str = ""
    error: str = ""
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()


def filled(
    entries: tuple[Entry, ...], typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The inputs with what was typed, each beside what is wrong with it."""
    return tuple(
        replace(one, value=typed.get(one.name, one.value), error=errors.get(one.name, ""))
        for one in entries
    )
