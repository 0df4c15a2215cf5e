"""Numeric functions. DMN 1.5 §10.3.4.5, table 76."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)

from workflows.feel.limits import MAX_DIGITS
from workflows.feel.signatures import built_in
from workflows.feel.values import NUMBERS, Value, YearsMonths, number

_SCALES = range(-6_111, 6_177)
"""Decimal places that may be asked for (DMN 1.5 table 76, from decimal128)."""
_WIDE = Context(prec=MAX_DIGITS * 2 + 100)


def rounded(value: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """The number with `scale` decimal places, a part of a place left out of account; None where
    the scale is out of bounds."""
    if not _SCALES.start <= scale < _SCALES.stop:
        return None
    places = int(scale)
    if -int(value.as_tuple().exponent) <= places:
        return value
    return number(value.quantize(Decimal(1).scaleb(-places, _WIDE), mode, _WIDE))


def _declare(name: str, mode: str, scale_name: str = "scale?") -> None:
    @built_in(name, f"n: number, {scale_name}: number")
    def round_so(value: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        return rounded(value, scale, mode)


_declare("decimal", ROUND_HALF_EVEN, "scale")
_declare("round up", ROUND_UP, "scale")
_declare("round down", ROUND_DOWN, "scale")
_declare("round half up", ROUND_HALF_UP, "scale")
_declare("round half down", ROUND_HALF_DOWN, "scale")
_declare("floor", ROUND_FLOOR)
_declare("ceiling", ROUND_CEILING)


@built_in("abs", "n: any")
def absolute(value: Value) -> Value:
    """Without its sign: of a number or a duration."""
    if type(value) is list and len(value) == 1:
        value = value[0]
    if type(value) is Decimal:
        return NUMBERS.abs(value)
    if type(value) is YearsMonths:
        return YearsMonths(abs(value.months))
    return abs(value) if type(value) is timedelta else None


@built_in("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """`dividend - divisor * floor(dividend / divisor)`: has the divisor's sign."""
    try:
        rest = _WIDE.remainder(dividend, divisor)
    except DecimalException:
        return None
    if rest and (rest < 0) is not (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return number(rest)


def _guarded(compute: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Decimal | None]:
    """Null where the mathematics has no answer."""

    def guarded(value: Decimal) -> Decimal | None:
        try:
            return number(compute(value))
        except DecimalException:
            return None

    return guarded


def _ln(value: Decimal) -> Decimal:
    if not value:
        raise DecimalException
    return NUMBERS.ln(value)


built_in("sqrt", "number: number")(_guarded(NUMBERS.sqrt))
built_in("exp", "number: number")(_guarded(NUMBERS.exp))
built_in("log", "number: number")(_guarded(_ln))


@built_in("odd", "number: number")
def odd(value: Decimal) -> bool:
    """Whether it leaves 1 when halved."""
    return abs(_WIDE.remainder(value, Decimal(2))) == 1


@built_in("even", "number: number")
def even(value: Decimal) -> bool:
    """Whether it can be halved."""
    return not _WIDE.remainder(value, Decimal(2))
