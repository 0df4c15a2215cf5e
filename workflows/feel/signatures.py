"""How a built-in function is declared, chosen and called.

`@built_in("substring", "string: string, start position: number, length?: number")` declares one
way to call; a name may have several. `?` marks what may be left out, `*` takes the rest as a list.
An argument of the wrong type makes the result null, after DMN's implicit conversions (a list of
one for its element, one element for a list, a date for a date-time; DMN 1.5 §10.3.2.9.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

from workflows.feel.limits import Budget
from workflows.feel.temporal import as_date_time
from workflows.feel.values import Function, Range, Value

Body: TypeAlias = Callable[..., Value]
_B = TypeVar("_B", bound=Callable[..., Any])
UNFIT: Final = object()
"""An argument that cannot become what is asked for."""

_WANTS: dict[str, type | None] = {
    "any": None,
    "string": str,
    "number": Decimal,
    "boolean": bool,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
    "date": date,
    "time": time,
    "date and time": datetime,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in. `wants`: Python type of each argument, None for any value.

    `heavy`: the body gets the evaluation's budget as its first argument.
    """

    parameters: tuple[str, ...]
    wants: tuple[type | None, ...]
    required: int
    variadic: bool
    heavy: bool
    body: Body

    def takes(self, count: int) -> bool:
        """Whether so many arguments may be given by position."""
        return self.required <= count and (self.variadic or count <= len(self.parameters))

    def invoke(self, values: list[Value], budget: Budget | None) -> Value:
        """The result for arguments by position; null where one does not fit."""
        if self.variadic:
            last = len(self.parameters) - 1
            values = [*values[:last], values[last:]]
        fitting = [fit(value, want) for value, want in zip(values, self.wants, strict=False)]
        if UNFIT in fitting:
            return None
        return self.body(budget, *fitting) if self.heavy else self.body(*fitting)


SIGNATURES: dict[str, list[Signature]] = {}
"""Every built-in by name; filled when `workflows.feel.functions` is imported."""


def built_in(name: str, parameters: str, *, heavy: bool = False) -> Callable[[_B], _B]:
    """Declares the decorated function as one way to call FEEL's `name`."""

    def declare(body: _B) -> _B:
        SIGNATURES.setdefault(name, []).append(_signature(parameters, heavy, body))
        return body

    return declare


def _signature(text: str, heavy: bool, body: Body) -> Signature:
    names: list[str] = []
    wants: list[type | None] = []
    required = 0
    for part in filter(None, text.split(", ")):
        name, _, want = part.partition(": ")
        names.append(name.strip("*?"))
        wants.append(list if name.startswith("*") else _WANTS[want])
        required += not name.endswith("?")
    return Signature(tuple(names), tuple(wants), required, "*" in text, heavy, body)


def fit(value: Value, want: type | None) -> Any:
    """The argument as the wanted type, or `UNFIT`."""
    kind = type(value)
    if want is None or kind is want:
        return value
    if value is None:
        return UNFIT
    if want is list:
        return [value]
    if kind is list and len(value) == 1:
        return fit(value[0], want)
    if want is datetime and kind is date:
        return as_date_time(value)
    return UNFIT


def choose(name: str, count: int) -> Signature | None:
    """The first way to call `name` that takes `count` arguments."""
    return next((one for one in SIGNATURES[name] if one.takes(count)), None)


def choose_named(name: str, given: Iterable[str]) -> tuple[Signature, tuple[int, ...]] | None:
    """The way to call `name` with these parameters, and the place of each."""
    names = tuple(given)
    for one in SIGNATURES[name]:
        if set(names) <= set(one.parameters) and set(one.parameters[: one.required]) <= set(names):
            return one, tuple(one.parameters.index(each) for each in names)
    return None


def as_function(name: str) -> Function:
    """A built-in as a value, to hand it to another function."""
    longest = max(SIGNATURES[name], key=lambda one: len(one.parameters))

    def within(budget: Budget, values: list[Value]) -> Value:
        signature = choose(name, len(values))
        return None if signature is None else signature.invoke(values, budget)

    return Function(
        longest.parameters,
        lambda *values: within(Budget(), list(values)),
        required=min(one.required for one in SIGNATURES[name]),
        variadic=any(one.variadic for one in SIGNATURES[name]),
        within=within,
    )
