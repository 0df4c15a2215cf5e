"""List functions. DMN 1.5 §10.3.4.4, table 75. No list is ever changed in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from workflows.feel.arithmetic import whole
from workflows.feel.equality import equal
from workflows.feel.far import FarDateTime, FineTime
from workflows.feel.limits import Budget, check_length
from workflows.feel.signatures import built_in
from workflows.feel.values import Function, Value, YearsMonths
from workflows.feel.zones import offset_of

_MAX_DEPTH = 100
_HASHED = frozenset({bool, Decimal, str, date, timedelta, YearsMonths})
"""Types whose values Python's sets tell apart exactly as FEEL's `=` does."""


@built_in("count", "list: list")
def count(items: list[Value]) -> Decimal:
    """How many elements."""
    return Decimal(len(items))


@built_in("list contains", "list: list, element: any", heavy=True)
def list_contains(budget: Budget, items: list[Value], element: Value) -> bool:
    """Whether an element equals the given one; null may be looked for."""
    budget.spend(len(items))
    return any(equal(item, element, budget) is True for item in items)


@built_in("sublist", "list: list, start position: number, length?: number")
def sublist(
    items: list[Value], start: Decimal, length: Decimal | None = None
) -> list[Value] | None:
    """From a position counted from 1, or from the end by a negative number."""
    first = _position(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    size = whole(length)
    if size is None or size < 0 or first + size > len(items):
        return None
    return items[first : first + size]


def _position(items: list[Value], number: Decimal) -> int | None:
    """The Python index of a FEEL position; None beyond the list."""
    position = whole(number)
    if position is None or position == 0 or abs(position) > len(items):
        return None
    return position - 1 if position > 0 else len(items) + position


@built_in("append", "list: list, *items: any")
def append(items: list[Value], more: list[Value]) -> list[Value]:
    """The list with more elements at its end."""
    check_length(len(items) + len(more))
    return [*items, *more]


@built_in("concatenate", "*list: any", heavy=True)
def concatenate(budget: Budget, lists: list[Value]) -> list[Value] | None:
    """One list behind the other."""
    if None in lists:
        return None
    joined: list[Value] = []
    for one in lists:
        part = one if type(one) is list else [one]
        check_length(len(joined) + len(part))
        budget.spend(len(part))
        joined += part
    return joined


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(items: list[Value], position: Decimal, new: Value) -> list[Value] | None:
    """The list with a new element in front of a position."""
    at = _position(items, position)
    return None if at is None else [*items[:at], new, *items[at:]]


@built_in("remove", "list: list, position: number")
def remove(items: list[Value], position: Decimal) -> list[Value] | None:
    """The list without the element at a position."""
    at = _position(items, position)
    return None if at is None else items[:at] + items[at + 1 :]


@built_in("list replace", "list: list, position: number, newItem: any", heavy=True)
def list_replace(
    budget: Budget, items: list[Value], position: Decimal, new: Value
) -> list[Value] | None:
    """The list with another element at a position."""
    budget.spend(len(items))
    at = _position(items, position)
    return None if at is None else [*items[:at], new, *items[at + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any", heavy=True)
def list_replace_where(
    budget: Budget, items: list[Value], match: Function, new: Value
) -> list[Value] | None:
    """The list with another element wherever `match(item, newItem)` is true."""
    replaced: list[Value] = []
    for item in items:
        answer = ask(budget, match, [item, new])
        if type(answer) is not bool:
            return None
        replaced.append(new if answer else item)
    return replaced


def ask(budget: Budget, function: Function, values: list[Value]) -> Value:
    """What a function that was handed over says; null if it takes another number of values."""
    budget.spend(1)
    least = len(function.parameters) if function.required is None else function.required
    if not least <= len(values) <= (10_000 if function.variadic else len(function.parameters)):
        return None
    if function.within is None:
        return function.call(*values)
    return function.within(budget, values)


@built_in("reverse", "list: list")
def reverse(items: list[Value]) -> list[Value]:
    """From the last element to the first."""
    return items[::-1]


@built_in("index of", "list: list, match: any", heavy=True)
def index_of(budget: Budget, items: list[Value], match: Value) -> list[Decimal]:
    """Positions of all equal elements."""
    budget.spend(len(items))
    return [
        Decimal(index)
        for index, item in enumerate(items, start=1)
        if equal(item, match, budget) is True
    ]


@built_in("union", "*list: any", heavy=True)
def union(budget: Budget, lists: list[Value]) -> list[Value] | None:
    """All elements of the lists, each once."""
    joined = concatenate(budget, lists)
    return None if joined is None else distinct_values(budget, joined)


@built_in("distinct values", "list: list", heavy=True)
def distinct_values(budget: Budget, items: list[Value]) -> list[Value]:
    """Each element once, in the order of its first appearance."""
    return [item for item, first in _first_seen(budget, items) if first]


@built_in("duplicate values", "list: list", heavy=True)
def duplicate_values(budget: Budget, items: list[Value]) -> list[Value]:
    """Elements that appear more than once, each once, in the order of their first appearance."""
    repeated = [item for item, first in _first_seen(budget, items) if not first]
    each = distinct_values(budget, items)
    looks = list(_first_seen(budget, repeated + each))[len(repeated) :]
    return [item for item, new in looks if not new]


def _first_seen(budget: Budget, items: list[Value]) -> Iterable[tuple[Value, bool]]:
    """Each element with whether no equal one came before."""
    hashed: set[tuple[type, Value]] = set()
    others: list[Value] = []
    for item in items:
        budget.spend(1 + len(others))
        key = (type(item), item)
        if type(item) in _HASHED:
            first = key not in hashed
            hashed.add(key)
        else:
            first = all(equal(item, other, budget) is not True for other in others)
            if first:
                others.append(item)
        yield item, first


@built_in("flatten", "list: list", heavy=True)
def flatten(budget: Budget, items: list[Value]) -> list[Value] | None:
    """Elements of lists inside the list, however deep, in one list."""
    flat: list[Value] = []
    stack: list[Iterator[Value]] = [iter(items)]
    while stack:
        if len(stack) > _MAX_DEPTH:
            return None
        item = next(stack[-1], _END)
        if item is _END:
            stack.pop()
        elif type(item) is list:
            stack.append(iter(item))
        else:
            budget.spend(1)
            check_length(len(flat) + 1)
            flat.append(item)
    return flat


_END = object()


@built_in("partition", "list: list, size: number", heavy=True)
def partition(budget: Budget, items: list[Value], size: Decimal) -> list[Value] | None:
    """Lists of `size` elements each, the last one shorter."""
    step = whole(size)
    if step is None or step < 1:
        return None
    budget.spend(len(items))
    return [items[start : start + step] for start in range(0, len(items), step)]


def _quantify(name: str, decisive: bool) -> Callable[[list[Value]], bool | None]:
    decided = decisive

    def judge(items: list[Value]) -> bool | None:
        """Three-valued `and`/`or` over a list."""
        if any(item is decisive for item in items):
            return decided
        return not decisive if all(type(item) is bool for item in items) else None

    built_in(name, "list: list")(judge)
    built_in(name, "*b: any")(judge)
    return judge


all_of = _quantify("all", decisive=False)
any_of = _quantify("any", decisive=True)


@built_in("not", "negand: any")
def negation(value: Value) -> bool | None:
    """The opposite of a boolean; of anything else null."""
    if type(value) is list and len(value) == 1:
        value = value[0]
    return not value if type(value) is bool else None


@built_in("is", "value1: any, value2: any")
def identical(left: Value, right: Value) -> bool:
    """Whether both are the same in type, value and distance from UTC (DMN 1.5 §10.3.4.6)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, FarDateTime):
        return left.day == right.day and identical(left.clock, right.clock)
    if isinstance(left, FineTime):
        return left.nanos == right.nanos and identical(left.clock, right.clock)
    if type(left) is not datetime and type(left) is not time:
        return equal(left, right) is True
    if offset_of(left) != offset_of(right):
        return False
    return bool(left.replace(tzinfo=None) == right.replace(tzinfo=None))
