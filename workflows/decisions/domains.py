"""What the cells of a column let pass, as sets that can be counted.

A column's constants cut its values into *atoms*: each constant, and for ordered types each
stretch between two of them. A cell is a set of atoms, kept as bits. That is exact for every cell
that `cells.py` understands; any other is None: nothing is claimed of it. Null stands outside: a
cell on a missing value is nobody's gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from workflows.decisions.cells import ORDERED, Cell, OpaqueError, Span
from workflows.feel import YearsMonths

_MAX_POINTS = 500
_MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """`point`: one value. Otherwise the open stretch from `low` to `high`, or every other value of
    a type without order."""

    point: bool
    value: Any = None
    low: Any = None
    high: Any = None
    other: bool = False


Mask: TypeAlias = int


class Domain:
    """The atoms of one column. `closed`: every value there is counts for a gap."""

    def __init__(self, cells: Sequence[Cell | None], allowed: Cell | None, type_name: str) -> None:
        known = [cell for cell in (*cells, allowed) if cell is not None]
        self.atoms = _atoms(known, type_name)
        self._places = {(type(a.value), a.value): n for n, a in enumerate(self.atoms) if a.point}
        self.everything: Mask = (1 << len(self.atoms)) - 1
        self.possible = self.everything if allowed is None else self._mask(allowed)
        if allowed is not None and self.possible == 0:
            self.possible = self.everything
        others = sum(1 << n for n, atom in enumerate(self.atoms) if atom.other)
        self.gaps: Mask = self.possible & ~others if len(self.atoms) > 1 else self.possible

    def mask(self, cell: Cell | None) -> Mask | None:
        """The atoms a cell lets pass, of those that are possible; None: nobody knows."""
        return None if cell is None else self._mask(cell) & self.possible

    def _mask(self, cell: Cell) -> Mask:
        if cell.anything:
            return self.everything
        found = 0
        for value in cell.values:
            found |= 1 << self._places[type(value), value]
        for span in cell.spans:
            for n, atom in enumerate(self.atoms):
                if _inside(atom, span):
                    found |= 1 << n
        return self.everything & ~found if cell.negated else found

    def describe(self, mask: Mask) -> str:
        """The values of a set, as a cell would write them; cut off after a few."""
        runs: list[list[Atom]] = []
        for n, atom in enumerate(self.atoms):
            if mask >> n & 1:
                if runs and n and mask >> (n - 1) & 1 and self._ordered:
                    runs[-1].append(atom)
                else:
                    runs.append([atom])
        told = [_text(run[0], run[-1]) for run in runs[:_MOST_TOLD]]
        return ", ".join(told) + (", …" if len(runs) > _MOST_TOLD else "")

    @property
    def _ordered(self) -> bool:
        return len(self.atoms) > 1 and type(self.atoms[1].value) in ORDERED


def _atoms(cells: Iterable[Cell], type_name: str) -> list[Atom]:
    """All atoms of the constants in these cells. OpaqueError: types mixed, or too many."""
    values = {(type(v), v): v for cell in cells for v in _points(cell)}
    kinds = {kind for kind, _ in values}
    if len(values) > _MAX_POINTS or len(kinds) > 1:
        raise OpaqueError
    if kinds == {bool} or (not kinds and type_name == "boolean"):
        return [Atom(point=True, value=True), Atom(point=True, value=False)]
    if not kinds:
        return [Atom(point=False, other=True)]
    kind = kinds.pop()
    if kind in ORDERED:
        return list(_line(sorted(values.values()), kind))
    if kind is str:
        points = [Atom(point=True, value=value) for value in values.values()]
        return [*points, Atom(point=False, other=True)]
    raise OpaqueError


def _points(cell: Cell) -> Iterator[Any]:
    yield from cell.values
    for span in cell.spans:
        yield from (end for end in (span.low, span.high) if end is not None)


def _line(points: list[Any], kind: type) -> Iterator[Atom]:
    """The stretches and points of an ordered type, from below. Days have nothing between them."""
    yield Atom(point=False, high=points[0])
    for n, value in enumerate(points):
        yield Atom(point=True, value=value)
        after = points[n + 1] if n + 1 < len(points) else None
        if not _adjacent(value, after, kind):
            yield Atom(point=False, low=value, high=after)


def _adjacent(value: Any, after: Any, kind: type) -> bool:
    if after is None:
        return False
    if kind is date:
        return bool(after - value <= timedelta(days=1))
    return bool(kind is YearsMonths and after.months - value.months <= 1)


def _inside(atom: Atom, span: Span) -> bool:
    if atom.other:
        return False
    low = atom.value if atom.point else atom.low
    high = atom.value if atom.point else atom.high
    return _above(low, span, atom.point) and _below(high, span, atom.point)


def _above(low: Any, span: Span, point: bool) -> bool:
    if span.low is None:
        return True
    if low is None:
        return False
    return bool(low > span.low or (low == span.low and (span.with_low or not point)))


def _below(high: Any, span: Span, point: bool) -> bool:
    if span.high is None:
        return True
    if high is None:
        return False
    return bool(high < span.high or (high == span.high and (span.with_high or not point)))


def _text(first: Atom, last: Atom) -> str:
    """A run of neighbouring atoms: one value, a comparison or a range."""
    if first.other:
        return "…"
    low = first.value if first.point else first.low
    high = last.value if last.point else last.high
    if first is last and first.point:
        return show(low)
    if low is None and high is None:
        return "-"
    if low is None:
        return f"{'<=' if last.point else '<'} {show(high)}"
    if high is None:
        return f"{'>=' if first.point else '>'} {show(low)}"
    return f"{'[' if first.point else '('}{show(low)}..{show(high)}{']' if last.point else ')'}"


def show(value: Any) -> str:
    """A constant as FEEL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
