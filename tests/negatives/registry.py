"""Which surface is asked about which hard negative, read from `surfaces.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

NEGATIVES = (1, 2, 3, 4, 5, 9, 10)
ASKED = "asked"
"""What a profile says where a test asks the surface; anything else is the reason why not."""


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """Profile → {"about", "surfaces", "1": …, "2": …}."""
    return tomllib.loads(Path(__file__).with_name("surfaces.toml").read_text(encoding="utf-8"))


def listed() -> Mapping[str, str]:
    """Surface → its profile. A surface in two profiles is an error."""
    found: dict[str, str] = {}
    for name, profile in profiles().items():
        for surface in profile["surfaces"]:
            assert surface not in found, f"{surface}: in {found[surface]} and {name}"
            found[surface] = name
    return found


def asked(negative: int) -> set[str]:
    """Surfaces a test has to ask about a negative."""
    told = {name for name, one in profiles().items() if one[str(negative)] == ASKED}
    return {surface for surface, profile in listed().items() if profile in told}
