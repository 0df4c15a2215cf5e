"""What a decision file may cost: it comes from a package that somebody uploaded."""

from __future__ import annotations

MAX_BYTES = 2 * 1024 * 1024
"""Size of one file."""
MAX_NESTING = 32
"""Boxed expressions inside each other, and item definitions inside each other."""
MAX_ELEMENTS = 100_000
"""XML elements of one file."""
MAX_IMPORTS = 50
"""Files that one file imports, directly or not, itself included."""
MAX_DEPTH = 32
"""Knowledge models and decision services that are inside each other while running. Each takes
some ten to twenty Python frames."""
MAX_CALLS = 5_000
"""Calls of knowledge models and services, and rounds of boxed loops, in one evaluation."""
MAX_SECONDS = 5.0
"""Wall time of one evaluation; calls end most runaways earlier."""
MAX_PLANS = 16
"""Sets of context names a file is kept compiled for."""
