"""Checks of decision tables: overlaps, gaps, rules that never decide, values not allowed.

Every finding is certain for tables whose inputs do not depend on each other; where a cell says
more than `cells.py` understands, the checks stay silent about what hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workflows.decisions.boxes import (
    Box,
    Cutter,
    TooManyPiecesError,
    common,
    is_empty,
)
from workflows.decisions.cells import OpaqueError, read_cell
from workflows.decisions.domains import Domain
from workflows.decisions.errors import DecisionError
from workflows.decisions.feel_text import LENIENT, NOT_CONSTANT, constant, constants
from workflows.decisions.kinds import Kinds
from workflows.decisions.model import Decision, InputColumn, Item, Model, OutputColumn, Table, Text
from workflows.messages import Message

_MOST_GAPS = 5
_MOST_PAIRS = 20
_MOST_RULES = 400
_ONE_WINNER = ("UNIQUE", "FIRST", "ANY", "PRIORITY")


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One remark on a table. `rows`: the rules it names, from 1; empty for a gap. `severity`: two
    rules that match at once under UNIQUE are an error, all else a warning."""

    kind: Literal["overlap", "gap", "never", "output", "input"]
    severity: Literal["error", "warning"]
    decision: str
    rows: tuple[int, ...]
    message: Message


def check_tables(model: Model, kinds: Kinds) -> tuple[TableFinding, ...]:
    """All findings on the tables that are the logic of a decision, in the order of the file."""
    found: list[TableFinding] = []
    for decision in model.decisions.values():
        if isinstance(decision.logic, Table):
            found += _check(decision, decision.logic, kinds)
    return tuple(found)


def _check(decision: Decision, table: Table, kinds: Kinds) -> Iterator[TableFinding]:
    yield from _inputs(decision, table, kinds)
    yield from _outputs(decision, table, kinds)
    if len(table.rules) > _MOST_RULES:
        return
    space = _Space(decision, table, kinds)
    yield from space.never()
    if table.hit in ("UNIQUE", "ANY"):
        yield from space.overlaps()
    if table.hit in _ONE_WINNER and all(column.default is None for column in table.outputs):
        yield from space.gaps()


class _Space:
    """A table's rules as boxes. `inner`: what a rule surely matches, None where a cell is not
    understood; `outer`: what it can match at most."""

    def __init__(self, decision: Decision, table: Table, kinds: Kinds) -> None:
        self._decision = decision
        self._table = table
        self._cutter = Cutter()
        self._labels: list[str] = []
        self._domains: list[Domain] = []
        inner: list[list[int | None]] = [[] for _ in table.rules]
        for number, column in enumerate(table.inputs):
            self._add(column, [rule.tests[number] for rule in table.rules], inner, kinds)
        self.inner = [_known(masks) for masks in inner]
        self.outer: list[Box] = [
            tuple(
                domain.possible if mask is None else mask
                for mask, domain in zip(masks, self._domains, strict=True)
            )
            for masks in inner
        ]

    def _add(
        self,
        column: InputColumn,
        cells: Sequence[Text],
        inner: list[list[int | None]],
        kinds: Kinds,
    ) -> None:
        read = [read_cell(cell.text) for cell in cells]
        item = kinds.item(column.type)
        allowed = column.allowed or (item and _allowed_of(item))
        limits = read_cell(allowed.text) if allowed else None
        try:
            domain = Domain(read, limits, column.type or "")
        except OpaqueError:
            domain = Domain([], None, "")
            read = [cell if cell and cell.anything else None for cell in read]
        self._labels.append(column.label)
        self._domains.append(domain)
        for masks, cell in zip(inner, read, strict=True):
            masks.append(domain.mask(cell))

    def never(self) -> Iterator[TableFinding]:
        """Rules whose cells let nothing pass, or that others always go before."""
        for index, box in enumerate(self.outer):
            before = [self.inner[other] for other in self._before(index)]
            if is_empty(box) or self._cutter.is_covered(
                box, [one for one in before if one is not None]
            ):
                yield self._finding("never", "never", (index,))

    def _before(self, index: int) -> list[int]:
        """Rules that win where both match."""
        if self._table.hit == "FIRST":
            return list(range(index))
        if self._table.hit != "PRIORITY":
            return []
        ranks = [_rank(self._table, row) for row in range(len(self._table.rules))]
        mine = ranks[index]
        if mine is None:
            return []
        return [n for n, r in enumerate(ranks) if r is not None and (r, n) < (mine, index)]

    def overlaps(self) -> Iterator[TableFinding]:
        """Pairs of rules that surely can match at once; under ANY, those that differ."""
        found = 0
        for second in range(len(self.inner)):
            for first in range(second):
                one, other = self.inner[first], self.inner[second]
                shared = one and other and common(one, other)
                if not shared or not self._matters(first, second):
                    continue
                unique = self._table.hit == "UNIQUE"
                code = "overlap" if unique else "any_differs"
                example = self._example(shared)
                yield self._finding("overlap", code, (first, second), example=example)
                found += 1
                if found == _MOST_PAIRS:
                    return

    def _matters(self, first: int, second: int) -> bool:
        if self._table.hit == "UNIQUE":
            return True
        results = [
            [constant(cell.text) for cell in self._table.rules[row].results]
            for row in (first, second)
        ]
        if any(value is NOT_CONSTANT for row in results for value in row):
            return False
        return results[0] != results[1]

    def gaps(self) -> Iterator[TableFinding]:
        """Combinations no rule can match, at most a few of them."""
        whole = tuple(domain.gaps for domain in self._domains)
        if not whole:
            return
        try:
            rest = self._cutter.uncovered(whole, self.outer)
        except TooManyPiecesError:
            return
        for box in rest[:_MOST_GAPS]:
            yield self._finding("gap", "gap", (), example=self._example(box))

    def _example(self, box: Box) -> str | Message:
        parts = [
            f"{label} {domain.describe(mask)}"
            for label, domain, mask in zip(self._labels, self._domains, box, strict=True)
            if mask & domain.gaps != domain.gaps
        ]
        return "；".join(parts) or Message("decisions.anything")

    def _finding(
        self,
        kind: Literal["overlap", "gap", "never"],
        code: str,
        rows: tuple[int, ...],
        **params: object,
    ) -> TableFinding:
        severe = kind == "overlap" and self._table.hit == "UNIQUE"
        return _told(self._decision, kind, code, rows, "error" if severe else "warning", params)


def _known(masks: Sequence[int | None]) -> Box | None:
    known = tuple(mask for mask in masks if mask is not None)
    return known if len(known) == len(masks) else None


def _allowed_of(item: Item) -> Text | None:
    return None if item.collection or item.members else item.allowed


def _rank(table: Table, row: int) -> tuple[int, ...] | None:
    """Priority of a rule whose outputs are constants; None where that cannot be said."""
    ranks: list[int] = []
    for column, cell in zip(table.outputs, table.rules[row].results, strict=True):
        order = constants(column.allowed.text) if column.allowed else ()
        value = constant(cell.text)
        if order is None or value is NOT_CONSTANT:
            return None
        keys = [(type(one), one) for one in order]
        if order:
            key = (type(value), value)
            ranks.append(keys.index(key) if key in keys else len(keys))
    return tuple(ranks) or None


def _inputs(decision: Decision, table: Table, kinds: Kinds) -> Iterator[TableFinding]:
    """Cells of which some constants are not allowed; a rule without any other never decides."""
    for number, column in enumerate(table.inputs):
        item = kinds.item(column.type)
        allowed = column.allowed or (item and _allowed_of(item))
        test = LENIENT.tests(allowed, {}) if allowed else None
        for index, rule in enumerate(table.rules if test else ()):
            text = rule.tests[number].text
            cell = read_cell(text)
            wrong = [v for v in cell.values if not _passes(test, v)] if cell else []
            if cell and wrong and (cell.negated or len(wrong) < len(cell.values)):
                told: dict[str, object] = {"text": text[:80], "label": column.label}
                yield _told(decision, "input", "input_not_allowed", (index,), "warning", told)


def _outputs(decision: Decision, table: Table, kinds: Kinds) -> Iterator[TableFinding]:
    """Constants in output cells that the column does not allow."""
    for number, column in enumerate(table.outputs):
        item = kinds.item(column.type)
        allowed = column.allowed or (item and _allowed_of(item))
        if not allowed:
            continue
        test = LENIENT.tests(allowed, {})
        for index, rule in enumerate(table.rules):
            value = constant(rule.results[number].text)
            if value is not NOT_CONSTANT and value is not None and not _passes(test, value):
                yield _not_allowed(decision, column, index, rule.results[number].text)


def _passes(test: Any, value: Any) -> bool:
    try:
        return bool(test(value, {}))
    except DecisionError:
        return True


def _not_allowed(decision: Decision, column: OutputColumn, index: int, text: str) -> TableFinding:
    params: dict[str, object] = {"text": text[:80], "label": column.label}
    return _told(decision, "output", "not_allowed", (index,), "warning", params)


def _told(
    decision: Decision,
    kind: Literal["overlap", "gap", "never", "output", "input"],
    code: str,
    rows: tuple[int, ...],
    severity: Literal["error", "warning"],
    params: dict[str, object],
) -> TableFinding:
    numbers = tuple(row + 1 for row in rows)
    told = {"table": decision.name, "rules": "、".join(map(str, numbers)), **params}
    return TableFinding(kind, severity, decision.id, numbers, Message(f"decisions.{code}", told))
