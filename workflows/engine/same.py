"""Equality of process data: 1, true and 1.0 are three values, which `==` does not know."""

from __future__ import annotations

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Equal in value and type, at every depth."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            key in other and same(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
