"""`+ - * / **` and the sign, by the types of both sides. DMN 1.5 §10.3.2.6, tables 45–49.

A pair of types that has no meaning, a division by zero and a number out of range are null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal, DecimalException
from functools import partial

from workflows.feel.far import FAR, FarDate, FarDateTime, FineTime, moved
from workflows.feel.limits import check_characters
from workflows.feel.temporal import MICROSECOND, add_months, add_time, between, micros
from workflows.feel.temporal_text import years_months
from workflows.feel.values import NUMBERS, Value, YearsMonths, number

_DATED = frozenset({date, datetime, FarDate, FarDateTime})
_CLOCKED = _DATED | {time, FineTime}
Operation = Callable[[Value, Value], Value]


def add(left: Value, right: Value) -> Value:
    """`left + right`."""
    a, b = type(left), type(right)
    try:
        if a is Decimal and b is Decimal:
            return NUMBERS.add(left, right)
        if a is str and b is str:
            check_characters(len(left) + len(right))
            return left + right
        if b in _CLOCKED and a not in _CLOCKED:
            left, right, a, b = right, left, b, a
        if a in _CLOCKED:
            return _later(left, right, 1)
        if a is timedelta and b is timedelta:
            return left + right
        if a is YearsMonths and b is YearsMonths:
            return years_months(left.months + right.months)
    except (DecimalException, OverflowError):
        return None
    return None


def subtract(left: Value, right: Value) -> Value:
    """`left - right`."""
    a, b = type(left), type(right)
    try:
        if a is Decimal and b is Decimal:
            return NUMBERS.subtract(left, right)
        if a in _CLOCKED:
            return between(left, right) if b in _CLOCKED else _later(left, right, -1)
        if a is timedelta and b is timedelta:
            return left - right
        if a is YearsMonths and b is YearsMonths:
            return years_months(left.months - right.months)
    except (DecimalException, OverflowError):
        return None
    return None


def _later(moment: Value, length: Value, sign: int) -> Value:
    if type(length) is timedelta:
        change: Callable[[Value], Value] = partial(add_time, length=length * sign)
    elif type(length) is YearsMonths and type(moment) in _DATED:
        change = partial(add_months, months=length.months * sign)
    else:
        return None
    return moved(moment, change) if type(moment) in FAR else change(moment)


def multiply(left: Value, right: Value) -> Value:
    """`left * right`."""
    a, b = type(left), type(right)
    try:
        if a is Decimal and b is Decimal:
            return NUMBERS.multiply(left, right)
        if a is Decimal:
            left, right, a, b = right, left, b, a
        if b is Decimal:
            return _scaled(left, lambda amount: NUMBERS.multiply(amount, right))
    except (DecimalException, OverflowError):
        return None
    return None


def divide(left: Value, right: Value) -> Value:
    """`left / right`."""
    a, b = type(left), type(right)
    try:
        if a is Decimal and b is Decimal:
            return NUMBERS.divide(left, right)
        if b is Decimal:
            return _scaled(left, lambda amount: NUMBERS.divide(amount, right))
        if a is timedelta and b is timedelta:
            return NUMBERS.divide(Decimal(micros(left)), Decimal(micros(right)))
        if a is YearsMonths and b is YearsMonths:
            return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    except (DecimalException, OverflowError):
        return None
    return None


def _scaled(length: Value, change: Callable[[Decimal], Decimal]) -> Value:
    """A duration times or through a number; parts of months are cut off."""
    if type(length) is timedelta:
        return int(change(Decimal(micros(length))).to_integral_value()) * MICROSECOND
    if type(length) is YearsMonths:
        return years_months(int(change(Decimal(length.months)).to_integral_value(ROUND_DOWN)))
    return None


def power(left: Value, right: Value) -> Value:
    """`left ** right`; anything to the power 0 is 1."""
    if type(left) is not Decimal or type(right) is not Decimal:
        return None
    if not right:
        return Decimal(1)
    try:
        return NUMBERS.power(left, right)
    except DecimalException:
        return None


def negate(value: Value) -> Value:
    """`-value`."""
    kind = type(value)
    if kind is Decimal:
        return NUMBERS.minus(value)
    if kind is timedelta:
        try:
            return -value
        except OverflowError:
            return None
    return YearsMonths(-value.months) if kind is YearsMonths else None


OPERATIONS: dict[str, Operation] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def whole(value: Decimal) -> int | None:
    """The number as an int if it is whole and of a size that can count something."""
    if value != value.to_integral_value() or abs(value) > 10**15:
        return None
    return int(value)


def decimal(value: int) -> Decimal:
    """An int as a FEEL number."""
    found = number(value)
    return Decimal(0) if found is None else found
