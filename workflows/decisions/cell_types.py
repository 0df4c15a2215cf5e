"""Constants in input cells that can never equal what their column reads: a text where the process
has a number, a number where it has a date. Such a rule never matches, and a later one decides in
its place without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from workflows.decisions.cells import OpaqueError, constant_of
from workflows.decisions.feel_text import Names
from workflows.decisions.model import InputColumn, Text
from workflows.feel import FeelError, YearsMonths
from workflows.feel.inference import type_of
from workflows.feel.library import NAMES
from workflows.feel.nodes import (
    CompareTest,
    ListLiteral,
    Node,
    RangeLiteral,
    Tests,
    ValueTest,
)
from workflows.feel.parser import Parser
from workflows.feel.scope import Declared, declare
from workflows.feel.types import Simple, Type

_FITTING: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "date and time": (date,),
    "time": (),
    "days and time duration": (timedelta,),
    "years and months duration": (YearsMonths,),
}
"""Type of a column → Python types of the constants that may be compared with it, of those that
`cells.py` reads. Days under a date and time are left to FEEL."""
_DECLARED = declare({}, (), NAMES)


def known_names(names: Names) -> Declared:
    """The names of a table as the texts of its columns are read against them."""
    return declare(names, (), NAMES)


def type_of_column(column: InputColumn, names: Declared) -> str | None:
    """Type of the values the column reads, as far as `names` tell; None where they do not. What
    the file says of the column is not asked: editors write `string` unless somebody changes it."""
    try:
        parser = Parser(column.text.text, names, strict=False)
        kind: Type = type_of(parser.tree().root)
    except (FeelError, RecursionError):
        return None
    return kind.name if isinstance(kind, Simple) and kind.name in _FITTING else None


def misfits(cell: Text, kind: str) -> bool:
    """Whether the cell compares a value of this type with a constant of another."""
    return any(type(value) not in _FITTING[kind] for value in _constants(cell.text))


def _constants(text: str) -> Iterator[Any]:
    """The constants a cell compares its value with; other parts of it are passed over."""
    if text == "-":
        return
    try:
        root = Parser(text, _DECLARED, strict=False).cell_tree().root
    except (FeelError, RecursionError):
        return
    assert isinstance(root, Tests)
    for node in root.tests:
        for operand in _operands(node):
            try:
                yield constant_of(operand)
            except OpaqueError:
                continue


def _operands(node: Node | None) -> Iterator[Node]:
    if isinstance(node, CompareTest):
        yield from _operands(node.operand)
    elif isinstance(node, ValueTest):
        yield from () if node.asks else _operands(node.expression)
    elif isinstance(node, ListLiteral):
        for item in node.items:
            yield from _operands(item)
    elif isinstance(node, RangeLiteral):
        yield from _operands(node.start)
        yield from () if node.end is node.start else _operands(node.end)
    elif node is not None:
        yield node
