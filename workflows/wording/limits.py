"""What a text may cost: it comes from a package that somebody uploaded."""

from __future__ import annotations

from time import monotonic

from workflows.wording.errors import fault

MAX_TEXT = 500_000
"""Characters of a template."""
MAX_TAGS = 5_000
"""Tags of a template."""
MAX_NESTING = 32
"""Blocks inside each other."""
MAX_STEPS = 200_000
"""Tags and texts visited in one rendering, loops counted each time."""
MAX_OUTPUT = 4_000_000
"""Characters of one rendering: about a thousand pages."""
MAX_SECONDS = 10.0
"""Wall time of one rendering; steps end most runaways earlier."""


class Allowance:
    """Steps, characters and time left of one rendering."""

    __slots__ = ("_characters", "_deadline", "_steps")

    def __init__(self) -> None:
        self._steps = MAX_STEPS
        self._characters = MAX_OUTPUT
        self._deadline = monotonic() + MAX_SECONDS

    def step(self, line: int) -> None:
        """One more piece is visited. WordingError `limit_steps`, `limit_time`."""
        self._steps -= 1
        if self._steps < 0:
            raise fault(line, "limit_steps", limit=MAX_STEPS)
        if monotonic() > self._deadline:
            raise fault(line, "limit_time", seconds=MAX_SECONDS)

    def write(self, text: str, line: int) -> None:
        """Text is about to be added. WordingError `limit_output`."""
        self._characters -= len(text)
        if self._characters < 0:
            raise fault(line, "limit_output", limit=MAX_OUTPUT)
