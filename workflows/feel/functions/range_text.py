"""`range("[1..3]")`: a range read from a text that may hold constants only. DMN 1.5 §10.3.4.1."""

from __future__ import annotations

from collections.abc import Callable

from workflows.feel.build_collections import make_range
from workflows.feel.errors import FeelError
from workflows.feel.scanner import Scanner
from workflows.feel.signatures import built_in
from workflows.feel.temporal_text import (
    read_date,
    read_date_time,
    read_duration,
    read_literal,
    read_time,
)
from workflows.feel.values import NUMBERS, Range, Value

_FUNCTIONS: tuple[tuple[tuple[str, ...], Callable[[str], Value]], ...] = (
    (("date", "and", "time"), read_date_time),
    (("date",), read_date),
    (("time",), read_time),
    (("duration",), read_duration),
)


@built_in("range", "from: string")
def range_from(text: str) -> Range | None:
    """Null for anything but one range of constants whose ends can be compared."""
    try:
        return _read(Scanner(text))
    except (FeelError, _NotConstantError):
        return None


class _NotConstantError(Exception):
    """An end is no constant."""


def _read(scanner: Scanner) -> Range | None:
    opening = scanner.operator()
    if opening not in ("[", "(", "]"):
        return None
    scanner.accept(opening)
    start = None if scanner.operator() == ".." else _end(scanner)
    scanner.expect("..")
    end = None if scanner.operator() in ("]", ")", "[") else _end(scanner)
    closing = scanner.operator()
    if closing not in ("]", ")", "[") or not scanner.accept(closing) or not scanner.done:
        return None
    low_included, high_included = opening == "[", closing == "]"
    if (start is None and low_included) or (end is None and high_included):
        return None
    return None if start is end is None else make_range(start, end, low_included, high_included)


def _end(scanner: Scanner) -> Value:
    negative = scanner.accept("-")
    number = scanner.number()
    if number is not None:
        return NUMBERS.minus(number) if negative else number
    value = None if negative else _other_end(scanner)
    if value is None:
        raise _NotConstantError
    return value


def _other_end(scanner: Scanner) -> Value:
    if scanner.accept("@"):
        return read_literal(scanner.string() or "")
    text = scanner.string()
    if text is not None:
        return text
    for words, read in _FUNCTIONS:
        start = scanner.offset
        if all(scanner.accept_word(word) for word in words) and scanner.accept("("):
            text = scanner.string()
            return read(text) if text is not None and scanner.accept(")") else None
        scanner.move(start)
    return None
