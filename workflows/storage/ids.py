"""Row ids: 63-bit integers in the order of time, and how they look outside.

High 33 bits are seconds since 1970, low 30 bits a counter that starts at random each second, so
that several processes need no coordination: two that make 10 ids each in the same second meet
with a chance of 2 in 10⁸, and the primary key then refuses the second one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from threading import Lock

from workflows.errors import InvalidInputError
from workflows.storage.clock import Clock

COUNTER_BITS = 30
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u that people misread or that make words."""

LENGTH = 13
"""Characters of an outside id: 13 × 5 bits hold 63."""

MAX_NUMBER = 2**31 - 1
"""Largest number of an item, clock or call within a run."""


class IdSource:
    """Gives ids, each larger than the one before, from any thread."""

    def __init__(self, clock: Clock, start: Callable[[int], int] = secrets.randbelow) -> None:
        self._clock = clock
        self._start = start
        self._last = 0
        self._lock = Lock()

    def next(self) -> int:
        """The next id. A clock that stands still or goes back only makes it count on."""
        second = int(self._clock.now().timestamp())
        fresh = (second << COUNTER_BITS) | self._start(1 << (COUNTER_BITS - 1))
        with self._lock:
            counting_on = self._last >> COUNTER_BITS >= second
            self._last = self._last + 1 if counting_on else fresh
            return self._last


def encode_id(number: int) -> str:
    """The outside form of a row id: 13 characters that sort like the number."""
    if not 0 <= number < 1 << 63:
        raise ValueError(f"{number} is not a row id")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def decode_id(text: str) -> int:
    """The row id of its outside form; InvalidInputError("id.malformed") for anything else."""
    if len(text) != LENGTH or any(letter not in ALPHABET for letter in text):
        raise InvalidInputError("id.malformed")
    number = 0
    for letter in text:
        number = number << 5 | ALPHABET.index(letter)
    if number >= 1 << 63:
        raise InvalidInputError("id.malformed")
    return number


def encode_item(run_id: int, number: int) -> str:
    """The outside form of a work item, clock or call: its run and its number there."""
    return f"{encode_id(run_id)}-{number}"


def decode_item(text: str) -> tuple[int, int]:
    """(run id, number); InvalidInputError("id.malformed") unless written as `encode_item` does."""
    run, dash, digits = text.partition("-")
    well_formed = digits.isascii() and digits.isdigit() and len(digits) <= 10
    if not dash or not well_formed or (digits[0] == "0" and digits != "0"):
        raise InvalidInputError("id.malformed")
    number = int(digits)
    if number > MAX_NUMBER:
        raise InvalidInputError("id.malformed")
    return decode_id(run), number
