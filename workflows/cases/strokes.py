"""What somebody drew: read, judged, brought to one size. Pure.

Coordinates are those of the pad in CSS pixels, times milliseconds since the first point. A
signature of one tap or a straight dash is none; one of a hundred thousand points is no hand's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import orjson

from workflows.errors import InvalidInputError

MOST_BYTES = 256 * 1024
MOST_STROKES, MOST_POINTS = 200, 8000
LEAST_POINTS, LEAST_LENGTH = 8, 120
"""Of all strokes together, in points and pixels of a pad 600 wide."""
PAD_WIDTH = 600
WIDEST = 10_000
SIDE = 1000
"""The longer side of a signature's own box, in units."""
GRID = 8
"""Units within which two shapes count as the same: less than a tremor, more than rounding."""
LEAST_RHYTHM = 25
"""Points below which equal timing may be chance."""

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Strokes:
    """A signature as it was drawn. `lines`: for each stroke its points (x, y, ms)."""

    width: int
    height: int
    lines: tuple[tuple[tuple[float, float, int], ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data, the same for the same strokes."""
        return {"width": self.width, "height": self.height, "lines": self.lines}

    @property
    def points(self) -> tuple[tuple[float, float, int], ...]:
        """All points in the order they were drawn."""
        return tuple(point for line in self.lines for point in line)


def read_strokes(text: str) -> Strokes:
    """What the pad posts: {"width", "height", "lines": [[[x, y, ms], …], …]}.

    Raises InvalidInputError `signing.strokes_malformed`, `signing.strokes_too_many`,
    `signing.strokes_too_few`.
    """
    if len(text) > MOST_BYTES:
        raise InvalidInputError("signing.strokes_too_many")
    try:
        read = from_json(orjson.loads(text))
    except (ValueError, TypeError, LookupError, OverflowError) as wrong:
        raise InvalidInputError("signing.strokes_malformed") from wrong
    if len(read.lines) > MOST_STROKES or len(read.points) > MOST_POINTS:
        raise InvalidInputError("signing.strokes_too_many")
    drawn = sum(math.dist(a[:2], b[:2]) for line in read.lines for a, b in pairwise(line))
    if len(read.points) < LEAST_POINTS or drawn * PAD_WIDTH / read.width < LEAST_LENGTH:
        raise InvalidInputError("signing.strokes_too_few")
    return read


def from_json(data: Any) -> Strokes:
    """Strokes from plain data. Raises ValueError, TypeError, LookupError or OverflowError for
    anything else."""
    width, height = int(data["width"]), int(data["height"])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise ValueError("size")
    lines = tuple(tuple(_point(one) for one in line) for line in data["lines"])
    return Strokes(width, height, tuple(line for line in lines if line))


def _point(one: Any) -> tuple[float, float, int]:
    x, y, ms = round(float(one[0]), 1), round(float(one[1]), 1), int(one[2])
    if len(one) != 3 or not (abs(x) <= WIDEST and abs(y) <= WIDEST and 0 <= ms < 10**8):
        raise ValueError("point")
    return x, y, ms


def in_own_box(strokes: Strokes) -> tuple[tuple[Line, ...], float, float]:
    """(lines, width, height) moved to the origin and scaled so that the longer side is SIDE."""
    xs = [x for x, _, _ in strokes.points]
    ys = [y for _, y, _ in strokes.points]
    left, top = min(xs), min(ys)
    wide, high = max(xs) - left, max(ys) - top
    scale = SIDE / max(wide, high, 1)
    lines = tuple(
        tuple(((x - left) * scale, (y - top) * scale) for x, y, _ in line) for line in strokes.lines
    )
    return lines, wide * scale, high * scale


def shape_of(strokes: Strokes) -> str:
    """One text for signatures whose strokes run alike, wherever on the pad and however large."""
    lines, _, _ = in_own_box(strokes)
    return ";".join(
        " ".join(f"{round(x / GRID)},{round(y / GRID)}" for x, y in line) for line in lines
    )


def rhythm_of(strokes: Strokes) -> str | None:
    """One text for signatures drawn with the same timing to the millisecond; None for those too
    short to tell. No hand repeats itself so; a recording does, even when its lines were bent."""
    times = [ms for _, _, ms in strokes.points]
    if len(times) < LEAST_RHYTHM:
        return None
    return " ".join(str(b - a) for a, b in pairwise(times))


def curves(lines: Sequence[Line]) -> Iterator[tuple[Point, tuple[tuple[Point, Point, Point], ...]]]:
    """Each line as a start and cubic Bézier pieces through the middles between its points."""
    for line in lines:
        start, pieces, here = line[0], [], line[0]
        for control, after in pairwise(line[1:]):
            middle = ((control[0] + after[0]) / 2, (control[1] + after[1]) / 2)
            pieces.append(_cubic(here, control, middle))
            here = middle
        pieces.append(_cubic(here, here, line[-1]))
        yield start, tuple(pieces)


def _cubic(start: Point, control: Point, end: Point) -> tuple[Point, Point, Point]:
    """A quadratic curve as a cubic one."""
    first = tuple(s + 2 / 3 * (c - s) for s, c in zip(start, control, strict=True))
    second = tuple(e + 2 / 3 * (c - e) for e, c in zip(end, control, strict=True))
    return (first[0], first[1]), (second[0], second[1]), end


def svg_path(strokes: Strokes) -> tuple[str, int, int]:
    """(path data, width, height) of the signature in its own box."""
    lines, wide, high = in_own_box(strokes)
    parts = []
    for start, pieces in curves(lines):
        parts.append(f"M{start[0]:.0f} {start[1]:.0f}")
        parts += ["C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in piece) for piece in pieces]
    return "".join(parts), round(wide), round(high)
