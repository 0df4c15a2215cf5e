"""An input column, compiled: constants by one look-up, ranges of one type by one bisection, all
else by FEEL's unary tests and only for rules that are still alive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from workflows.decisions.cells import Cell, read_cell
from workflows.decisions.feel_text import Feel, Names, Scope, Test, constants
from workflows.decisions.model import InputColumn, Text
from workflows.decisions.steps import Steps, kind_of_cell

_SIMPLE = frozenset({str, Decimal, bool})


class Column:
    """An input's expression and the cells under it, one bit a rule."""

    def __init__(
        self, column: InputColumn, cells: Sequence[Text], names: Names, feel: Feel
    ) -> None:
        self._read = feel.text(column.text, names)
        self._allowed = None if column.allowed is None else feel.tests(column.allowed, names)
        self._always = 0
        self._constants: dict[tuple[type, Any], int] = {}
        self._tests: list[tuple[int, Test]] = []
        self._on_line: list[tuple[int, Cell]] = []
        self._off_line: list[tuple[int, bool, Callable[[], Test]]] = []
        self._kind: type | None = None
        for index, cell in enumerate(cells):
            self._add(1 << index, cell, names, feel)
        self._steps = _steps(self._kind, self._on_line)

    def _add(self, bit: int, cell: Text, names: Names, feel: Feel) -> None:
        if cell.text == "-":
            self._always |= bit
            return
        values = constants(cell.text)
        if values is not None:
            for value in values:
                key = (type(value), value)
                self._constants[key] = self._constants.get(key, 0) | bit
            return
        read = read_cell(cell.text)
        kind = kind_of_cell(read)
        if read is None or kind is None or kind is not (self._kind or kind):
            self._tests.append((bit, feel.tests(cell, names)))
            return
        self._kind = kind
        self._on_line.append((bit, read))
        compiled = cache(lambda: feel.tests(cell, names))
        self._off_line.append((bit, read.negated, compiled))

    def value(self, scope: Scope) -> Any:
        """The input's value, null where it is not among `inputValues`."""
        value = self._read(scope)
        if self._allowed is not None and value is not None and not self._allowed(value, scope):
            return None
        return value

    def matching(self, value: Any, alive: int, scope: Scope) -> int:
        """Of the rules still alive, those whose cell lets the value pass, as bits.

        A constant matches what equals it and nothing else: null does not pass `true`.
        """
        kind = type(value)
        found = self._always
        if kind in _SIMPLE:
            found |= self._constants.get((kind, value), 0)
        if self._steps is not None:
            if kind is self._steps.kind:
                found |= self._steps.matching(value)
            else:
                found |= self._of_other_type(value, alive, scope)
        for bit, run in self._tests:
            if alive & bit and run(value, scope):
                found |= bit
        return alive & found

    def _of_other_type(self, value: Any, alive: int, scope: Scope) -> int:
        """Ranges and comparisons asked of null or of a type they do not speak of."""
        found = 0
        for bit, negated, compiled in self._off_line:
            if alive & bit and (negated or value is not None) and compiled()(value, scope):
                found |= bit
        return found


def _steps(kind: type | None, cells: Sequence[tuple[int, Cell]]) -> Steps | None:
    return None if kind is None else Steps(kind, cells)
