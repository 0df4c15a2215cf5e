"""Nodes → closures. One builder a kind of node; those of a family sit in `build_*.py`.

Nothing here looks at Python attributes of values: members are keys of contexts or entries of
`temporal.PROPERTIES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.feel.build_calls import build_call, build_function_name
from workflows.feel.build_collections import (
    build_context,
    build_filter,
    build_function,
    build_list,
    build_range,
)
from workflows.feel.build_loops import build_for, build_quantified
from workflows.feel.build_names import build_descendants, build_name, build_path
from workflows.feel.build_operators import (
    build_arithmetic,
    build_between,
    build_comparison,
    build_conjunction,
    build_disjunction,
    build_if,
    build_instance_of,
    build_literal,
    build_negation,
)
from workflows.feel.build_tests import build_in
from workflows.feel.errors import At, fault
from workflows.feel.frames import UNSET, Run, needs_frame
from workflows.feel.library import HEAVY
from workflows.feel.nodes import (
    Arithmetic,
    Between,
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
    Tree,
)
from workflows.feel.values import Function


class Compiler:
    """Builds the closures of one tree. `strict`: a call that can only give null is refused."""

    def __init__(self, tree: Tree, functions: Mapping[str, Function], *, strict: bool) -> None:
        self.functions = functions
        self.strict = strict
        self.framed = needs_frame(tree.root, HEAVY)
        self._slots = tree.slots
        self._caches: dict[tuple[str, ...], int] = {}

    def build(self, node: Node) -> Run:
        """The closure that computes the node's value."""
        return _BUILDERS[type(node)](self, node)

    def cache_slot(self, path: tuple[str, ...]) -> int:
        """The slot that keeps what was read from the context under this path."""
        return self._caches.setdefault(path, self._slots + len(self._caches))

    def blank(self) -> list[Any]:
        """The frame an evaluation starts from; the last place is for its budget."""
        return [UNSET] * (self._slots + len(self._caches)) + [None]

    def impossible(self, at: At, code: str, /, **params: object) -> Run:
        """An error for a writer, null for a mere evaluation."""
        if self.strict:
            raise fault(at, code, **params)
        return lambda _context, _frame: None


_BUILDERS: dict[type[Node], Callable[[Compiler, Any], Run]] = {
    Literal: build_literal,
    Name: build_name,
    BuiltIn: build_function_name,
    Path: build_path,
    Descendants: build_descendants,
    Filter: build_filter,
    Call: build_call,
    Negation: build_negation,
    Arithmetic: build_arithmetic,
    Comparison: build_comparison,
    Between: build_between,
    Conjunction: build_conjunction,
    Disjunction: build_disjunction,
    InstanceOf: build_instance_of,
    If: build_if,
    For: build_for,
    Quantified: build_quantified,
    FunctionLiteral: build_function,
    ContextLiteral: build_context,
    ListLiteral: build_list,
    RangeLiteral: build_range,
    In: build_in,
}
