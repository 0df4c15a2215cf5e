"""What runs: closures over (context, frame), and the frame of one evaluation.

A frame is a list: the slots of locals, then cached reads of the context, last the `Budget`.
Expressions that need neither run without one (frame None).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeAlias

from workflows.feel.errors import START, At, FeelError, fault
from workflows.feel.limits import MAX_CALLS, Budget
from workflows.feel.nodes import (
    Binding,
    BuiltIn,
    Call,
    ContextLiteral,
    Descendants,
    Filter,
    For,
    FunctionLiteral,
    Name,
    Node,
    Quantified,
    RangeLiteral,
    ValueTest,
)
from workflows.feel.values import PLAIN, Value, normal

Run: TypeAlias = Callable[[Mapping[str, Any], Any], Value]
"""(context, frame) → value."""
Test: TypeAlias = Callable[[Value, Mapping[str, Any], Any], "bool | None"]
"""(tested value, context, frame) → answer."""

UNSET: Final = object()
"""A slot of the frame that was not filled yet."""

READY: frozenset[type] = PLAIN - {Decimal}
"""Types that need no look inside when they come from outside (a Decimal may be NaN)."""

_MOST_NAMES = 24
_NODES = re.compile(r"\b(?:Node|Binding|Tests)\b")
_FRAMED = (Descendants, Filter, For, Quantified, FunctionLiteral, ContextLiteral)
_running: ContextVar[Budget | None] = ContextVar("feel_budget", default=None)


def current_budget() -> Budget:
    """That of the evaluation from which a host function was called, or a new one."""
    return _running.get() or Budget()


@contextmanager
def lending(budget: Budget, at: At) -> Iterator[None]:
    """While a host function runs, evaluations inside it use this budget."""
    token = _running.set(budget)
    budget.enter(at)
    try:
        yield
    finally:
        budget.leave()
        _running.reset(token)


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes inside it."""
    stack: list[Any] = [node]
    while stack:
        one = stack.pop()
        kind: type = type(one)
        if kind is tuple:
            stack.extend(one)
        elif kind is RangeLiteral and one.start is one.end:
            yield one
            stack.append(one.start)
        elif kind is Binding:
            stack += (one.source, one.end)
        elif isinstance(one, Node):
            yield one
            stack.extend(getattr(one, part) for part in _parts(kind))


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """Names of the fields that may hold nodes, as their annotations say."""
    return tuple(part.name for part in fields(kind) if _NODES.search(str(part.type)))


def needs_frame(root: Node, heavy: frozenset[str]) -> bool:
    """Whether anything in the tree has locals or may cost much: many names do, because without
    a frame each of them converts its value anew."""
    names = 0
    for node in walk(root):
        names += isinstance(node, Name)
        if names > _MOST_NAMES or _is_framed(node, heavy):
            return True
    return False


def _is_framed(node: Node, heavy: frozenset[str]) -> bool:
    if isinstance(node, Name):
        return node.slot is not None or bool(node.items)
    if isinstance(node, ValueTest):
        return node.asks
    if isinstance(node, Call):
        return not isinstance(node.function, BuiltIn)
    if isinstance(node, BuiltIn):
        return node.host or node.name in heavy
    return isinstance(node, _FRAMED)


def without_frame(run: Run) -> Callable[[Mapping[str, Any]], Value]:
    """One evaluation that needs neither locals nor a budget."""

    def evaluate(context: Mapping[str, Any]) -> Value:
        try:
            return run(context, None)
        except RecursionError:
            raise _too_deep() from None

    return evaluate


def in_frame(run: Run, blank: list[Any]) -> Callable[[Mapping[str, Any]], Value]:
    """One evaluation with a fresh frame."""

    def evaluate(context: Mapping[str, Any]) -> Value:
        frame = blank.copy()
        frame[-1] = current_budget()
        try:
            return run(context, frame)
        except RecursionError:
            raise _too_deep() from None

    return evaluate


def cell_without_frame(test: Test) -> Callable[[Any, Mapping[str, Any]], bool]:
    """As `without_frame`, of a cell."""

    def passes(value: Any, context: Mapping[str, Any]) -> bool:
        known = value if type(value) in READY else normal(value)
        try:
            return test(known, context, None) is True
        except RecursionError:
            raise _too_deep() from None

    return passes


def cell_in_frame(test: Test, blank: list[Any]) -> Callable[[Any, Mapping[str, Any]], bool]:
    """As `in_frame`, of a cell."""

    def passes(value: Any, context: Mapping[str, Any]) -> bool:
        known = normal(value)
        evaluate = in_frame(lambda facts, frame: test(known, facts, frame), blank)
        return evaluate(context) is True

    return passes


def _too_deep() -> FeelError:
    return fault(START, "limit_depth", limit=MAX_CALLS)


def load(context: Mapping[str, Any], name: str, at: At) -> Value:
    """A declared name's value; null where the context lacks it."""
    return normal(context.get(name), at)
