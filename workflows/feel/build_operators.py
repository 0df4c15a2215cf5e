"""Closures of literals, arithmetic, comparison, logic, `if`, `instance of`.

Comparisons with a constant and arithmetic on numbers have their own short closures: they are
most of what conditions and decision tables consist of. DMN 1.5 §10.3.2.4–8.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from workflows.feel.arithmetic import OPERATIONS, negate
from workflows.feel.equality import at_most, comparison, equal
from workflows.feel.frames import Run
from workflows.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    If,
    InstanceOf,
    Literal,
    Negation,
    Node,
)
from workflows.feel.types import is_instance
from workflows.feel.values import NUMBERS, Value

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
PYTHON: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DIRECT = (Decimal, str)
"""Types whose values Python compares as FEEL does."""


def build_literal(_compiler: Compiler, node: Literal) -> Run:
    """A constant."""
    value = node.value
    return lambda _context, _frame: value


def build_negation(compiler: Compiler, node: Negation) -> Run:
    """`-a`."""
    operand = compiler.build(node.operand)
    return lambda context, frame: negate(operand(context, frame))


def build_arithmetic(compiler: Compiler, node: Arithmetic) -> Run:
    """`a + b` and the others: numbers directly, the rest by its types."""
    left, right = compiler.build(node.left), compiler.build(node.right)
    general = OPERATIONS[node.operator]
    quick = _NUMBERS.get(node.operator)
    if quick is None:
        return lambda context, frame: general(left(context, frame), right(context, frame))
    compute = quick

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        a, b = left(context, frame), right(context, frame)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return compute(a, b)
            except DecimalException:
                return None
        value = general(a, b)
        if frame is not None and type(value) is str:
            frame[-1].weigh(value, node.at)
        return value

    return run


_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
}


def build_comparison(compiler: Compiler, node: Comparison) -> Run:
    """`a = b` and the others."""
    if isinstance(node.right, Literal):
        return _with_constant(compiler, node.left, node.operator, node.right.value)
    if isinstance(node.left, Literal):
        return _with_constant(compiler, node.right, FLIPPED[node.operator], node.left.value)
    left, right = compiler.build(node.left), compiler.build(node.right)
    compare = comparison(node.operator)
    if node.operator not in ("=", "!="):
        return lambda context, frame: compare(left(context, frame), right(context, frame))
    wanted = node.operator == "="

    def run(context: Mapping[str, Any], frame: Any) -> bool | None:
        a, b = left(context, frame), right(context, frame)
        same = equal(a, b, frame[-1] if frame is not None else None)
        return None if same is None else same is wanted

    return run


def _with_constant(compiler: Compiler, node: Node, symbol: str, constant: Value) -> Run:
    read = compiler.build(node)
    if constant is None and symbol in ("=", "!="):
        if symbol == "=":
            return lambda context, frame: read(context, frame) is None
        return lambda context, frame: read(context, frame) is not None
    general = comparison(symbol)
    kind = type(constant)
    if kind not in DIRECT:
        return lambda context, frame: general(read(context, frame), constant)
    compare = PYTHON[symbol]

    def run(context: Mapping[str, Any], frame: Any) -> bool | None:
        value = read(context, frame)
        return compare(value, constant) if type(value) is kind else general(value, constant)

    return run


def build_between(compiler: Compiler, node: Between) -> Run:
    """`a between b and c`: both ends belong to it."""
    value, low, high = (compiler.build(part) for part in (node.value, node.low, node.high))

    def run(context: Mapping[str, Any], frame: Any) -> bool | None:
        middle = value(context, frame)
        above = at_most(low(context, frame), middle)
        below = at_most(middle, high(context, frame))
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return run


def build_conjunction(compiler: Compiler, node: Conjunction) -> Run:
    """`and` in three-valued logic (DMN 1.5 table 43)."""
    return _logic([compiler.build(operand) for operand in node.operands], decisive=False)


def build_disjunction(compiler: Compiler, node: Disjunction) -> Run:
    """`or` in three-valued logic (DMN 1.5 table 43)."""
    return _logic([compiler.build(operand) for operand in node.operands], decisive=True)


def _logic(operands: list[Run], *, decisive: bool) -> Run:
    neutral, decided = not decisive, decisive
    if len(operands) == 2:
        return _pair(operands[0], operands[1], decisive)

    def run(context: Mapping[str, Any], frame: Any) -> bool | None:
        answer: bool | None = neutral
        for operand in operands:
            value = operand(context, frame)
            if value is decisive:
                return decided
            if value is not neutral:
                answer = None
        return answer

    return run


def _pair(left: Run, right: Run, decisive: bool) -> Run:
    neutral, decided = not decisive, decisive

    def run(context: Mapping[str, Any], frame: Any) -> bool | None:
        a = left(context, frame)
        if a is decisive:
            return decided
        b = right(context, frame)
        if b is decisive:
            return decided
        return neutral if a is neutral and b is neutral else None

    return run


def build_if(compiler: Compiler, node: If) -> Run:
    """Everything but true takes the `else` branch."""
    condition, then, otherwise = (
        compiler.build(part) for part in (node.condition, node.then, node.otherwise)
    )

    def run(context: Mapping[str, Any], frame: Any) -> Value:
        if condition(context, frame) is True:
            return then(context, frame)
        return otherwise(context, frame)

    return run


def build_instance_of(compiler: Compiler, node: InstanceOf) -> Run:
    """`a instance of type`."""
    value, kind = compiler.build(node.value), node.type
    return lambda context, frame: is_instance(value(context, frame), kind)
