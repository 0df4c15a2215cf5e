"""What a cell of a decision table lets pass, as a set that can be counted.

A column's constants cut its values into *atoms*: each constant, and for ordered types each
stretch between two of them. A cell is a set of atoms, kept as bits. That is exact for constants,
ranges, comparisons, lists, `not(…)` and `-`; any other cell is None: nothing is claimed of it.
Null stands outside: a cell on a missing value is nobody's gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from workflows.feel import FeelError, YearsMonths, convert
from workflows.feel.library import NAMES
from workflows.feel.nodes import (
    BuiltIn,
    Call,
    CompareTest,
    ListLiteral,
    Literal,
    Negation,
    Node,
    RangeLiteral,
    Tests,
    ValueTest,
)
from workflows.feel.parser import Parser
from workflows.feel.scope import declare

ORDERED: frozenset[type] = frozenset({Decimal, date, timedelta, YearsMonths})
"""Types whose values stand in one line."""
_MAX_POINTS = 500
_MOST_TOLD = 4
_READ = {
    "date": ("date",),
    "duration": ("days and time duration", "years and months duration"),
    "date and time": ("date and time",),
    "time": ("time",),
}


@dataclass(frozen=True, slots=True)
class Span:
    """All values from `low` to `high`; an end that is None is open to that side."""

    low: Any
    high: Any
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The constants and spans a cell lists; `negated`: it lets everything else pass."""

    values: tuple[Any, ...] = ()
    spans: tuple[Span, ...] = ()
    negated: bool = False
    anything: bool = False


class OpaqueError(Exception):
    """A cell says more than this module understands."""


def read_cell(text: str) -> Cell | None:
    """The cell as data; None where it is anything but constants, ranges and comparisons."""
    if text == "-":
        return Cell(anything=True)
    try:
        tree = Parser(text, _DECLARED, strict=True).cell_tree()
    except FeelError:
        return None
    assert isinstance(tree.root, Tests)
    values: list[Any] = []
    spans: list[Span] = []
    try:
        for test in tree.root.tests:
            for part in _parts(test):
                (spans if isinstance(part, Span) else values).append(part)
    except OpaqueError:
        return None
    return Cell(tuple(values), tuple(spans), tree.root.negated)


_DECLARED = declare({}, (), NAMES)


def _parts(test: Node) -> Iterator[Any]:
    if isinstance(test, CompareTest):
        yield from _comparison(test.operator, _constant(test.operand))
    elif isinstance(test, ValueTest) and not test.asks:
        yield from _members(test.expression)
    else:
        raise OpaqueError


def _members(node: Node) -> Iterator[Any]:
    if isinstance(node, ListLiteral):
        for item in node.items:
            yield from _members(item)
    elif isinstance(node, RangeLiteral):
        yield _span(node)
    else:
        yield _constant(node)


def _span(node: RangeLiteral) -> Span:
    low = None if node.start is None else _constant(node.start)
    high = None if node.end is None else _constant(node.end)
    ends = [end for end in (low, high) if end is not None]
    if not ends or any(type(end) not in ORDERED for end in ends):
        raise OpaqueError
    if len(ends) == 2 and type(low) is not type(high):
        raise OpaqueError
    return Span(low, high, node.start_included, node.end_included)


def _comparison(operator: str, value: Any) -> Iterator[Any]:
    if operator == "=":
        yield value
        return
    if type(value) not in ORDERED or operator == "!=":
        raise OpaqueError
    if operator in ("<", "<="):
        yield Span(None, value, False, operator == "<=")
    else:
        yield Span(value, None, operator == ">=", False)


def _constant(node: Node) -> Any:
    """The value of a literal, `-5`, or `date("2026-01-01")` and its like."""
    if isinstance(node, Literal) and node.value is not None:
        return _plain(node.value)
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        value = node.operand.value
        if isinstance(value, Decimal):
            return -value
    if isinstance(node, Call) and isinstance(node.function, BuiltIn) and len(node.arguments) == 1:
        argument = node.arguments[0]
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            for kind in _READ.get(node.function.name, ()):
                value = convert(argument.value, kind)
                if value is not None:
                    return _plain(value)
    raise OpaqueError


def _plain(value: Any) -> Any:
    """Moments compare across zones in ways an atom cannot hold."""
    if isinstance(value, (datetime, time)):
        raise OpaqueError
    return value


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
        for n, atom in enumerate(self.atoms):
            if any(_same(atom, value) for value in cell.values) or any(
                _inside(atom, span) for span in cell.spans
            ):
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


def _same(atom: Atom, value: Any) -> bool:
    return atom.point and type(atom.value) is type(value) and bool(atom.value == value)


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
