"""What a cell of a decision table says, as far as it says it in constants: values, ranges,
comparisons, lists of them, `not(…)` and `-`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

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
        yield from _comparison(test.operator, constant_of(test.operand))
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
        yield constant_of(node)


def _span(node: RangeLiteral) -> Span:
    low = None if node.start is None else constant_of(node.start)
    high = None if node.end is None else constant_of(node.end)
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


def constant_of(node: Node) -> Any:
    """The value of a literal, `-5`, or `date("2026-01-01")` and its like. OpaqueError."""
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
