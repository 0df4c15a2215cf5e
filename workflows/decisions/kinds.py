"""Declared types: `typeRef` and item definitions → what a value must be and may be.

DMN 1.5 §7.3.2 (item definitions), §10.3.2.9.4 (implicit conversions): a value that does not fit
its declared type is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from workflows.decisions.errors import fault
from workflows.decisions.feel_text import LENIENT, Feel
from workflows.decisions.limits import MAX_NESTING
from workflows.decisions.model import Item, Text
from workflows.feel import Function, Type
from workflows.feel.types import (
    ANY,
    ANY_FUNCTION,
    TYPE_NAMES,
    ContextOf,
    FunctionOf,
    ListOf,
    Simple,
    coerce,
)

Allowed = Callable[[Any], bool]

_EDITORS = {"integer": "number", "long": "number", "double": "number", "Boolean": "boolean"}
"""Type names that editors write beside DMN's own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared type. `result`: of what a function of this type returns, None: not a function;
    `parameters`: what it takes, by name."""

    type: Type
    allowed: Allowed | None = None
    result: Kind | None = None
    parameters: Mapping[str, Kind] = field(default_factory=dict)

    def coerce(self, value: Any) -> Any:
        """The value as this type, null where it does not fit. A function is given back as one
        whose arguments and result are of the declared types."""
        if value is None or self is ANYTHING:
            return value
        if self.result is not None and isinstance(value, Function):
            return _typed(value, tuple(self.parameters.values()), self.result)
        found = coerce(value, self.type)
        return found if found is None or self.allowed is None or self.allowed(found) else None


ANYTHING = Kind(ANY)


def _as_type(kind: Kind) -> Type:
    """What FEEL knows of a declared type; of functions that say nothing, that they are some."""
    if kind.result is None or (kind.result is ANYTHING and not kind.parameters):
        return kind.type
    return FunctionOf(tuple(p.type for p in kind.parameters.values()), kind.result.type)


def _typed(function: Function, parameters: tuple[Kind, ...], result: Kind) -> Function:
    def convert(arguments: Iterable[Any]) -> list[Any]:
        pairs = zip_longest(arguments, parameters[: len(function.parameters)])
        return [value if kind is None else kind.coerce(value) for value, kind in pairs]

    within = function.within
    return replace(
        function,
        call=lambda *arguments: result.coerce(function.call(*convert(arguments))),
        within=within
        and (lambda budget, arguments: result.coerce(within(budget, convert(arguments)))),
    )


class Kinds:
    """All types of one file by name."""

    def __init__(self, items: Mapping[str, Item], feel: Feel = LENIENT) -> None:
        self._items = items
        self._feel = feel
        self._known: dict[str, Kind] = {}
        self.types: Mapping[str, Type] = {name: _as_type(self.find(name)) for name in items}
        """Item definitions as FEEL's types."""

    def find(self, name: str | None) -> Kind:
        """The type of that name; one nobody declares is any."""
        return self._find(name, 0)

    def is_known(self, name: str | None) -> bool:
        """Whether a `typeRef` means something here."""
        return name is None or any(n in self._items or n in _PLAIN for n in _spellings(name))

    def item(self, name: str | None) -> Item | None:
        """The item definition of that name."""
        for spelling in _spellings(name or ""):
            if spelling in self._items:
                return self._items[spelling]
        return None

    def _find(self, name: str | None, depth: int) -> Kind:
        for spelling in _spellings(name or ""):
            if spelling in self._known:
                return self._known[spelling]
            if spelling in self._items:
                item = self._items[spelling]
                if depth > MAX_NESTING:
                    raise fault(item.where, "nested_too_deeply", most=MAX_NESTING)
                self._known[spelling] = self._build(item, depth + 1)
                return self._known[spelling]
            if spelling in _PLAIN:
                return Kind(_PLAIN[spelling])
        return ANYTHING

    def _build(self, item: Item, depth: int) -> Kind:
        if item.result is not None:
            parameters = {p.name: self._find(p.type, depth) for p in item.parameters}
            result = self._find(item.result, depth)
            return Kind(ANY_FUNCTION, result=result, parameters=parameters)
        inner = self._members(item, depth) if item.members else self._find(item.type, depth)
        own = self._tests(item.allowed)
        element = own if own and isinstance(inner.type, Simple) else _both(inner.allowed, own)
        if item.collection:
            inner = Kind(ListOf(inner.type), element and _each(element))
        else:
            inner = Kind(inner.type, element)
        allowed = _both(inner.allowed, self._tests(item.constraint))
        return ANYTHING if inner.type == ANY and not allowed else Kind(inner.type, allowed)

    def _tests(self, text: Text | None) -> Allowed | None:
        """Allowed values. Those of a plain type take the place of those of its base."""
        if text is None:
            return None
        test = self._feel.tests(text, {})
        return lambda value: value is None or test(value, {})

    def _members(self, item: Item, depth: int) -> Kind:
        kinds = {member.name: self._build(member, depth) for member in item.members}
        checks = {name: kind.allowed for name, kind in kinds.items() if kind.allowed}
        type_ = ContextOf({name: kind.type for name, kind in kinds.items()})
        return Kind(type_, _every_member(checks) if checks else None)


def _spellings(name: str) -> Iterator[str]:
    """`feel:string` is `string`; names of item definitions may hold a colon or dot themselves."""
    if name:
        yield name
        if ":" in name:
            yield name.rpartition(":")[2]


_PLAIN: Mapping[str, Type] = {
    **TYPE_NAMES,
    **{theirs: TYPE_NAMES[ours] for theirs, ours in _EDITORS.items()},
}


def _both(first: Allowed | None, second: Allowed | None) -> Allowed | None:
    if first is None or second is None:
        return first or second
    return lambda value: first(value) and second(value)


def _each(allowed: Allowed) -> Allowed:
    def check(value: Any) -> bool:
        return isinstance(value, list) and all(allowed(one) for one in value)

    return check


def _every_member(checks: Mapping[str, Allowed]) -> Allowed:
    def check(value: Any) -> bool:
        return isinstance(value, dict) and all(
            allowed(value[name]) for name, allowed in checks.items() if name in value
        )

    return check
