"""FEEL's built-in functions, DMN 1.5 §10.3.4, a module a family.

Importing this package fills `signatures.SIGNATURES`. A function gets FEEL values of the declared
types and returns one; None is null. Nothing here reads files, the network or, but for the port in
`clock.py`, the time.
"""

from workflows.feel.functions import (
    contexts,
    conversion,
    intervals,
    lists,
    numbers,
    ordering,
    range_text,
    statistics,
    strings,
    temporal,
)

__all__ = [
    "contexts",
    "conversion",
    "intervals",
    "lists",
    "numbers",
    "ordering",
    "range_text",
    "statistics",
    "strings",
    "temporal",
]
