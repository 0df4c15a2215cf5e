"""`=` and the orderings. DMN 1.5 §10.3.2.4 tables 50–52 (equality), §10.3.2.7 (comparison).

Each answers True, False, or None where the two values cannot be compared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from workflows.feel import far
from workflows.feel.limits import Budget
from workflows.feel.values import Range, Value, YearsMonths
from workflows.feel.zones import offset_of, zone_name

_MAX_DEPTH = 100
_PLAIN_EQUAL: frozenset[type] = frozenset({bool, Decimal, str, date, timedelta, YearsMonths})
_ORDERED: frozenset[type] = frozenset({Decimal, str, date, timedelta, YearsMonths})
_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - only lends its date to a time of day


def equal(left: Value, right: Value, budget: Budget | None = None, depth: int = 0) -> bool | None:
    """`left = right`. Null equals null alone; values of different types give None."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return far.same(left, right) if far.FAR & {kind, type(right)} else None
    if kind in _PLAIN_EQUAL:
        return bool(left == right)
    if kind is datetime or kind is time:
        return _same_moment(left, right)
    if kind in far.FAR:
        return far.same(left, right)
    if depth > _MAX_DEPTH:
        return None
    if kind is list:
        return _equal_lists(left, right, budget, depth + 1)
    if kind is dict:
        return _equal_contexts(left, right, budget, depth + 1)
    if kind is Range:
        return _equal_ranges(left, right)
    return left is right


def _equal_lists(
    left: list[Value], right: list[Value], budget: Budget | None, depth: int
) -> bool | None:
    if len(left) != len(right):
        return False
    if budget is not None:
        budget.spend(len(left))
    return all(equal(a, b, budget, depth) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(
    left: dict[str, Value], right: dict[str, Value], budget: Budget | None, depth: int
) -> bool | None:
    if left.keys() != right.keys():
        return False
    if budget is not None:
        budget.spend(len(left))
    return all(equal(left[key], right[key], budget, depth) is True for key in left)


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def _same_moment(left: datetime | time, right: datetime | time) -> bool:
    """A named zone never equals an offset: the two say different things about other days."""
    if (left.tzinfo is None) is not (right.tzinfo is None):
        return False
    if (zone_name(left) is None) is not (zone_name(right) is None):
        return False
    return _moment(left) == _moment(right)


def _moment(value: datetime | time) -> datetime:
    """As a point on one line: times of day on one common day."""
    moment = value if isinstance(value, datetime) else datetime.combine(_DAY, value)
    if moment.tzinfo is None:
        return moment
    offset = offset_of(value)
    assert offset is not None
    from_utc = moment.replace(tzinfo=None)
    try:
        from_utc -= offset
    except OverflowError:
        return moment
    return from_utc.replace(tzinfo=UTC)


def ordering(symbol: str) -> Callable[[Value, Value], bool | None]:
    """The comparison `<`, `<=`, `>` or `>=`."""
    compare = _OPERATORS[symbol]

    def ordered(left: Value, right: Value) -> bool | None:
        kind = type(left)
        if kind is not type(right):
            return far.ordered(compare, left, right) if far.FAR & {kind, type(right)} else None
        if kind in _ORDERED:
            return bool(compare(left, right))
        if kind is datetime or kind is time:
            a, b = _moment(left), _moment(right)
            if (a.tzinfo is None) is not (b.tzinfo is None):
                return None
            return bool(compare(a, b))
        return far.ordered(compare, left, right) if kind in far.FAR else None

    return ordered


_OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
less = ordering("<")
at_most = ordering("<=")


def comparison(symbol: str) -> Callable[[Value, Value], bool | None]:
    """The comparison for any of `= != < <= > >=`."""
    if symbol == "=":
        return equal
    return unequal if symbol == "!=" else ordering(symbol)


def unequal(left: Value, right: Value) -> bool | None:
    """`left != right`."""
    same = equal(left, right)
    return None if same is None else not same


def in_range(value: Value, kept: Range) -> bool | None:
    """Whether the value lies in the range; None where it cannot be compared with its ends."""
    if value is None:
        return None
    answer: bool | None = True
    if kept.start is not None:
        answer = (at_most if kept.start_included else less)(kept.start, value)
    if kept.end is not None and answer is not False:
        below = (at_most if kept.end_included else less)(value, kept.end)
        answer = None if below is None or answer is None else below
    return answer
