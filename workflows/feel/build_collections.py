"""Closures of lists, contexts, ranges, filters and function literals.

DMN 1.5 §10.3.2.2, §10.3.2.5 (filter), §10.3.2.13.1 (functions).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.feel.arithmetic import whole
from workflows.feel.equality import at_most
from workflows.feel.frames import Run, current_budget
from workflows.feel.inference import type_of
from workflows.feel.limits import Budget
from workflows.feel.nodes import (
    ContextLiteral,
    Filter,
    FunctionLiteral,
    ListLiteral,
    Literal,
    RangeLiteral,
)
from workflows.feel.types import ANY, coerce
from workflows.feel.values import Function, Range, Value

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler


def build_list(compiler: Compiler, node: ListLiteral) -> Run:
    """`[a, b]`; one of constants is built once and never changed."""
    if all(isinstance(item, Literal) for item in node.items):
        constant = [item.value for item in node.items if isinstance(item, Literal)]
        return lambda _context, _frame: constant
    items = [compiler.build(item) for item in node.items]
    return lambda context, frame: [item(context, frame) for item in items]


def build_range(compiler: Compiler, node: RangeLiteral) -> Run:
    """`[a..b)`."""
    if node.start is not None and node.start is node.end:
        return _one_point(compiler.build(node.start))
    start = compiler.build(node.start) if node.start is not None else None
    end = compiler.build(node.end) if node.end is not None else None

    def run(context: Mapping[str, Any], frame: Any) -> Range | None:
        low = start(context, frame) if start is not None else None
        high = end(context, frame) if end is not None else None
        if (start is not None and low is None) or (end is not None and high is None):
            return None
        return make_range(low, high, node.start_included, node.end_included)

    if all(part is None or isinstance(part, Literal) for part in (node.start, node.end)):
        constant = run({}, None)
        return lambda _context, _frame: constant
    return run


def _one_point(build: Run) -> Run:
    """`(= a)`: both ends are one expression, computed once."""

    def run(context: Mapping[str, Any], frame: Any) -> Range | None:
        value = build(context, frame)
        return None if value is None else make_range(value, value, True, True)

    return run


def make_range(low: Value, high: Value, low_included: bool, high_included: bool) -> Range | None:
    """The range; None where its ends cannot be compared or lie the wrong way round."""
    if low is not None and high is not None and at_most(low, high) is not True:
        return None
    return Range(low, high, low_included, high_included)


def build_context(compiler: Compiler, node: ContextLiteral) -> Run:
    """`{a: 1, b: a + 1}`."""
    entries = [
        (
            key,
            slot,
            build_function(compiler, value, slot)
            if isinstance(value, FunctionLiteral)
            else compiler.build(value),
        )
        for key, slot, value in node.entries
    ]

    def run(context: Mapping[str, Any], frame: Any) -> dict[str, Value]:
        made: dict[str, Value] = {}
        frame[-1].spend(len(entries), node.at)
        for key, slot, value in entries:
            made[key] = frame[slot] = value(context, frame)
        return made

    return run


def build_function(compiler: Compiler, node: FunctionLiteral, own_slot: int = -1) -> Run:
    """`function(a) …`: sees the locals as they are where it is made, and itself by its key."""
    body, slots, types, at = compiler.build(node.body), node.slots, node.types, node.at
    typed = any(kind != ANY for kind in types)
    result = type_of(node.body)

    def make(context: Mapping[str, Any], frame: Any) -> Function:
        kept = frame.copy()

        def within(budget: Budget, values: list[Value]) -> Value:
            inner = kept.copy()
            inner[-1] = budget
            if typed:
                values = [coerce(value, kind) for value, kind in zip(values, types, strict=True)]
            for slot, value in zip(slots, values, strict=True):
                inner[slot] = value
            budget.enter(at)
            try:
                return body(context, inner)
            finally:
                budget.leave()

        made = Function(
            node.parameters,
            lambda *values: within(current_budget(), list(values)),
            types=types,
            result=result,
            within=within,
        )
        if own_slot >= 0:
            kept[own_slot] = made
        return made

    return make


def build_filter(compiler: Compiler, node: Filter) -> Run:
    """`base[test]`: the elements for which the test is true, or the one a number counts to."""
    base, slot = compiler.build(node.base), node.slot
    test = compiler.build(node.test)

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        found = base(context, frame)
        if found is None:
            return None
        items = found if type(found) is list else [found]
        frame[-1].spend(len(items) + 1, node.at)
        frame[slot] = items[0] if items else None
        first = test(context, frame)
        if type(first) is Decimal:
            return _at(items, first)
        kept = [items[0]] if items and first is True else []
        for item in items[1:]:
            frame[slot] = item
            if test(context, frame) is True:
                kept.append(item)
        return kept

    return run


def _at(items: list[Value], number: Decimal) -> Value:
    """The element counted from 1, or from the end by a negative number; null beyond."""
    position = whole(number)
    if position is None or position == 0 or abs(position) > len(items):
        return None
    return items[position - 1 if position > 0 else position]
