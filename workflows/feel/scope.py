"""What names mean at a place in a text: locals, elements of a filter, declared names, functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from workflows.feel.names import NameIndex
from workflows.feel.type_text import NO_TYPES, TypeNames
from workflows.feel.types import ANY, ANY_FUNCTION, ContextOf, FunctionOf, Type


@dataclass(frozen=True, slots=True)
class Declared:
    """The names a text may use from outside, fixed before it is read.

    `types`: declared name → type. `functions`: names of host functions. `built_ins`: FEEL's own.
    `members`: names that may follow a dot although a plain word rule would cut them.
    `kinds`: types the host knows beside FEEL's own.
    """

    types: Mapping[str, Type]
    functions: frozenset[str]
    names: NameIndex
    callables: NameIndex
    members: tuple[str, ...] = ()
    kinds: TypeNames = NO_TYPES


def declare(
    types: Mapping[str, Type],
    functions: Iterable[str],
    built_ins: Iterable[str],
    members: tuple[str, ...] = (),
    kinds: TypeNames = NO_TYPES,
) -> Declared:
    """Index everything that is known before reading."""
    hosted = frozenset(functions)
    return Declared(
        types=types,
        functions=hosted,
        names=NameIndex(types),
        callables=_callables(hosted, tuple(built_ins)),
        members=members,
        kinds=kinds,
    )


@lru_cache(maxsize=64)
def _callables(hosted: frozenset[str], built_ins: tuple[str, ...]) -> NameIndex:
    return NameIndex([*hosted, *built_ins])


@dataclass(slots=True)
class Scope:
    """One layer of names inside a text; layers point outward.

    A filter's layer has `item`, the slot of its element, and `element`, that element's type.
    """

    outer: Scope | None = None
    item: int | None = None
    element: Type = ANY
    slots: dict[str, int] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    index: NameIndex = field(default_factory=NameIndex)

    def bind(self, name: str, slot: int, kind: Type = ANY) -> None:
        """Make a local known in this layer and those inside it."""
        if name not in self.slots:
            self.index.add(name)
        self.slots[name] = slot
        self.types[name] = kind

    @property
    def open(self) -> bool:
        """Whether any name may be a member of this filter's element."""
        return self.item is not None and not (
            isinstance(self.element, ContextOf) and self.element.closed
        )

    def has_member(self, name: str) -> bool:
        """Whether the filter's element is declared to have this member."""
        return (
            self.item is not None
            and isinstance(self.element, ContextOf)
            and name in self.element.members
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means: a local (`slot`), a declared name, or a function (`callable`)."""

    name: str
    end: int
    slot: int | None = None
    items: tuple[int, ...] = ()
    known: bool = True
    type: Type = ANY
    callable: bool = False


def filter_scope(outer: Scope, item: int, element: Type) -> Scope:
    """The layer inside `list[…]`: `item` and the element's declared members."""
    scope = Scope(outer, item, element)
    scope.bind("item", item, element)
    if isinstance(element, ContextOf):
        for member in element.members:
            scope.index.add(member)
    return scope


def find(text: str, offset: int, scope: Scope, declared: Declared) -> Found | None:
    """The longest known name at `offset`, the innermost of equally long ones; None: unknown."""
    best: Found | None = None
    items: list[int] = []
    layer: Scope | None = scope
    while layer is not None:
        match = layer.index.match(text, offset)
        if match is not None and (best is None or match[1] > best.end):
            best = _in_layer(layer, match, tuple(items))
        if layer.item is not None and layer.open:
            items.append(layer.item)
        layer = layer.outer
    return _outermost(text, offset, declared, best, tuple(items))


def _in_layer(layer: Scope, match: tuple[str, int], items: tuple[int, ...]) -> Found:
    name, end = match
    if name in layer.slots:
        if layer.item == layer.slots[name] and (layer.open or layer.has_member(name)):
            items = (*items, layer.item)
        return Found(name, end, layer.slots[name], items, type=layer.types[name])
    assert layer.item is not None
    assert isinstance(layer.element, ContextOf)
    member = layer.element.members[name]
    return Found(name, end, items=(*items, layer.item), known=False, type=member)


def _outermost(
    text: str, offset: int, declared: Declared, best: Found | None, items: tuple[int, ...]
) -> Found | None:
    match = declared.names.match(text, offset)
    if match is not None and (best is None or match[1] > best.end):
        best = Found(match[0], match[1], items=items, type=declared.types[match[0]])
    match = declared.callables.match(text, offset)
    if match is None or (best is not None and match[1] < best.end):
        return best
    name, end = match
    function = Found(name, end, callable=True)
    if best is None or end > best.end:
        return function
    called = text[end:].lstrip()[:1] == "("
    is_function = best.type == ANY_FUNCTION or isinstance(best.type, FunctionOf)
    is_local = best.slot is not None
    return function if called and not (is_function or is_local) else best
