"""Smallest, largest, sorted. DMN 1.5 §10.3.4.4 and §10.3.4.7."""

from __future__ import annotations

from functools import cmp_to_key

from workflows.feel.equality import less
from workflows.feel.functions.lists import ask
from workflows.feel.limits import Budget
from workflows.feel.signatures import built_in
from workflows.feel.values import Function, Value


class _IncomparableError(Exception):
    """Two elements have no order."""


@built_in("min", "*c: any")
@built_in("min", "list: list")
def smallest(items: list[Value]) -> Value:
    """The least element; null for none, or where two cannot be compared."""
    return _extreme(items, largest=False)


@built_in("max", "*c: any")
@built_in("max", "list: list")
def largest(items: list[Value]) -> Value:
    """The greatest element; null for none, or where two cannot be compared."""
    return _extreme(items, largest=True)


def _extreme(items: list[Value], *, largest: bool) -> Value:
    if not items or less(items[0], items[0]) is None:
        return None
    best = items[0]
    for item in items[1:]:
        better = less(best, item) if largest else less(item, best)
        if better is None:
            return None
        if better:
            best = item
    return best


@built_in("sort", "list: list, precedes?: function", heavy=True)
def sort(budget: Budget, items: list[Value], precedes: Function | None = None) -> Value:
    """In the order of `precedes(a, b)`, without it of `<`; equal ones keep their order."""

    def before(a: Value, b: Value) -> bool:
        answer = less(a, b) if precedes is None else ask(budget, precedes, [a, b])
        if type(answer) is not bool:
            raise _IncomparableError
        return answer

    def compare(a: Value, b: Value) -> int:
        budget.spend(1)
        if before(a, b):
            return -1
        return 1 if before(b, a) else 0

    try:
        return sorted(items, key=cmp_to_key(compare))
    except _IncomparableError:
        return None
