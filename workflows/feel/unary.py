"""Unary tests: cells of decision tables and the right side of `in`.

DMN 1.5 §10.3.1.2 rules 7–18 and §10.3.2.8. The tested value is `?`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.feel.forms import range_from
from workflows.feel.nodes import CompareTest, Node, Tests, ValueTest
from workflows.feel.scope import Scope

if TYPE_CHECKING:
    from workflows.feel.parser import Parser

_OPERATORS = ("<=", ">=", "!=", "<", ">", "=")
_SUM = 4
"""Tests after `in` bind like the operands of a comparison (`parser.SUM`)."""


def cell(parser: Parser, slot: int) -> Tests:
    """A whole cell: `-`, `not(…)`, or alternatives divided by commas, also in brackets."""
    scanner = parser.scanner
    start = scanner.offset
    at = scanner.at
    if scanner.accept("-"):
        if scanner.done:
            return Tests(at, ())
        scanner.move(start)
    parser.scope = Scope(parser.scope)
    parser.scope.bind("?", slot)
    if scanner.accept_word("not") and scanner.accept("("):
        alternatives = _alternatives(parser, slot)
        if scanner.accept(")") and scanner.done:
            return Tests(at, alternatives, negated=True)
    scanner.move(start)
    if scanner.accept("("):
        alternatives = _alternatives(parser, slot)
        if len(alternatives) > 1 and scanner.accept(")") and scanner.done:
            return Tests(at, alternatives)
    scanner.move(start)
    return Tests(at, _alternatives(parser, slot))


def in_tests(parser: Parser, slot: int) -> Tests:
    """What stands behind `in`: one test, or several in brackets."""
    scanner = parser.scanner
    outer = parser.scope
    parser.scope = Scope(outer)
    parser.scope.bind("?", slot)
    at = scanner.at
    tests = _in_brackets(parser, slot) if scanner.accept("(") else (_test(parser, slot, _SUM),)
    parser.scope = outer
    return Tests(at, tests)


def _in_brackets(parser: Parser, slot: int) -> tuple[Node, ...]:
    """Alternatives up to the closing bracket; or what looked like the first of them was the
    start of a range (`x in (1..5)`), which goes on as an operand."""
    scanner = parser.scanner
    at = scanner.at
    range_end, parser.range_end = parser.range_end, False
    tests = _alternatives(parser, slot)
    parser.range_end = range_end
    first = tests[0]
    if len(tests) > 1 or not isinstance(first, ValueTest) or not scanner.accept(".."):
        scanner.expect(")")
        return tests
    found = range_from(parser, at, first.expression, start_included=False)
    expression = parser.onward(found, _SUM)
    return (ValueTest(at, expression, slot in parser.asked),)


def _alternatives(parser: Parser, slot: int) -> tuple[Node, ...]:
    tests = [_test(parser, slot)]
    while parser.scanner.accept(","):
        tests.append(_test(parser, slot))
    return tuple(tests)


def _test(parser: Parser, slot: int, level: int = 1) -> Node:
    """One alternative: an operator with its right side, or an expression."""
    scanner = parser.scanner
    at = scanner.at
    for operator in _OPERATORS:
        if scanner.accept(operator):
            return CompareTest(at, operator, parser.expression(_SUM))
    parser.asked.discard(slot)
    expression = parser.expression(level)
    return ValueTest(at, expression, slot in parser.asked)
