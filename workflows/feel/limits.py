"""What an expression may cost. An expression comes from a package that somebody uploaded."""

from __future__ import annotations

from time import monotonic

from workflows.feel.errors import START, At, fault

MAX_TEXT = 65_536
"""Characters of one expression."""
MAX_NESTING = 64
"""Brackets, function literals, `if` … inside each other; bounded by Python's own call depth."""
MAX_CHAIN = 256
"""Operators of one level in a row (`a + b + …`, `a.b[1].c…`)."""
MAX_CALLS = 120
"""FEEL functions that are inside each other while running (recursion)."""
MAX_STEPS = 500_000
"""Loop rounds, calls and list elements touched by one evaluation."""
MAX_LIST = 100_000
"""Elements of one list."""
MAX_STRING = 1_000_000
"""Characters of one string."""
MAX_SECONDS = 3.0
"""Wall time of one evaluation; steps end most runaways earlier."""
MAX_DIGITS = 6_144
"""Largest exponent of a number: that of decimal128 (DMN 1.5 §10.3.2.3.1)."""

_CHARACTERS_A_STEP = 64
_STEPS_BETWEEN_LOOKS = 2_048


class Budget:
    """Steps and time left of one evaluation. Not shared between threads."""

    __slots__ = ("_deadline", "_next_look", "calls", "steps")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.calls = 0
        self._deadline = monotonic() + MAX_SECONDS
        self._next_look = MAX_STEPS - _STEPS_BETWEEN_LOOKS

    def spend(self, steps: int, at: At = START) -> None:
        """Take `steps`; FeelError `limit_steps` or `limit_time` where none are left."""
        self.steps -= steps
        if self.steps < self._next_look:
            self._look(at)

    def _look(self, at: At) -> None:
        if self.steps < 0:
            raise fault(at, "limit_steps", limit=MAX_STEPS)
        if monotonic() > self._deadline:
            raise fault(at, "limit_time", seconds=MAX_SECONDS)
        self._next_look = self.steps - _STEPS_BETWEEN_LOOKS

    def enter(self, at: At) -> None:
        """One FEEL function more is running."""
        self.spend(1, at)
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise fault(at, "limit_depth", limit=MAX_CALLS)

    def leave(self) -> None:
        """It has returned."""
        self.calls -= 1

    def weigh(self, value: object, at: At) -> None:
        """Charge a new list or string by its size and refuse one over the limits."""
        if isinstance(value, list):
            if len(value) > MAX_LIST:
                raise fault(at, "limit_list", limit=MAX_LIST)
            self.spend(len(value), at)
        elif isinstance(value, str):
            if len(value) > MAX_STRING:
                raise fault(at, "limit_string", limit=MAX_STRING)
            self.spend(len(value) // _CHARACTERS_A_STEP, at)


def check_length(count: int, at: At = START) -> None:
    """FeelError `limit_list` before a list of `count` elements is built."""
    if count > MAX_LIST:
        raise fault(at, "limit_list", limit=MAX_LIST)


def check_characters(count: int, at: At = START) -> None:
    """FeelError `limit_string` before a string of `count` characters is built."""
    if count > MAX_STRING:
        raise fault(at, "limit_string", limit=MAX_STRING)
