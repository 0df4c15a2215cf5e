"""Functions that draw one number from many. DMN 1.5 §10.3.4.4, table 75."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, DecimalException
from functools import reduce

from workflows.feel.arithmetic import OPERATIONS
from workflows.feel.signatures import built_in
from workflows.feel.values import NUMBERS, Value

_Many = Callable[[list[Value]], Value]


def _of_list_or_items(name: str) -> Callable[[_Many], _Many]:
    """Declares both `f(list)` and `f(a, b, …)`."""

    def declare(body: _Many) -> _Many:
        built_in(name, "list: list")(body)
        built_in(name, "*n: any")(body)
        return body

    return declare


def _numbers_only(body: Callable[[list[Decimal]], Value]) -> _Many:
    """Null for an empty list and for one that holds anything but numbers."""

    def checked(items: list[Value]) -> Value:
        if not items or not all(type(item) is Decimal for item in items):
            return None
        try:
            return body(items)
        except DecimalException:
            return None

    return checked


@_of_list_or_items("sum")
def total(items: list[Value]) -> Value:
    """The sum of numbers or of durations of one kind; null for none."""
    if not items:
        return None
    return reduce(OPERATIONS["+"], items[1:], items[0]) if _adds_up(items) else None


def _adds_up(items: list[Value]) -> bool:
    kinds = {type(item) for item in items}
    return len(kinds) == 1 and (kinds == {Decimal} or items[0] is not None) and kinds != {str}


@_of_list_or_items("mean")
def mean(items: list[Value]) -> Value:
    """The sum through the number of elements."""
    amount = total(items)
    return None if amount is None else OPERATIONS["/"](amount, Decimal(len(items)))


@_of_list_or_items("product")
@_numbers_only
def product(items: list[Decimal]) -> Value:
    """All multiplied."""
    return reduce(NUMBERS.multiply, items)


@_of_list_or_items("median")
@_numbers_only
def median(items: list[Decimal]) -> Value:
    """The one in the middle, or the mean of the two there."""
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_of_list_or_items("stddev")
@_numbers_only
def standard_deviation(items: list[Decimal]) -> Value:
    """Of a sample; null for fewer than two numbers."""
    if len(items) < 2:
        return None
    average = NUMBERS.divide(reduce(NUMBERS.add, items), Decimal(len(items)))
    distances = [NUMBERS.subtract(item, average) for item in items]
    squares = reduce(NUMBERS.add, [NUMBERS.multiply(each, each) for each in distances])
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(items) - 1)))


@_of_list_or_items("mode")
def mode(items: list[Value]) -> Value:
    """The most frequent numbers in ascending order; none of an empty list."""
    if not all(type(item) is Decimal for item in items):
        return None
    counts = Counter(items)
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)
