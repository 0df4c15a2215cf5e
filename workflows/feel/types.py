"""FEEL's types: what a value conforms to, and the conversions DMN allows on the way.

DMN 1.5 §10.3.2.9 (type lattice, conformance, implicit conversions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, TypeAlias

from workflows.feel.values import Function, Range, Value, kind_of


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts: "number", "string", …, "Any", "Null"."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    element: Type


@dataclass(frozen=True, slots=True)
class RangeOf:
    element: Type


@dataclass(frozen=True, slots=True)
class ContextOf:
    """`closed`: a member that is not listed is a mistake of the writer."""

    members: Mapping[str, Type] = field(hash=False)
    closed: bool = False

    def __hash__(self) -> int:
        return hash((frozenset(self.members.items()), self.closed))


@dataclass(frozen=True, slots=True)
class FunctionOf:
    parameters: tuple[Type, ...]
    result: Type


Type: TypeAlias = Simple | ListOf | RangeOf | ContextOf | FunctionOf

ANY: Final = Simple("Any")
NULL: Final = Simple("Null")
ANY_LIST: Final = ListOf(ANY)
ANY_CONTEXT: Final = ContextOf({})
ANY_FUNCTION: Final = Simple("function")

TYPE_NAMES: Mapping[str, Type] = {
    "Any": ANY,
    "any": ANY,
    "Null": NULL,
    "number": Simple("number"),
    "string": Simple("string"),
    "boolean": Simple("boolean"),
    "date": Simple("date"),
    "time": Simple("time"),
    "date and time": Simple("date and time"),
    "days and time duration": Simple("days and time duration"),
    "years and months duration": Simple("years and months duration"),
    "list": ANY_LIST,
    "context": ANY_CONTEXT,
    "function": ANY_FUNCTION,
    "range": RangeOf(ANY),
    # XML Schema spellings that older DMN files carry in typeRef (DMN 1.1 §7.3.1)
    "dateTime": Simple("date and time"),
    "dayTimeDuration": Simple("days and time duration"),
    "yearMonthDuration": Simple("years and months duration"),
}


def is_instance(value: Value, kind: Type) -> bool:
    """`value instance of kind`: null is an instance of Null alone (DMN 1.5 table 53)."""
    if value is None:
        return kind == NULL
    return conforms(value, kind)


def conforms(value: Value, kind: Type) -> bool:
    """Whether the value may stand where the type is asked for; null may stand anywhere."""
    if value is None or kind == ANY:
        return True
    if isinstance(kind, Simple):
        return kind_of(value) == kind.name
    if isinstance(kind, ListOf):
        return isinstance(value, list) and (
            kind.element == ANY or all(conforms(item, kind.element) for item in value)
        )
    if isinstance(kind, ContextOf):
        return isinstance(value, dict) and all(
            key in value and conforms(value[key], member) for key, member in kind.members.items()
        )
    if isinstance(kind, RangeOf):
        return isinstance(value, Range) and all(
            conforms(end, kind.element) for end in (value.start, value.end)
        )
    return _function_conforms(value, kind)


def _function_conforms(value: Value, kind: FunctionOf) -> bool:
    if not isinstance(value, Function) or len(value.parameters) != len(kind.parameters):
        return False
    declared = value.types or (ANY,) * len(value.parameters)
    takes = all(map(is_narrower, kind.parameters, declared))
    return takes and (value.result in (None, ANY) or is_narrower(value.result, kind.result))


def is_narrower(kind: Type, wide: Type) -> bool:
    """Whether every value of `kind` is one of `wide` (DMN 1.5 §10.3.2.9.1, table 53)."""
    if wide == ANY or kind in (wide, NULL):
        return True
    if isinstance(wide, ListOf):
        return isinstance(kind, ListOf) and is_narrower(kind.element, wide.element)
    if isinstance(wide, RangeOf):
        return isinstance(kind, RangeOf) and is_narrower(kind.element, wide.element)
    if isinstance(wide, ContextOf):
        return isinstance(kind, ContextOf) and all(
            name in kind.members and is_narrower(kind.members[name], member)
            for name, member in wide.members.items()
        )
    if isinstance(wide, FunctionOf) and isinstance(kind, FunctionOf):
        same = len(kind.parameters) == len(wide.parameters)
        takes = same and all(map(is_narrower, wide.parameters, kind.parameters))
        return takes and is_narrower(kind.result, wide.result)
    return wide == ANY_FUNCTION and isinstance(kind, FunctionOf)


def coerce(value: Value, kind: Type) -> Value:
    """The value as the type, by DMN's implicit conversions; None where none of them fits."""
    if value is None or conforms(value, kind):
        return value
    if isinstance(value, list) and len(value) == 1 and not isinstance(kind, ListOf):
        return coerce(value[0], kind)
    if isinstance(kind, ListOf) and not isinstance(value, list):
        item = coerce(value, kind.element)
        return None if item is None else [item]
    if kind == TYPE_NAMES["date and time"] and type(value) is date:
        return datetime.combine(value, time(), tzinfo=UTC)
    return None


def element_type(kind: Type) -> Type:
    """Type of one element where a list of `kind` is gone through (a single value is its own)."""
    if isinstance(kind, ListOf):
        return kind.element
    if isinstance(kind, RangeOf):
        return kind.element
    return kind


def member_type(kind: Type, member: str) -> Type | None:
    """Type of `x.member`; None where the member is known not to exist."""
    if isinstance(kind, ListOf):
        inner = member_type(kind.element, member)
        return None if inner is None else ListOf(inner)
    if not isinstance(kind, ContextOf):
        return ANY
    found = kind.members.get(member)
    if found is None:
        return None if kind.closed else ANY
    return found
