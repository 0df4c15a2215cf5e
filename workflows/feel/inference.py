"""What is known of a node's type without running it: enough to refuse a misspelt member."""

from __future__ import annotations

from workflows.feel.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    If,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Path,
)
from workflows.feel.types import (
    ANY,
    ANY_FUNCTION,
    NULL,
    TYPE_NAMES,
    ContextOf,
    ListOf,
    Type,
    element_type,
    member_type,
)
from workflows.feel.values import kind_of


def type_of(node: Node) -> Type:
    """The node's type as far as it shows; `ANY` where it does not."""
    if isinstance(node, Name):
        return node.type
    if isinstance(node, Literal):
        return NULL if node.value is None else TYPE_NAMES.get(kind_of(node.value), ANY)
    if isinstance(node, Path):
        return member_type(type_of(node.base), node.member) or ANY
    if isinstance(node, Filter):
        return _filtered(node)
    if isinstance(node, (For, ListLiteral)):
        return ListOf(type_of(node.body) if isinstance(node, For) else _common(node.items))
    if isinstance(node, ContextLiteral):
        return ContextOf({key: type_of(value) for key, _, value in node.entries})
    if isinstance(node, If):
        return _common((node.then, node.otherwise))
    return ANY_FUNCTION if isinstance(node, FunctionLiteral) else ANY


def _common(nodes: tuple[Node, ...]) -> Type:
    kinds = {type_of(node) for node in nodes}
    return kinds.pop() if len(kinds) == 1 else ANY


def _filtered(node: Filter) -> Type:
    """One element for a number, a list for a condition, and unknown where either may be."""
    element = element_type(type_of(node.base))
    test = node.test.operand if isinstance(node.test, Negation) else node.test
    found = type_of(test)
    if found == TYPE_NAMES["number"]:
        return element
    if found == ANY and isinstance(test, (Name, Path)):
        return ANY
    return ListOf(element)
