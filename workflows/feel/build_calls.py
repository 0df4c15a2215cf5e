"""Closures of function calls: built-ins, functions of the host, functions as values.

DMN 1.5 §10.3.2.13. What can only be null (an unknown parameter, a wrong number of arguments) is
an error for a writer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.feel.errors import At
from workflows.feel.frames import Run, lending
from workflows.feel.limits import Budget
from workflows.feel.nodes import BuiltIn, Call
from workflows.feel.signatures import (
    SIGNATURES,
    UNFIT,
    Signature,
    as_function,
    choose,
    choose_named,
    fit,
)
from workflows.feel.types import coerce
from workflows.feel.values import Function, Value, normal

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler


def build_function_name(compiler: Compiler, node: BuiltIn) -> Run:
    """A function's name where it is not called: the function itself."""
    function = compiler.functions[node.name] if node.host else as_function(node.name)
    return lambda _context, _frame: function


def build_call(compiler: Compiler, node: Call) -> Run:
    """`f(a, b)` or `f(x: a, y: b)`."""
    if not isinstance(node.function, BuiltIn):
        return _call_of_value(compiler, node)
    if node.function.host:
        return _call_of_host(compiler, node, node.function)
    return _call_of_built_in(compiler, node, node.function.name)


def _call_of_built_in(compiler: Compiler, node: Call, name: str) -> Run:
    chosen = _choose(compiler, node, name)
    if not isinstance(chosen, tuple):
        return chosen
    signatures, arguments = chosen
    first = signatures[0]
    if len(signatures) > 1 or compiler.framed:
        return _counted(signatures, arguments, node.at)
    if len(arguments) == 1 and not first.variadic:
        return _quick(first, arguments[0])
    return lambda context, frame: first.invoke(_values(arguments, context, frame), None)


def _choose(compiler: Compiler, node: Call, name: str) -> tuple[list[Signature], list[Run]] | Run:
    """The ways that fit and the arguments in their order, or what stands for a wrong call."""
    at = node.function.at
    if not node.named:
        arguments = [compiler.build(argument) for argument in node.arguments]
        first = choose(name, len(arguments))
        if first is None:
            return compiler.impossible(at, "argument_count", name=name, count=len(arguments))
        same = [
            one
            for one in SIGNATURES[name]
            if one.takes(len(arguments)) and one.body is not first.body and not one.variadic
        ]
        return [first, *same], arguments
    found = choose_named(name, (parameter for parameter, _ in node.named))
    if found is None:
        names = ", ".join(parameter for parameter, _ in node.named)
        return compiler.impossible(at, "unknown_parameter", name=name, parameters=names)
    signature, places = found
    ordered: list[Run] = [_null] * (max(places, default=-1) + 1)
    for place, (_, argument) in zip(places, node.named, strict=True):
        ordered[place] = compiler.build(argument)
    if signature.variadic and len(ordered) == len(signature.parameters):
        return [signature], [*ordered[:-1], _Spread(ordered[-1])]
    return [signature], ordered


def _null(_context: Mapping[str, Any], _frame: Any) -> None:
    return None


class _Spread:
    """A named argument that is the list which by position would be the rest."""

    __slots__ = ("run",)

    def __init__(self, run: Run) -> None:
        self.run = run

    def __call__(self, context: Mapping[str, Any], frame: Any) -> Value:
        return self.run(context, frame)


def _quick(signature: Signature, argument: Run) -> Run:
    want, body = signature.wants[0], signature.body

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        value = argument(context, frame)
        if want is not None and type(value) is not want:
            value = fit(value, want)
            if value is UNFIT:
                return None
        return body(value)

    return run


def _counted(signatures: list[Signature], arguments: list[Run], at: At) -> Run:
    """Pays for the lists and strings that go in and come out."""
    single = signatures[0] if len(signatures) == 1 else None

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        budget: Budget | None = None if frame is None else frame[-1]
        values = _values(arguments, context, frame)
        signature = single or _by_types(signatures, values)
        if budget is None:
            return signature.invoke(values, None)
        for value in values:
            if type(value) is list or type(value) is str:
                budget.weigh(value, at)
        result = signature.invoke(values, budget)
        if type(result) is list or type(result) is str:
            budget.weigh(result, at)
        return result

    return run


def _by_types(signatures: list[Signature], values: list[Value]) -> Signature:
    """Of ways with equally many parameters the first whose types the arguments have."""
    for one in signatures:
        pairs = zip(values, one.wants, strict=False)
        if all(want is None or type(value) is want for value, want in pairs):
            return one
    return signatures[0]


def _values(arguments: list[Run], context: Mapping[str, Any], frame: Any) -> list[Value]:
    values = [one(context, frame) for one in arguments]
    if arguments and type(arguments[-1]) is _Spread:
        rest = values.pop()
        values.extend(rest if type(rest) is list else [rest])
    return values


def _call_of_host(compiler: Compiler, node: Call, name: BuiltIn) -> Run:
    function = compiler.functions[name.name]
    places = _places(function, node)
    if places is None:
        return compiler.impossible(
            name.at, "argument_count", name=name.name, count=len(node.arguments or node.named)
        )
    arguments = [compiler.build(argument) for argument in _given(node)]
    at = name.at

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        values = [one(context, frame) for one in arguments]
        return apply(function, _placed(values, places), frame[-1], at)

    return run


def _call_of_value(compiler: Compiler, node: Call) -> Run:
    target = compiler.build(node.function)
    arguments = [compiler.build(argument) for argument in _given(node)]
    at = node.at

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        function = target(context, frame)
        if type(function) is not Function:
            return None
        places = _places(function, node)
        if places is None:
            return None
        values = [one(context, frame) for one in arguments]
        return apply(function, _placed(values, places), frame[-1], at)

    return run


def _given(node: Call) -> tuple[Any, ...]:
    return tuple(argument for _, argument in node.named) or node.arguments


def _places(function: Function, node: Call) -> tuple[int, ...] | None:
    """At which parameter each argument goes; None where the call does not fit."""
    parameters = function.parameters
    least = len(parameters) if function.required is None else function.required
    if node.named:
        names = [name for name, _ in node.named]
        if not set(names) <= set(parameters) or not set(parameters[:least]) <= set(names):
            return None
        return tuple(parameters.index(name) for name in names)
    count = len(node.arguments)
    if count < least or (count > len(parameters) and not function.variadic):
        return None
    return tuple(range(count))


def _placed(values: list[Value], places: tuple[int, ...]) -> list[Value]:
    placed: list[Value] = [None] * (max(places, default=-1) + 1)
    for place, value in zip(places, values, strict=True):
        placed[place] = value
    return placed


def apply(function: Function, values: list[Value], budget: Budget, at: At) -> Value:
    """Calls a function with arguments by position, missing ones null."""
    if function.within is not None:
        return function.within(budget, values)
    missing = len(function.parameters) - len(values)
    values = [*values, *[None] * missing]
    if function.types:
        fitting = [coerce(v, kind) for v, kind in zip(values, function.types, strict=False)]
        values = [*fitting, *values[len(fitting) :]]
    if function.variadic:
        last = len(function.parameters) - 1
        values = [*values[:last], values[last:]]
    with lending(budget, at):
        return normal(function.call(*values), at)
