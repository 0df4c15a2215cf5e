"""Texts of unary tests: cells of decision tables, and what stands behind `in`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workflows.feel.names import read_parts
from workflows.feel.nodes import (
    BuiltIn,
    Call,
    CompareTest,
    In,
    Node,
    RangeLiteral,
    Tests,
    ValueTest,
)
from workflows.feel.print_nodes import POSTFIX, SUM, level_of

if TYPE_CHECKING:
    from workflows.feel.printing import Printer


def cell_text(printer: Printer, node: Tests) -> str:
    """A whole cell: `-`, `not(…)`, or alternatives divided by commas."""
    if not node.tests:
        return "-"
    texts = [printer.text(test) for test in node.tests]
    if node.negated:
        return f"not({', '.join(texts)})"
    if _reads_as_negation(printer.finished(texts[0]), node):
        texts[0] = f"({texts[0]})"
    return ", ".join(texts)


def _reads_as_negation(first: str, node: Tests) -> bool:
    """Whether a call of the function `not` would be taken for the `not(…)` of cells."""
    if not first.startswith("not("):
        return False
    test = node.tests[0]
    whole = isinstance(test, ValueTest) and isinstance(test.expression, Call)
    if len(node.tests) == 1 and whole and _is_not(test):
        return True
    name, end = read_parts(first, len("not("))
    return bool(name) and first[end : end + 1] == ":"


def _is_not(test: Node) -> bool:
    assert isinstance(test, ValueTest)
    assert isinstance(test.expression, Call)
    function = test.expression.function
    return isinstance(function, BuiltIn) and function.name == "not"


def _compare(printer: Printer, node: CompareTest) -> str:
    return f"{node.operator} {printer.text(node.operand, SUM)}"


def _value(printer: Printer, node: ValueTest) -> str:
    return printer.text(node.expression)


def _in(printer: Printer, node: In) -> str:
    """Without brackets only what is an operand and does not begin with one."""
    tests = node.tests.tests
    texts = ", ".join(printer.text(test) for test in tests)
    if len(tests) > 1 or not _stands_alone(tests[0], texts):
        texts = f"({texts})"
    return f"{printer.text(node.value, SUM)} in {texts}"


def _stands_alone(test: Node, text: str) -> bool:
    if not isinstance(test, ValueTest) or level_of(test.expression) < POSTFIX:
        return False
    found = test.expression
    if isinstance(found, RangeLiteral):
        return None not in (found.start, found.end) and found.start is not found.end
    return not text.startswith("(")


PRINTERS: Mapping[type[Node], Callable[[Any, Any], str]] = {
    CompareTest: _compare,
    ValueTest: _value,
    In: _in,
}
