"""A column of ranges and comparisons as one sorted line: which rules pass is one bisection.

The line has a slot for each constant and for each stretch beside it: slot 2i is below point i,
slot 2i + 1 is point i itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from workflows.decisions.cells import ORDERED, Cell, Span


def kind_of_cell(cell: Cell | None) -> type | None:
    """The one ordered type of all constants of a cell; None where there is none."""
    if cell is None or cell.anything:
        return None
    kinds = {type(value) for value in cell.values}
    kinds |= {type(end) for span in cell.spans for end in (span.low, span.high) if end is not None}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if kind in ORDERED else None


class Steps:
    """Rules by the slot a value of `kind` falls into."""

    def __init__(self, kind: type, cells: Sequence[tuple[int, Cell]]) -> None:
        self.kind = kind
        points = {value for _, cell in cells for value in cell.values}
        for _, cell in cells:
            for span in cell.spans:
                points |= {end for end in (span.low, span.high) if end is not None}
        self._points = sorted(points)
        self._masks = [0] * (2 * len(self._points) + 1)
        for bit, cell in cells:
            for slot in self._slots(cell):
                self._masks[slot] |= bit

    def matching(self, value: Any) -> int:
        """Bits of the rules whose cell the value passes."""
        index = bisect_left(self._points, value)
        is_point = index < len(self._points) and self._points[index] == value
        return self._masks[2 * index + is_point]

    def _slots(self, cell: Cell) -> set[int]:
        found = {2 * bisect_left(self._points, value) + 1 for value in cell.values}
        for span in cell.spans:
            found.update(range(self._first(span), self._last(span) + 1))
        return set(range(len(self._masks))) - found if cell.negated else found

    def _first(self, span: Span) -> int:
        if span.low is None:
            return 0
        return 2 * bisect_left(self._points, span.low) + (1 if span.with_low else 2)

    def _last(self, span: Span) -> int:
        if span.high is None:
            return len(self._masks) - 1
        return 2 * bisect_left(self._points, span.high) + (1 if span.with_high else 0)
