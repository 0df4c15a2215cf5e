"""Types as they are written: `list<number>`, `context<name: string>`, `date and time`.

DMN 1.5 §10.3.1.2 rules 52–56.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workflows.feel.errors import fault
from workflows.feel.limits import MAX_NESTING
from workflows.feel.names import NameIndex, read_parts
from workflows.feel.scanner import Scanner
from workflows.feel.types import (
    ANY_FUNCTION,
    TYPE_NAMES,
    ContextOf,
    FunctionOf,
    ListOf,
    RangeOf,
    Simple,
    Type,
)


@dataclass(frozen=True, slots=True)
class TypeNames:
    """FEEL's types and those the host declares beside them (item definitions of DMN)."""

    own: Mapping[str, Type]
    index: NameIndex


def type_names(own: Mapping[str, Type]) -> TypeNames:
    """Index the host's types once for all texts of a file."""
    return TypeNames(own, NameIndex([*own, *TYPE_NAMES]))


NO_TYPES = type_names({})


def read_type(scanner: Scanner, depth: int = 0, known: TypeNames = NO_TYPES) -> Type:
    """The type that stands here. FeelError `unknown_type`."""
    if depth > MAX_NESTING:
        raise fault(scanner.at, "limit_nesting", limit=MAX_NESTING)
    if scanner.accept_word("function"):
        return _function(scanner, depth, known) if scanner.accept("<") else ANY_FUNCTION
    match = known.index.match(scanner.text, scanner.offset)
    if match is None:
        raise fault(scanner.at, "unknown_type", name=scanner.word() or scanner.operator())
    name, end = match
    scanner.move(end)
    if name in known.own:
        return known.own[name]
    if name in ("list", "range") and scanner.accept("<"):
        element = read_type(scanner, depth + 1, known)
        scanner.expect(">")
        return ListOf(element) if name == "list" else RangeOf(element)
    if name == "context" and scanner.accept("<"):
        return _members(scanner, depth, known)
    return TYPE_NAMES[name]


def _members(scanner: Scanner, depth: int, known: TypeNames) -> Type:
    members: dict[str, Type] = {}
    while not scanner.accept(">"):
        if members:
            scanner.expect(",")
        name, end = read_parts(scanner.text, scanner.offset)
        if not name:
            raise scanner.surprise("name")
        scanner.move(end)
        scanner.expect(":")
        members[name] = read_type(scanner, depth + 1, known)
    return ContextOf(members)


def _function(scanner: Scanner, depth: int, known: TypeNames) -> Type:
    parameters: list[Type] = []
    while not scanner.accept(">"):
        if parameters:
            scanner.expect(",")
        parameters.append(read_type(scanner, depth + 1, known))
    scanner.expect("->")
    return FunctionOf(tuple(parameters), read_type(scanner, depth + 1, known))


@lru_cache(maxsize=1024)
def parse_type(text: str) -> Type:
    """A whole text as a type. FeelError with the place in that text.

    A package names the same few types again for each of its texts.
    """
    scanner = Scanner(text)
    kind = read_type(scanner)
    if not scanner.done:
        raise scanner.surprise()
    return kind


def as_type(hint: Any) -> Type:
    """What a declaration may say of a name: a type, its text, a mapping of members (then no other
    member exists), or a list with the type of its elements; None or "" says nothing."""
    if isinstance(hint, str):
        return parse_type(hint) if hint else TYPE_NAMES["Any"]
    if isinstance(hint, Mapping):
        return ContextOf({name: as_type(member) for name, member in hint.items()}, closed=True)
    if isinstance(hint, (list, tuple)):
        return ListOf(as_type(hint[0]) if hint else TYPE_NAMES["Any"])
    if isinstance(hint, (Simple, ListOf, RangeOf, ContextOf, FunctionOf)):
        return hint
    return TYPE_NAMES["Any"]
