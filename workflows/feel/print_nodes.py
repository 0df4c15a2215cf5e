"""Texts of the kinds of nodes that are values; one function a kind. Those of tests are in
`print_tests.py`. A text in the making holds marks around names (`printing.Printer.mark`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workflows.feel.frames import walk
from workflows.feel.literal_text import key_text, literal_text, type_text
from workflows.feel.nodes import (
    Arithmetic,
    Between,
    Binding,
    BuiltIn,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    Descendants,
    Disjunction,
    Filter,
    For,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeLiteral,
)
from workflows.feel.postfix import begins_filter
from workflows.feel.types import ANY, ANY_FUNCTION, FunctionOf

if TYPE_CHECKING:
    from workflows.feel.printing import Printer

OPEN, OR, AND, COMPARISON, SUM, PRODUCT, POWER, NEGATION, INSTANCE, POSTFIX = range(10)
"""How tightly a node binds; `OPEN`: takes everything behind it (`if`, `for` …)."""
_OPERATORS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_LEVELS: Mapping[type[Node], int] = {
    **dict.fromkeys((If, For, Quantified, FunctionLiteral), OPEN),
    Disjunction: OR,
    Conjunction: AND,
    **dict.fromkeys((Comparison, Between, In), COMPARISON),
    Negation: NEGATION,
}
_MAY_GO_ON = ("list", "range", "context", "function")


def level_of(node: Node) -> int:
    """How tightly the node's text binds."""
    if isinstance(node, Arithmetic):
        return _OPERATORS[node.operator]
    if isinstance(node, InstanceOf):
        return _level_of_type(node)
    return _LEVELS.get(type(node), POSTFIX)


def _level_of_type(node: InstanceOf) -> int:
    """A type that may go on behind its name (`list` with `<`) must not stand before a sign."""
    if isinstance(node.type, FunctionOf):
        return OPEN
    return COMPARISON if type_text(node.type) in _MAY_GO_ON else INSTANCE


def _literal(_printer: Printer, node: Literal) -> str:
    return literal_text(node.value, node.at)


def _name(printer: Printer, node: Name | BuiltIn) -> str:
    return printer.mark(node, node.name)


def _path(printer: Printer, node: Path) -> str:
    return f"{printer.text(node.base, POSTFIX)}.{printer.mark(node, node.member)}"


def _descendants(printer: Printer, node: Descendants) -> str:
    return f"{printer.text(node.base, POSTFIX)}...{printer.mark(node, node.member)}"


def _filter(printer: Printer, node: Filter) -> str:
    base, test = printer.text(node.base, POSTFIX), printer.text(node.test)
    if not begins_filter(printer.finished(test), 0):
        printer.closing.add(id(node))
    return f"{base}[{test}]"


def _call(printer: Printer, node: Call) -> str:
    function = printer.text(node.function, POSTFIX)
    if isinstance(node.function, Name) and _reads_as_built_in(printer, node.function):
        function = f"({function})"
    given = [printer.text(argument) for argument in node.arguments]
    given += [f"{name}: {printer.text(argument)}" for name, argument in node.named]
    return f"{function}({', '.join(given)})"


def _reads_as_built_in(printer: Printer, node: Name) -> bool:
    """Whether a name before a bracket would be taken for the function of that name."""
    called = printer.declared.callables.match(node.name, 0)
    if node.slot is not None or called is None or called[1] < len(node.name):
        return False
    return node.type != ANY_FUNCTION and not isinstance(node.type, FunctionOf)


def _negation(printer: Printer, node: Negation) -> str:
    return f"-{printer.text(node.operand, NEGATION)}"


def _arithmetic(printer: Printer, node: Arithmetic) -> str:
    """Powers of negative numbers and of powers have brackets: too few readers know their order."""
    level = _OPERATORS[node.operator]
    left = printer.text(node.left, INSTANCE if level == POWER else level)
    right = printer.text(node.right, level + 1)
    return f"{left} {node.operator} {right}"


def _comparison(printer: Printer, node: Comparison) -> str:
    """A comparison of a comparison could do without brackets, but nobody could read it."""
    return f"{printer.text(node.left, SUM)} {node.operator} {printer.text(node.right, SUM)}"


def _between(printer: Printer, node: Between) -> str:
    value, low, high = (printer.text(one, SUM) for one in (node.value, node.low, node.high))
    return f"{value} between {low} and {high}"


def _conjunction(printer: Printer, node: Conjunction) -> str:
    return " and ".join(printer.text(one, COMPARISON) for one in node.operands)


def _disjunction(printer: Printer, node: Disjunction) -> str:
    return " or ".join(printer.text(one, AND) for one in node.operands)


def _instance_of(printer: Printer, node: InstanceOf) -> str:
    kind = printer.mark(node, type_text(node.type, printer.declared.kinds.own))
    return f"{printer.text(node.value, INSTANCE)} instance of {kind}"


def _if(printer: Printer, node: If) -> str:
    condition, then, otherwise = map(printer.text, (node.condition, node.then, node.otherwise))
    return f"if {condition} then {then} else {otherwise}"


def _bindings(printer: Printer, bindings: tuple[Binding, ...]) -> str:
    shown: list[str] = []
    for one in bindings:
        end = "" if one.end is None else f"..{printer.text(one.end, OR)}"
        shown.append(f"{one.name} in {printer.text(one.source, OR)}{end}")
    return ", ".join(shown)


def _for(printer: Printer, node: For) -> str:
    return f"for {_bindings(printer, node.bindings)} return {printer.text(node.body)}"


def _quantified(printer: Printer, node: Quantified) -> str:
    word = "every" if node.every else "some"
    condition = printer.text(node.condition)
    return f"{word} {_bindings(printer, node.bindings)} satisfies {condition}"


def _function(printer: Printer, node: FunctionLiteral) -> str:
    own = printer.declared.kinds.own
    parameters = [
        name if kind == ANY else f"{name}: {type_text(kind, own)}"
        for name, kind in zip(node.parameters, node.types, strict=True)
    ]
    body = printer.text(node.body)
    if printer.finished(body).startswith("external"):
        body = f"({body})"
    return f"function({', '.join(parameters)}) {body}"


def _context(printer: Printer, node: ContextLiteral) -> str:
    entries = [
        f"{key_text(key, node.at)}: {_entry(printer, key, slot, value)}"
        for key, slot, value in node.entries
    ]
    return f"{{{', '.join(entries)}}}"


def _entry(printer: Printer, key: str, slot: int, value: Node) -> str:
    """A function that stands there without brackets sees itself under its key; one that means
    something else by that name needs them."""
    text = printer.text(value)
    if not isinstance(value, FunctionLiteral):
        return text
    meant = {one.slot for one in walk(value) if isinstance(one, Name) and one.name == key}
    return f"({text})" if meant and slot not in meant else text


def _list(printer: Printer, node: ListLiteral) -> str:
    return f"[{', '.join(map(printer.text, node.items))}]"


def _range(printer: Printer, node: RangeLiteral) -> str:
    """`[a..b)`, `(< a)`, `(= a)`."""
    start, end = node.start, node.end
    if start is not None and start is end:
        return f"(= {printer.text(start, SUM)})"
    if start is None or end is None:
        sign = "<" if start is None else ">"
        included = node.end_included if start is None else node.start_included
        operand = end if start is None else start
        assert operand is not None
        return f"({sign}{'=' if included else ''} {printer.text(operand, SUM)})"
    first, last = printer.text(start, OR), printer.text(end, OR)
    if printer.closing and any(id(one) in printer.closing for one in walk(end)):
        last = f"({last})"
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{first}..{last}{closing}"


PRINTERS: Mapping[type[Node], Callable[[Any, Any], str]] = {
    Literal: _literal,
    Name: _name,
    BuiltIn: _name,
    Path: _path,
    Descendants: _descendants,
    Filter: _filter,
    Call: _call,
    Negation: _negation,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Between: _between,
    Conjunction: _conjunction,
    Disjunction: _disjunction,
    InstanceOf: _instance_of,
    If: _if,
    For: _for,
    Quantified: _quantified,
    FunctionLiteral: _function,
    ContextLiteral: _context,
    ListLiteral: _list,
    RangeLiteral: _range,
}
