"""Closures of `for`, `some`, `every`. DMN 1.5 §10.3.2.14, §10.3.2.15."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from workflows.feel.arithmetic import whole
from workflows.feel.errors import At
from workflows.feel.frames import Run, walk
from workflows.feel.limits import check_length
from workflows.feel.nodes import Binding, For, Name, Quantified
from workflows.feel.values import Range, Value

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler

_Round: TypeAlias = Callable[[Mapping[str, Any], Any, list[Value]], bool]
"""(context, frame, results so far) → whether to go on."""
_Source: TypeAlias = Callable[[Mapping[str, Any], Any], "Iterable[Value] | None"]
_SHARE = 16
"""Elements that are copied for the price of one step."""


def build_for(compiler: Compiler, node: For) -> Run:
    """`for a in xs, b in 1..3 return …`: null where a source is nothing to go through."""
    body, partial, at = compiler.build(node.body), node.partial, node.at
    copies = any(isinstance(one, Name) and one.slot == partial for one in walk(node.body))

    def innermost(context: Mapping[str, Any], frame: Any, results: list[Value]) -> bool:
        frame[-1].spend(1, at)
        if copies:
            frame[-1].spend(len(results) // _SHARE, at)
            frame[partial] = results.copy()
        results.append(body(context, frame))
        check_length(len(results), at)
        return True

    return _loop(compiler, node.bindings, innermost, at, lambda results, _done: results)


def build_quantified(compiler: Compiler, node: Quantified) -> Run:
    """`some … satisfies`, `every … satisfies` in three-valued logic."""
    condition, at = compiler.build(node.condition), node.at
    decisive = not node.every

    def innermost(context: Mapping[str, Any], frame: Any, results: list[Value]) -> bool:
        frame[-1].spend(1, at)
        value = condition(context, frame)
        if value is decisive:
            results[:] = [decisive]
            return False
        if value is not node.every and not results:
            results.append(None)
        return True

    def result(results: list[Value], _done: bool) -> bool | None:
        return results[0] if results else node.every

    return _loop(compiler, node.bindings, innermost, at, result)


class _NothingToGoThroughError(Exception):
    """A source is neither a list nor a range that can be counted."""


def _loop(
    compiler: Compiler,
    bindings: tuple[Binding, ...],
    innermost: _Round,
    at: At,
    result: Callable[[list[Value], bool], Value],
) -> Run:
    rounds = innermost
    for binding in reversed(bindings):
        rounds = _each(binding.slot, _source(compiler, binding, at), rounds)

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        results: list[Value] = []
        try:
            done = rounds(context, frame, results)
        except _NothingToGoThroughError:
            return None
        return result(results, done)

    return run


def _each(slot: int, source: _Source, inner: _Round) -> _Round:
    def rounds(context: Mapping[str, Any], frame: Any, results: list[Value]) -> bool:
        elements = source(context, frame)
        if elements is None:
            raise _NothingToGoThroughError
        for element in elements:
            frame[-1].spend(1)
            frame[slot] = element
            if not inner(context, frame, results):
                return False
        return True

    return rounds


def _source(compiler: Compiler, binding: Binding, at: At) -> _Source:
    start = compiler.build(binding.source)
    if binding.end is None:
        return lambda context, frame: elements_of(start(context, frame), at)
    end = compiler.build(binding.end)
    return lambda context, frame: count_through(start(context, frame), end(context, frame), at)


def elements_of(value: Value, at: At) -> Iterable[Value] | None:
    """What a loop goes through: a list, a range with whole ends, or one value by itself."""
    if type(value) is list:
        return value
    if type(value) is Range:
        through = count_through(value.start, value.end, at)
        if through is None:
            return None
        found = list(through)
        return found[0 if value.start_included else 1 : None if value.end_included else -1]
    return None if value is None else [value]


def count_through(start: Value, end: Value, at: At) -> Iterable[Value] | None:
    """`start..end`, upward or downward, both included: whole numbers or dates."""
    if type(start) is Decimal and type(end) is Decimal:
        first, last = whole(start), whole(end)
        if first is None or last is None:
            return None
        check_length(abs(last - first) + 1, at)
        step = 1 if last >= first else -1
        return map(Decimal, range(first, last + step, step))
    if type(start) is date and type(end) is date:
        days = (end - start).days
        check_length(abs(days) + 1, at)
        step = 1 if days >= 0 else -1
        return (start + timedelta(days=count) for count in range(0, days + step, step))
    return None
