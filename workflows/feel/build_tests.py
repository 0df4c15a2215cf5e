"""Closures of unary tests: `in` and the cells of decision tables. DMN 1.5 §10.3.2.8."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.feel.build_operators import DIRECT, PYTHON
from workflows.feel.equality import comparison, equal, in_range
from workflows.feel.frames import Run, Test
from workflows.feel.nodes import CompareTest, In, Literal, Node, RangeLiteral, Tests, ValueTest
from workflows.feel.values import Range, Value

if TYPE_CHECKING:
    from workflows.feel.compiler import Compiler


def build_in(compiler: Compiler, node: In) -> Run:
    """`a in (tests)`."""
    value, tests = compiler.build(node.value), build_tests(compiler, node.tests, node.slot)
    return lambda context, frame: tests(value(context, frame), context, frame)


def build_tests(compiler: Compiler, node: Tests, slot: int) -> Test:
    """All alternatives of a cell; the value is put into `slot` where a test looks at `?`."""
    if not node.tests:
        return lambda _value, _context, _frame: True
    run = _among_texts(node.tests)
    if run is None:
        tests = [_build_test(compiler, test) for test in node.tests]
        run = tests[0] if len(tests) == 1 else _any_of(tests)
    if any(isinstance(test, ValueTest) and compiler.framed for test in node.tests):
        run = _showing(run, slot)
    return _not(run) if node.negated else run


def _showing(run: Test, slot: int) -> Test:
    def test(value: Value, context: Mapping[str, Any], frame: Any) -> bool | None:
        frame[slot] = value
        return run(value, context, frame)

    return test


def _any_of(tests: list[Test]) -> Test:
    def test(value: Value, context: Mapping[str, Any], frame: Any) -> bool | None:
        answer: bool | None = False
        for one in tests:
            found = one(value, context, frame)
            if found is True:
                return True
            if found is None:
                answer = None
        return answer

    return test


def _among_texts(nodes: tuple[Node, ...]) -> Test | None:
    """One look into a set where all alternatives are constant texts."""
    texts = [
        node.expression.value
        for node in nodes
        if isinstance(node, ValueTest) and isinstance(node.expression, Literal)
    ]
    if len(texts) < len(nodes) or not all(type(text) is str for text in texts):
        return None
    members = frozenset(texts)
    return lambda value, _context, _frame: type(value) is str and value in members


def _not(run: Test) -> Test:
    def test(value: Value, context: Mapping[str, Any], frame: Any) -> bool | None:
        found = run(value, context, frame)
        return None if found is None else not found

    return test


def _build_test(compiler: Compiler, node: Node) -> Test:
    if isinstance(node, CompareTest):
        return _compare(compiler, node)
    assert isinstance(node, ValueTest)
    expression = node.expression
    run = compiler.build(expression)
    if node.asks:
        return lambda value, context, frame: _answer(value, run(context, frame))
    if isinstance(expression, Literal) and type(expression.value) in (*DIRECT, bool):
        return _is_constant(expression.value)
    if isinstance(expression, RangeLiteral):
        quick = _in_constant_range(expression)
        if quick is not None:
            return quick
        return lambda value, context, frame: _in_found_range(value, run(context, frame))
    return lambda value, context, frame: matches(value, run(context, frame))


def _compare(compiler: Compiler, node: CompareTest) -> Test:
    general = comparison(node.operator)
    operand = node.operand
    if isinstance(operand, Literal) and type(operand.value) in DIRECT:
        constant, kind, quick = operand.value, type(operand.value), PYTHON[node.operator]

        def test(value: Value, _context: Mapping[str, Any], _frame: Any) -> bool | None:
            return quick(value, constant) if type(value) is kind else general(value, constant)

        return test
    run = compiler.build(operand)
    return lambda value, context, frame: general(value, run(context, frame))


def _is_constant(constant: Value) -> Test:
    kind = type(constant)

    def test(value: Value, _context: Mapping[str, Any], _frame: Any) -> bool | None:
        return bool(value == constant) if type(value) is kind else matches(value, constant)

    return test


def _in_constant_range(node: RangeLiteral) -> Test | None:
    """Two comparisons where both ends are numbers in the right order."""
    if not isinstance(node.start, Literal) or not isinstance(node.end, Literal):
        return None
    start, end = node.start.value, node.end.value
    if type(start) is not Decimal or type(end) is not Decimal or start > end:
        return None
    above = PYTHON[">=" if node.start_included else ">"]
    below = PYTHON["<=" if node.end_included else "<"]

    def test(value: Value, _context: Mapping[str, Any], _frame: Any) -> bool | None:
        if type(value) is Decimal:
            return above(value, start) and below(value, end)
        return None

    return test


def _in_found_range(value: Value, found: Range | None) -> bool | None:
    """Null where the ends make no range."""
    return None if found is None else matches(value, found)


def _answer(value: Value, found: Value) -> bool | None:
    """What an expression that looks at `?` says: itself if boolean, else like any value."""
    if found is None or type(found) is bool:
        return found
    return matches(value, found)


def matches(value: Value, wanted: Value) -> bool | None:
    """Whether a value passes a test that is itself a value: equal, in a range, in a list.

    A boolean that does not look at `?` is a value like any other: it tests for itself.
    """
    kind = type(wanted)
    if kind is Range:
        return equal(value, wanted) if type(value) is Range else in_range(value, wanted)
    if kind is list:
        return equal(value, wanted) is True or any(_is_one(value, one) for one in wanted)
    return equal(value, wanted) is True


def _is_one(value: Value, element: Value) -> bool:
    if type(element) is Range and type(value) is not Range:
        return in_range(value, element) is True
    return equal(value, element) is True
