"""A figure with its budget, how times are taken, and the table they are printed in."""

from __future__ import annotations

import statistics
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Timed: TypeAlias = Callable[[], float]
"""Does one round of something and returns its seconds; what it prepares is not counted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `budget`: the most it may be, None for a figure that only explains
    another one. `p95`: the 95th percentile in the same unit, None where there are no rounds."""

    measure: str
    value: float
    unit: str
    budget: float | None = None
    p95: float | None = None

    @property
    def verdict(self) -> str:
        """ok | over, empty without a budget."""
        if self.budget is None:
            return ""
        return "ok" if self.value <= self.budget else "over"


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds of many rounds of one thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]

    def in_ms(self, measure: str, budget_ms: float | None = None) -> Figure:
        """The median in milliseconds."""
        return Figure(measure, self.median * 1000, "ms", budget_ms, self.p95 * 1000)

    def against(self, other: Spread, measure: str, budget: float | None = None) -> Figure:
        """The median as a multiple of another one's; `p95` likewise of the other's median."""
        return Figure(measure, self.median / other.median, "×", budget, self.p95 / other.median)


def timed(work: Callable[[], object]) -> Timed:
    """A round that is counted from its first to its last statement."""

    def run() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return run


def interleave(rounds: int, *, warm_up: int = 3, **things: Timed) -> dict[str, Spread]:
    """Takes turns, so that whatever else the machine does meets all things alike."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for number in range(warm_up + rounds):
        for name, once in things.items():
            taken = once()
            if number >= warm_up:
                seconds[name].append(taken)
    return {name: Spread(tuple(found)) for name, found in seconds.items()}


def table(figures: Sequence[Figure]) -> str:
    """Measure, value, 95th percentile, budget and verdict in columns."""
    rows = [("measure", "value", "p95", "budget", "")]
    rows += [
        (
            figure.measure,
            _number(figure.value, figure.unit),
            _number(figure.p95, figure.unit),
            _number(figure.budget, figure.unit),
            figure.verdict,
        )
        for figure in figures
    ]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def as_json(figures: Sequence[Figure]) -> list[Mapping[str, object]]:
    """The figures as plain data."""
    return [
        {
            "measure": figure.measure,
            "value": round(figure.value, 4),
            "p95": None if figure.p95 is None else round(figure.p95, 4),
            "unit": figure.unit,
            "budget": figure.budget,
            "verdict": figure.verdict,
        }
        for figure in figures
    ]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first = row[0] + " " * (widths[0] - _width(row[0]))
    rest = [
        " " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)
    ]
    return "  ".join([first, *rest]).rstrip()


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if value != value:
        return "?"
    digits = 0 if value == round(value) or value >= 100 else 2
    return f"{value:.{digits}f} {unit}"


def _width(text: str) -> int:
    """Columns in a terminal: Han characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
