"""A decision table, compiled: one bit a rule, one look-up a column for cells that are constants."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from workflows.decisions.column import Column
from workflows.decisions.errors import DecisionError, fault
from workflows.decisions.feel_text import (
    LENIENT,
    NOT_CONSTANT,
    Feel,
    Names,
    Run,
    Scope,
    constant,
    constants,
)
from workflows.decisions.hits import Hits, Rank, Result
from workflows.decisions.kinds import ANYTHING, Kind, Kinds
from workflows.decisions.model import InputColumn, OutputColumn, Table, Text


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table decided. `values`: of its inputs, in order; `matched`: indexes of the rules the
    value is made of, empty for none or the default."""

    value: Any
    values: tuple[Any, ...]
    matched: tuple[int, ...]


class _Output:
    """An output column: its cells, its default, and what values it allows."""

    def __init__(
        self, column: OutputColumn, cells: Sequence[Text], names: Names, kinds: Kinds, feel: Feel
    ) -> None:
        self.name = column.name
        self._kind: Kind = kinds.find(column.type)
        self.cells = [_output_cell(cell, names, kinds, feel) for cell in cells]
        self.default = column.default and _output_cell(column.default, names, kinds, feel)
        item = kinds.item(column.type)
        allowed = column.allowed or (item and item.allowed)
        self._allowed = None if column.allowed is None else feel.tests(column.allowed, names)
        self.order = [] if not allowed else _order(allowed, names)

    def value(self, cell: Run, scope: Scope) -> Any:
        """The cell's value as the column's type, null where that or `outputValues` forbids it."""
        value = cell(scope)
        if self._kind is not ANYTHING:
            value = self._kind.coerce(value)
        if self._allowed is not None and value is not None and not self._allowed(value, scope):
            return None
        return value

    def rank(self, value: Any) -> int:
        """Place among the allowed values; what is not among them comes last."""
        key = (type(value), value)
        return next((n for n, one in enumerate(self.order) if one == key), len(self.order))


def _output_cell(cell: Text, names: Names, kinds: Kinds, feel: Feel) -> Run:
    kind = kinds.find(cell.type)
    value = constant(cell.text)
    if value is not NOT_CONSTANT:
        value = kind.coerce(value)
        return lambda _scope: value
    run = feel.text(cell, names)
    return run if kind is ANYTHING else lambda scope: kind.coerce(run(scope))


def _order(allowed: Text, names: Names) -> list[tuple[type, Any]]:
    """The allowed values by priority; none where they are ranges or the like."""
    values: Any = constants(allowed.text)
    if values is None:
        try:
            values = LENIENT.text(Text(f"[{allowed.text}]", allowed.where), names)({})
        except DecisionError:
            values = []
    return [(type(value), value) for value in values or ()]


class TablePlan:
    """One table, ready to decide; shared by threads."""

    def __init__(self, table: Table, names: Names, kinds: Kinds, feel: Feel) -> None:
        self._where = table.where
        self._all = (1 << len(table.rules)) - 1
        self._columns = [
            Column(column, [rule.tests[n] for rule in table.rules], names, feel)
            for n, column in enumerate(table.inputs)
        ]
        self._outputs = [
            _Output(column, [rule.results[n] for rule in table.rules], names, kinds, feel)
            for n, column in enumerate(table.outputs)
        ]
        self._refuse: Run | None = None
        if table.hit in ("PRIORITY", "OUTPUT ORDER") and not any(o.order for o in self._outputs):
            self._refuse = feel.broken(fault(table.where, "no_priorities", hit=table.hit))
        self._hits = Hits(table.hit, table.aggregation, table.where, self._compose, self._rank)
        self.labels = _labels(table.inputs)
        self._fixed = self._constant_results(table)

    def _constant_results(self, table: Table) -> dict[int, Result]:
        """Outputs of the rules that are constants and allowed, by index."""
        found: dict[int, Result] = {}
        for index, rule in enumerate(table.rules):
            if all(constant(cell.text) is not NOT_CONSTANT for cell in rule.results):
                with suppress(DecisionError):
                    found[index] = tuple(o.value(o.cells[index], {}) for o in self._outputs)
        return found

    def decide(self, scope: Scope) -> Decided:
        """Evaluates each input once, finds the rules and applies the hit policy."""
        if self._refuse is not None:
            self._refuse(scope)
        values: list[Any] = []
        alive = self._all
        for column in self._columns:
            value = column.value(scope)
            values.append(value)
            if alive:
                alive = column.matching(value, alive, scope)
        if not alive:
            return Decided(self._default(scope), tuple(values), ())
        matched = _bits(alive)
        results = dict(self._fixed)

        def result(index: int) -> Result:
            found = results.get(index)
            if found is None:
                found = results[index] = tuple(
                    o.value(o.cells[index], scope) for o in self._outputs
                )
            return found

        value, used = self._hits.choose(matched, result)
        return Decided(value, tuple(values), tuple(used))

    def _default(self, scope: Scope) -> Any:
        if all(output.default is None for output in self._outputs):
            return self._hits.nothing()
        values = (o.value(o.default, scope) if o.default else None for o in self._outputs)
        value = self._compose(tuple(values))
        return [value] if self._hits.lists else value

    def _compose(self, result: Result) -> Any:
        if len(self._outputs) == 1:
            return result[0]
        return {o.name: value for o, value in zip(self._outputs, result, strict=True)}

    def _rank(self, result: Result) -> Rank:
        ranked = zip(self._outputs, result, strict=True)
        return tuple(output.rank(value) for output, value in ranked if output.order)


def _bits(mask: int) -> list[int]:
    """Indexes of the bits that are set, ascending."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _labels(columns: Sequence[InputColumn]) -> tuple[str, ...]:
    """Each input's label or text, made different where two are alike."""
    labels: list[str] = []
    for column in columns:
        label = column.label
        if label in labels:
            label = f"{label} ({column.text.text})"
        labels.append(label if label not in labels else f"{label} #{len(labels) + 1}")
    return tuple(labels)
