"""Rules as boxes: one set of atoms a column. Overlap and cover are exact set arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]
"""One mask a column; it holds every combination of an atom of each."""

MAX_PIECES = 50_000
"""Pieces of boxes that may be looked at for one table: about a second."""


class TooManyPiecesError(Exception):
    """The question has too many pieces to be answered exactly."""


def is_empty(box: Box) -> bool:
    """Whether no combination is in the box."""
    return not all(box)


def common(first: Box, second: Box) -> Box | None:
    """What two boxes share; None where they share nothing."""
    shared = tuple(a & b for a, b in zip(first, second, strict=True))
    return None if is_empty(shared) else shared


def without(box: Box, taken: Box) -> list[Box]:
    """The box without another, as boxes that do not overlap."""
    if common(box, taken) is None:
        return [box]
    pieces: list[Box] = []
    for column, mask in enumerate(taken):
        outside = box[column] & ~mask
        if outside:
            pieces.append((*box[:column], outside, *box[column + 1 :]))
        box = (*box[:column], box[column] & mask, *box[column + 1 :])
    return pieces


class Cutter:
    """Cuts boxes off each other within one table's allowance of `MAX_PIECES`."""

    def __init__(self) -> None:
        self._left = MAX_PIECES

    def uncovered(self, box: Box, covers: Iterable[Box]) -> list[Box]:
        """What is left of a box after all covers are cut off. TooManyPiecesError."""
        rest = [] if is_empty(box) else [box]
        for cover in covers:
            self._left -= len(rest)
            if self._left < 0:
                raise TooManyPiecesError
            rest = [piece for part in rest for piece in without(part, cover)]
            if not rest:
                break
        return rest

    def is_covered(self, box: Box, covers: Sequence[Box]) -> bool:
        """Whether nothing of the box is left; False where that cannot be said."""
        try:
            return not self.uncovered(box, covers)
        except TooManyPiecesError:
            return False
