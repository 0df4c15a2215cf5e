"""Rules as boxes: one set of atoms a column. Overlap and cover are exact set arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]
"""One mask a column; it holds every combination of an atom of each."""

MAX_BOXES = 4_000
"""Pieces that may be in hand while boxes are cut off each other."""


class TooManyBoxesError(Exception):
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


def uncovered(box: Box, covers: Iterable[Box]) -> list[Box]:
    """What is left of a box after all covers are cut off. TooManyBoxesError."""
    rest = [] if is_empty(box) else [box]
    for cover in covers:
        rest = [piece for part in rest for piece in without(part, cover)]
        if len(rest) > MAX_BOXES:
            raise TooManyBoxesError
        if not rest:
            break
    return rest


def is_covered(box: Box, covers: Sequence[Box]) -> bool:
    """Whether nothing of the box is left; False where that cannot be said."""
    try:
        return not uncovered(box, covers)
    except TooManyBoxesError:
        return False
