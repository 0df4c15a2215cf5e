"""FEEL's values as Python data, and the door through which foreign data becomes such values.

null None, boolean bool, number Decimal (34 digits), string str, date/time/date and time the
`datetime` types (beyond their reach those of `far.py`), days and time duration `timedelta`,
years and months duration `YearsMonths`, list list, context dict, range `Range`, function
`Function`. DMN 1.5 §10.3.2.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any, TypeAlias

from workflows.feel.errors import START, At, fault
from workflows.feel.far import FarDate, FarDateTime, FineTime
from workflows.feel.limits import MAX_DIGITS

Value: TypeAlias = Any
"""One of the types above."""

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=1 - MAX_DIGITS,
    Emax=MAX_DIGITS,
    capitals=1,
    clamp=0,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""decimal128 arithmetic; what it cannot represent raises and becomes null."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration; `months` may be negative."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if self.months < 0 else ''}P{text or '0M'}"


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends. An end that is None is open to that side."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.start_included, self.end_included))


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called from an expression, by position or by parameter name.

    `call` gets FEEL values by position and returns plain data. `required`: how many parameters
    must be given (None: all); those left out are None. `variadic`: the last one takes the rest
    as a list.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Value] = field(repr=False)
    required: int | None = None
    variadic: bool = False
    types: tuple[Any, ...] = ()
    """Type of each parameter (`workflows.feel.types`), empty where none is declared."""
    result: Any = None
    """Type of what it returns, None where nothing is known."""
    within: Callable[[Any, list[Value]], Value] | None = field(default=None, repr=False)
    """The same call for an expression that is running: gets its budget and the arguments."""


PLAIN: frozenset[type] = frozenset(
    {
        type(None),
        bool,
        Decimal,
        str,
        date,
        time,
        datetime,
        timedelta,
        YearsMonths,
        FarDate,
        FineTime,
        FarDateTime,
        Range,
        Function,
    }
)
"""Types that are FEEL values as they stand."""


def number(value: int | float | str | Decimal) -> Decimal | None:
    """A number of at most 34 digits; None where it is none (NaN, infinity, too large)."""
    try:
        result = NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    except (DecimalException, ValueError):
        return None
    return result if result.is_finite() else None


def normal(value: Any, at: At = START, depth: int = 0) -> Value:
    """Plain Python data as a FEEL value, whatever is nested in it.

    Lists and contexts that need no change are returned as they are, never changed in place.
    FeelError `foreign_value` where the type has no place in FEEL.
    """
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind in PLAIN:
        return value
    if kind is int or kind is float:
        return number(value)
    if depth > 100:
        raise fault(at, "limit_depth", limit=100)
    if kind is list:
        return _normal_list(value, at, depth)
    if kind is dict:
        return _normal_context(value, at, depth)
    return _normal_other(value, at, depth)


def _normal_list(value: list[Any], at: At, depth: int) -> list[Value]:
    for index, item in enumerate(value):
        if type(item) not in PLAIN:
            changed = [normal(each, at, depth + 1) for each in value[index:]]
            return value[:index] + changed
    return value


def _normal_context(value: dict[Any, Any], at: At, depth: int) -> dict[str, Value]:
    for key, item in value.items():
        if type(key) is not str or type(item) not in PLAIN:
            return {str(k): normal(each, at, depth + 1) for k, each in value.items()}
    return value


def _normal_other(value: Any, at: At, depth: int) -> Value:
    if isinstance(value, Mapping):
        return {str(key): normal(each, at, depth + 1) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [normal(each, at, depth + 1) for each in value]
    if isinstance(value, Set):
        return [normal(each, at, depth + 1) for each in sorted(value, key=str)]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    raise fault(at, "foreign_value", type=type(value).__name__)


def kind_of(value: Value) -> str:
    """FEEL's name of the value's type; "null" for None."""
    return _KINDS[type(value)]


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    FarDate: "date",
    FineTime: "time",
    FarDateTime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
