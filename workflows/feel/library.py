"""All built-in functions by name."""

from __future__ import annotations

from workflows.feel import functions as _functions
from workflows.feel.signatures import SIGNATURES

assert _functions.__doc__

NAMES: tuple[str, ...] = tuple(SIGNATURES)
"""Names of FEEL's own functions."""
HEAVY: frozenset[str] = frozenset(
    name for name, ways in SIGNATURES.items() if any(one.heavy for one in ways)
)
"""Those that may cost much and therefore run with a budget."""
PROPERTY_NAMES = ("time offset", "start included", "end included")
"""Members of values whose names have spaces."""
CLOCK = frozenset({"now", "today"})
"""Those that look at a clock."""
