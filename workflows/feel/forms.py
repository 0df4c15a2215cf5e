"""What may begin an expression: literals, brackets, and the forms that start with a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workflows.feel.errors import At, fault
from workflows.feel.inference import type_of
from workflows.feel.names import read_parts, tidy_name
from workflows.feel.nodes import (
    Binding,
    ContextLiteral,
    For,
    FunctionLiteral,
    If,
    ListLiteral,
    Literal,
    Negation,
    Node,
    Quantified,
    RangeLiteral,
)
from workflows.feel.postfix import name
from workflows.feel.scope import Scope
from workflows.feel.temporal_text import read_literal
from workflows.feel.type_text import read_type
from workflows.feel.types import ANY, Type, element_type

if TYPE_CHECKING:
    from workflows.feel.parser import Parser

_NEGATION = 7
"""`-` binds tighter than `**` (`parser.NEGATION`)."""
_COMPARE = ("<=", ">=", "<", ">")


def prefix(parser: Parser) -> Node:
    """The operand that stands here, without what follows it."""
    scanner = parser.scanner
    at = scanner.at
    number = scanner.number()
    if number is not None:
        return Literal(at, number)
    text = scanner.string()
    if text is not None:
        return Literal(at, text)
    read = _BY_SIGN.get(scanner.operator())
    if read is not None:
        scanner.move(scanner.offset + 1)
        return read(parser, at)
    word = scanner.word()
    if word is None:
        raise scanner.surprise()
    form = _BY_WORD.get(word)
    if form is None or (word == "function" and not _is_function_literal(parser)):
        return name(parser)
    scanner.move(scanner.offset + len(word))
    return form(parser, at)


def _is_function_literal(parser: Parser) -> bool:
    rest = parser.scanner.text[parser.scanner.offset + len("function") :]
    return rest.lstrip()[:1] == "("


def _negation(parser: Parser, at: At) -> Node:
    operand = parser.expression(_NEGATION)
    return Negation(at, operand)


def _temporal(parser: Parser, at: At) -> Node:
    text = parser.scanner.string()
    if text is None:
        raise parser.scanner.surprise('"…"')
    value = read_literal(text)
    if value is None:
        return parser.impossible(at, "bad_literal", text=text[:100])
    return Literal(at, value)


def _bracketed(parser: Parser, at: At) -> Node:
    """`(a)`, `(a..b]`, `(< a)`."""
    scanner = parser.scanner
    operator = scanner.operator()
    if operator == "=" or operator in _COMPARE:
        scanner.move(scanner.offset + len(operator))
        node = one_sided(at, operator, parser.inner())
        scanner.expect(")")
        return node
    node = parser.inner()
    if scanner.accept(".."):
        return range_from(parser, at, node, start_included=False)
    scanner.expect(")")
    return node


def one_sided_range(parser: Parser, level: int) -> Node | None:
    """`>= 5` as a value; None where no comparison sign stands here."""
    scanner = parser.scanner
    operator = scanner.operator()
    if operator not in _COMPARE:
        return None
    at = scanner.at
    scanner.move(scanner.offset + len(operator))
    return one_sided(at, operator, parser.expression(level))


def one_sided(at: At, operator: str, end: Node) -> Node:
    """The range of all values that compare so with `end`."""
    if operator == "=":
        return RangeLiteral(at, end, end, start_included=True, end_included=True)
    if operator in ("<", "<="):
        return RangeLiteral(at, None, end, start_included=False, end_included=operator == "<=")
    return RangeLiteral(at, end, None, start_included=operator == ">=", end_included=False)


def _square(parser: Parser, at: At) -> Node:
    """`[a, b]` or `[a..b]`."""
    scanner = parser.scanner
    if scanner.accept("]"):
        return ListLiteral(at, ())
    items = [parser.inner()]
    if scanner.accept(".."):
        return range_from(parser, at, items[0], start_included=True)
    while not scanner.accept("]"):
        scanner.expect(",")
        items.append(parser.inner())
    return ListLiteral(at, tuple(items))


def _outward(parser: Parser, at: At) -> Node:
    """`]a..b[`."""
    start = parser.inner()
    parser.scanner.expect("..")
    return range_from(parser, at, start, start_included=False)


def range_from(parser: Parser, at: At, start: Node, *, start_included: bool) -> Node:
    """The range whose start and dots were read."""
    scanner = parser.scanner
    end = parser.end_of_range()
    if scanner.accept("]"):
        return RangeLiteral(at, start, end, start_included, end_included=True)
    if not scanner.accept("["):
        scanner.expect(")")
    return RangeLiteral(at, start, end, start_included, end_included=False)


def _context(parser: Parser, at: At) -> Node:
    """`{key: expression, …}`; each entry sees those before it."""
    scanner = parser.scanner
    outer = parser.scope
    parser.scope = Scope(outer)
    entries: list[tuple[str, int, Node]] = []
    keys: set[str] = set()
    while not scanner.accept("}"):
        if entries:
            scanner.expect(",")
        place = scanner.at
        key = _key(parser)
        if key in keys:
            parser.impossible(place, "repeated_key", name=key)
        keys.add(key)
        slot = parser.new_slot()
        entries.append((key, slot, _entry(parser, key, slot)))
    parser.scope = outer
    if len(keys) < len(entries):
        return Literal(at, None)
    return ContextLiteral(at, tuple(entries))


def _entry(parser: Parser, key: str, slot: int) -> Node:
    """The value of an entry; a function literal may call itself by its key."""
    itself = parser.scanner.word() == "function"
    if itself:
        parser.scope.bind(key, slot)
    value = parser.inner()
    parser.scope.bind(key, slot, type_of(value))
    parser.members.add(key)
    return value


def _key(parser: Parser) -> str:
    scanner = parser.scanner
    key = scanner.string()
    if key is None:
        key, end = read_parts(scanner.text, scanner.offset)
        if not key:
            raise scanner.surprise("name")
        scanner.move(end)
    scanner.expect(":")
    return key


def _new_name(parser: Parser, stop: str | None = None) -> str:
    """A name that is introduced here."""
    scanner = parser.scanner
    found, end = read_parts(scanner.text, scanner.offset, stop)
    if not found:
        raise scanner.surprise("name")
    scanner.move(end)
    return tidy_name(found)


def _if(parser: Parser, at: At) -> Node:
    condition = parser.expression()
    parser.scanner.expect_word("then")
    then = parser.expression()
    parser.scanner.expect_word("else")
    return If(at, condition, then, parser.expression())


def _bindings(parser: Parser) -> tuple[Binding, ...]:
    """`a in xs, b in 1..3`: each sees the ones before it."""
    found: list[Binding] = []
    scanner = parser.scanner
    while not found or scanner.accept(","):
        introduced = _new_name(parser, "in")
        scanner.expect_word("in")
        source = parser.expression()
        end = parser.expression() if scanner.accept("..") else None
        slot = parser.new_slot()
        parser.scope = Scope(parser.scope)
        parser.scope.bind(introduced, slot, ANY if end else element_type(type_of(source)))
        found.append(Binding(introduced, slot, source, end))
    return tuple(found)


def _for(parser: Parser, at: At) -> Node:
    outer = parser.scope
    bindings = _bindings(parser)
    partial = parser.new_slot()
    parser.scope = Scope(parser.scope)
    parser.scope.bind("partial", partial)
    parser.scanner.expect_word("return")
    body = parser.expression()
    parser.scope = outer
    return For(at, bindings, body, partial)


def _quantified(every: bool) -> Callable[[Parser, At], Node]:
    def read(parser: Parser, at: At) -> Node:
        outer = parser.scope
        bindings = _bindings(parser)
        parser.scanner.expect_word("satisfies")
        condition = parser.expression()
        parser.scope = outer
        return Quantified(at, every, bindings, condition)

    return read


def _function(parser: Parser, at: At) -> Node:
    """`function(a: number, b) body`; FeelError `external_function`: none leave FEEL."""
    scanner = parser.scanner
    scanner.expect("(")
    outer = parser.scope
    parser.scope = Scope(outer)
    names: list[str] = []
    types: list[Type] = []
    slots: list[int] = []
    while not scanner.accept(")"):
        if names:
            scanner.expect(",")
        names.append(_new_name(parser))
        types.append(
            read_type(scanner, known=parser.declared.kinds) if scanner.accept(":") else ANY
        )
        slots.append(parser.new_slot())
        parser.scope.bind(names[-1], slots[-1], types[-1])
    if scanner.word() == "external":
        raise fault(scanner.at, "external_function")
    body = parser.expression()
    parser.scope = outer
    return FunctionLiteral(at, tuple(names), tuple(types), tuple(slots), body)


def _constant(value: bool | None) -> Callable[[Parser, At], Node]:
    return lambda _parser, at: Literal(at, value)


_BY_SIGN: dict[str, Callable[[Parser, At], Node]] = {
    "-": _negation,
    "@": _temporal,
    "(": _bracketed,
    "[": _square,
    "]": _outward,
    "{": _context,
}
_BY_WORD: dict[str, Callable[[Parser, At], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified(every=False),
    "every": _quantified(every=True),
    "function": _function,
    "true": _constant(True),
    "false": _constant(False),
    "null": _constant(None),
}
