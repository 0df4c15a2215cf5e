"""Names and what may follow them: members, filters, invocations. DMN 1.5 §10.3.1.2 rules
38–49, §10.3.2.5 (filter), §10.3.2.13 (invocation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel.errors import At, fault
from workflows.feel.inference import type_of
from workflows.feel.names import KEYWORDS, NameIndex, read_parts, read_words
from workflows.feel.nodes import BuiltIn, Call, Descendants, Filter, Name, Node, Path
from workflows.feel.scanner import Scanner
from workflows.feel.scope import Found, Scope, filter_scope, find
from workflows.feel.types import ContextOf, ListOf, Type, element_type, member_type

if TYPE_CHECKING:
    from workflows.feel.parser import Parser

_FORMS = frozenset({"if", "for", "some", "every", "function", "not", "true", "false", "null"})
"""Keywords that may begin an expression."""
_NO_MEMBERS = NameIndex()


def path(parser: Parser, base: Node, at: At) -> Node:
    """`.member` behind `base`. FeelError `unknown_member` where the type lists its members."""
    scanner = parser.scanner
    known = type_of(base)
    place = scanner.at
    match = _members(known).match(scanner.text, scanner.offset)
    if match is None:
        match = parser.members.match(scanner.text, scanner.offset)
    name, end = match or read_words(scanner.text, scanner.offset)
    if not name:
        raise scanner.surprise("name")
    if member_type(known, name) is None:
        raise fault(place, "unknown_member", name=name)
    scanner.move(end)
    return Path(at, base, name)


def descendants(parser: Parser, base: Node, at: At) -> Node:
    """`...member` behind `base`: that member wherever it is inside, even one named like a word
    of FEEL's own: nothing but a name can stand here."""
    scanner = parser.scanner
    match = parser.members.match(scanner.text, scanner.offset)
    name, end = match or read_words(scanner.text, scanner.offset)
    if not name:
        name = scanner.word() or ""
        end = scanner.offset + len(name)
    if not name:
        raise scanner.surprise("name")
    scanner.move(end)
    return Descendants(at, base, name)


def _members(known: Type) -> NameIndex:
    while isinstance(known, ListOf):
        known = known.element
    return NameIndex(known.members) if isinstance(known, ContextOf) else _NO_MEMBERS


def begins_filter(text: str, offset: int) -> bool:
    """Whether what stands behind a `[` at the second end of a range is a filter's test; where it
    cannot be, the bracket closes the range (`]1..5[`)."""
    scanner = Scanner(text)
    scanner.move(offset)
    word = scanner.word()
    if word is not None:
        return word not in KEYWORDS or word in _FORMS
    return scanner.operator()[:1] in tuple('"@({0123456789')


def element_filter(parser: Parser, base: Node, at: At) -> Node:
    """`[test]` behind `base`; the element's members are names inside."""
    slot = parser.new_slot()
    outer = parser.scope
    parser.scope = filter_scope(outer, slot, element_type(type_of(base)))
    test = parser.inner()
    parser.scope = outer
    parser.scanner.expect("]")
    return Filter(at, base, test, slot)


def call(parser: Parser, function: Node, at: At) -> Node:
    """`(…)` behind `function`, all arguments by position or all by name."""
    scanner = parser.scanner
    positional: list[Node] = []
    named: dict[str, Node] = {}
    while not scanner.accept(")"):
        if positional or named:
            scanner.expect(",")
        place = scanner.at
        parameter = _parameter(parser)
        if (parameter is None and named) or (parameter is not None and positional):
            raise fault(place, "mixed_arguments")
        if parameter is None:
            positional.append(parser.inner())
        elif parameter in named:
            raise fault(place, "repeated_argument", name=parameter)
        else:
            named[parameter] = parser.inner()
    return Call(at, function, tuple(positional), tuple(named.items()))


def _parameter(parser: Parser) -> str | None:
    """`name:` before an argument; moves only if there is one."""
    scanner = parser.scanner
    name, end = read_parts(scanner.text, scanner.offset)
    if not name or scanner.text[end : end + 1] != ":":
        return None
    scanner.move(end + 1)
    return name


def name(parser: Parser) -> Node:
    """The name that stands here, found in its scope."""
    scanner = parser.scanner
    at = scanner.at
    found = find(scanner.text, scanner.offset, parser.scope, parser.declared)
    if found is None:
        found = _member_of_element(parser)
    scanner.move(found.end)
    if found.callable:
        _check_clock(parser, found.name, at)
        return BuiltIn(at, found.name, found.name in parser.declared.functions)
    if found.slot is None and found.known:
        parser.used.add(found.name)
    if found.name == "?" and found.slot is not None:
        parser.asked.add(found.slot)
    return Name(at, found.name, found.slot, found.items, found.known, found.type)


def _check_clock(parser: Parser, function: str, at: At) -> None:
    """Where the host declares the day of the act as a name, nobody may ask the machine's clock."""
    if parser.strict and function in ("now", "today") and "today" in parser.declared.types:
        raise fault(at, "clock_function", name=function)


def _member_of_element(parser: Parser) -> Found:
    """A name nobody declared can only be a member of the element of a filter around it."""
    scanner = parser.scanner
    match = parser.members.match(scanner.text, scanner.offset)
    word, end = match or read_words(scanner.text, scanner.offset)
    if not word:
        raise scanner.surprise()
    items: list[int] = []
    layer: Scope | None = parser.scope
    while layer is not None:
        if layer.item is not None and layer.open:
            items.append(layer.item)
        layer = layer.outer
    if not items:
        parser.impossible(scanner.at, "unknown_name", name=word)
    return Found(word, end, items=tuple(items), known=False)
