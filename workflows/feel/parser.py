"""Pratt parser: text → `Tree`. Operators here; names and what follows them in `postfix.py`,
bracketed and worded forms in `forms.py`, unary tests in `unary.py`.

Precedence: DMN 1.5 §10.3.1.2, rules 2–24.
"""

from __future__ import annotations

from workflows.feel.errors import At, fault
from workflows.feel.forms import one_sided_range, prefix
from workflows.feel.limits import MAX_CHAIN, MAX_NESTING, MAX_TEXT
from workflows.feel.names import NameIndex
from workflows.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    In,
    InstanceOf,
    ListLiteral,
    Literal,
    Node,
    Tree,
)
from workflows.feel.postfix import begins_filter, call, descendants, element_filter, path
from workflows.feel.scanner import Scanner
from workflows.feel.scope import Declared, Scope
from workflows.feel.type_text import read_type
from workflows.feel.unary import cell, in_tests

OR, AND, COMPARISON, SUM, PRODUCT, POWER, NEGATION, INSTANCE, POSTFIX = range(1, 10)

_SYMBOLS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARISON),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/"), PRODUCT),
    "**": POWER,
    **dict.fromkeys((".", "...", "[", "("), POSTFIX),
}
_WORDS = {"or": OR, "and": AND, "between": COMPARISON, "in": COMPARISON, "instance": INSTANCE}
_ORDERING = frozenset({"<", "<=", ">", ">="})
_MISTAKEN = frozenset("!&|%≠≤≥'")


class Parser:
    """Reads one text once. `strict`: what could only ever be null is an error of the writer."""

    def __init__(self, text: str, declared: Declared, *, strict: bool) -> None:
        if len(text) > MAX_TEXT:
            raise fault((1, 1), "limit_text", limit=MAX_TEXT)
        self.scanner = Scanner(text)
        self.declared = declared
        self.strict = strict
        self.scope = Scope()
        self.slots = 0
        self.used: set[str] = set()
        self.asked: set[int] = set()
        """Slots of tested values (`?`) that were named so far."""
        self.members = NameIndex(declared.members)
        self.range_end = False
        """Whether a `[` may be the end of a range instead of a filter."""
        self._depth = 0

    def tree(self) -> Tree:
        """The whole text as one expression. Where DMN's errors are null, several divided by
        commas are a list of them (rule 3); for a writer the second is a slip."""
        at = self.scanner.at
        items = [self.expression()]
        while not self.strict and self.scanner.accept(","):
            items.append(self.expression())
        return self._whole(ListLiteral(at, tuple(items)) if len(items) > 1 else items[0])

    def cell_tree(self) -> Tree:
        """The whole text as unary tests on the value in slot 0."""
        return self._whole(cell(self, self.new_slot()))

    def _whole(self, root: Node) -> Tree:
        if not self.scanner.done:
            raise self.scanner.surprise()
        return Tree(root, self.slots, frozenset(self.used))

    def new_slot(self) -> int:
        """A place for one more local."""
        self.slots += 1
        return self.slots - 1

    def impossible(self, at: At, code: str, /, **params: object) -> Node:
        """An error for a writer, null for a mere evaluation (DMN: errors give null)."""
        if self.strict:
            raise fault(at, code, **params)
        return Literal(at, None)

    def expression(self, level: int = OR) -> Node:
        """An expression whose operators bind at least as tightly as `level`."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise fault(self.scanner.at, "limit_nesting", limit=MAX_NESTING)
        left = self.onward(prefix(self), level)
        self._depth -= 1
        return left

    def onward(self, left: Node, level: int) -> Node:
        """What the operators behind the operand `left` make of it."""
        length = 0
        while (operator := self._next_operator(level)) is not None:
            length += 1
            if length > MAX_CHAIN:
                raise fault(self.scanner.at, "limit_chain", limit=MAX_CHAIN)
            left = self._infix(left, operator)
        return left

    def inner(self) -> Node:
        """An expression inside brackets: a `[` there is a filter again."""
        outer, self.range_end = self.range_end, False
        node = one_sided_range(self, SUM) or self.expression()
        self.range_end = outer
        return node

    def end_of_range(self) -> Node:
        """The second end of a range, behind which `[` may close the range."""
        outer, self.range_end = self.range_end, True
        node = self.expression()
        self.range_end = outer
        return node

    def _next_operator(self, level: int) -> str | None:
        symbol = self.scanner.operator()
        if symbol in _SYMBOLS:
            if symbol == "[" and self.range_end and self._closes_range():
                return None
            return symbol if _SYMBOLS[symbol] >= level else None
        word = self.scanner.word()
        if word in _WORDS:
            return word if _WORDS[word] >= level else None
        if symbol and symbol in _MISTAKEN:
            raise self.scanner.surprise()
        return None

    def _closes_range(self) -> bool:
        """`]1..5[`: what follows the bracket cannot begin a filter."""
        return not begins_filter(self.scanner.text, self.scanner.offset + 1)

    def _infix(self, left: Node, operator: str) -> Node:
        if operator in ("and", "or"):
            return self._logic(left, operator)
        scanner = self.scanner
        at = scanner.at
        if operator in ("=", "<"):
            scanner.refuse_foreign()
        scanner.move(scanner.offset + len(operator))
        if operator in _POSTFIX:
            return _POSTFIX[operator](self, left, at)
        if operator == "between":
            low = self.expression(SUM)
            scanner.expect_word("and")
            return Between(at, left, low, self.expression(SUM))
        if operator == "in":
            slot = self.new_slot()
            return In(at, left, in_tests(self, slot), slot)
        if operator == "instance":
            scanner.expect_word("of")
            return InstanceOf(at, left, read_type(scanner, known=self.declared.kinds))
        level = _SYMBOLS[operator]
        if level == COMPARISON:
            return self._comparison(left, operator, at)
        return Arithmetic(at, operator, left, self.expression(level + 1))

    def _comparison(self, left: Node, operator: str, at: At) -> Node:
        """`a < b < c` compares a boolean with c, which is always null: surely meant otherwise."""
        if operator in _ORDERING and isinstance(left, Comparison) and left.operator in _ORDERING:
            raise fault(at, "chained_comparison")
        right = None if operator in _ORDERING else one_sided_range(self, SUM)
        return Comparison(at, operator, left, right or self.expression(SUM))

    def _logic(self, left: Node, word: str) -> Node:
        """All operands of one `and`/`or` chain, so that long chains stay flat."""
        operands = [left]
        at = self.scanner.at
        while self.scanner.accept_word(word):
            operands.append(self.expression(_WORDS[word] + 1))
            if len(operands) > MAX_CHAIN:
                raise fault(at, "limit_chain", limit=MAX_CHAIN)
        return (Conjunction if word == "and" else Disjunction)(at, tuple(operands))


_POSTFIX = {".": path, "...": descendants, "[": element_filter, "(": call}
