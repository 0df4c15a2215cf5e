"""The text of a parsed expression in one canonical form: what two texts have in common that say
the same with other spaces, brackets, quotes and digits.

Reading what was printed gives the same tree again, places apart. Numbers lose superfluous zeros,
strings show what cannot be seen as an escape, names stand as they are declared, brackets only
where the grammar or a reader needs them. What an evaluation of foreign files takes as null because
DMN calls it an error (a date that does not exist, a key used twice) is printed as `null`. The
printers of the kinds of nodes are in `print_nodes.py` and `print_tests.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from workflows.feel.door import NO_KINDS, Names, declare_names, shallow, with_kinds
from workflows.feel.frames import walk
from workflows.feel.names import NameIndex
from workflows.feel.nodes import (
    ContextLiteral,
    Descendants,
    For,
    FunctionLiteral,
    Name,
    Node,
    Path,
    Quantified,
    Tests,
    Tree,
)
from workflows.feel.parser import Parser
from workflows.feel.print_nodes import PRINTERS, level_of
from workflows.feel.print_tests import PRINTERS as TEST_PRINTERS
from workflows.feel.print_tests import cell_text
from workflows.feel.scope import Declared
from workflows.feel.types import ContextOf, FunctionOf, ListOf, RangeOf, Type

_PRINTERS: Mapping[type[Node], Callable[[Any, Any], str]] = {**PRINTERS, **TEST_PRINTERS}
_MARK = re.compile("\ue000([0-9]+)\ue001([^\ue002]*)\ue002")
"""A name in a text that is not finished: number of its node, and itself. These characters are of
the private use area: no name holds them, and strings show them as escapes."""


def print_expression(
    text: Tree | str,
    names: Names,
    functions: Iterable[str] = (),
    types: Mapping[str, Type] = NO_KINDS,
) -> str:
    """The expression in its canonical form.

    `names`, `functions`, `types`: what the text may name, as for `compile_expression` and
    `compile_lenient`; unknown names are printed as they stand. FeelError where the text is not
    FEEL, or goes deeper than Python's stack.
    """
    declared = _declared(names, functions, types)
    return shallow(
        lambda: _printed(
            text if isinstance(text, Tree) else Parser(text, declared, strict=False).tree(),
            declared,
        )
    )


def print_unary_tests(
    cell: Tree | str,
    names: Names,
    functions: Iterable[str] = (),
    types: Mapping[str, Type] = NO_KINDS,
) -> str:
    """A cell of a decision table in its canonical form. FeelError as above."""
    declared = _declared(names, functions, types)
    return shallow(
        lambda: _printed(
            cell if isinstance(cell, Tree) else Parser(cell, declared, strict=False).cell_tree(),
            declared,
        )
    )


def _declared(names: Names, functions: Iterable[str], types: Mapping[str, Type]) -> Declared:
    return with_kinds(declare_names(names, functions), types)


def _printed(tree: Tree, declared: Declared) -> str:
    """Names that what stands behind them would make longer get brackets in a second round."""
    inside = NameIndex(_names_inside(tree.root, declared))
    known = (declared.names, declared.callables, declared.kinds.index, inside)
    text, clashes = Printer(declared, frozenset()).whole(tree.root, known)
    return Printer(declared, clashes).whole(tree.root, known)[0] if clashes else text


class Printer:
    """Prints one tree once. `bracketed`: ids of nodes that need brackets whatever stands around."""

    def __init__(self, declared: Declared, bracketed: frozenset[int]) -> None:
        self.declared = declared
        self._bracketed = bracketed
        self._marked: list[Node] = []
        self.closing: set[int] = set()
        """Ids of filters whose bracket would close a range at whose end they stand."""

    def text(self, node: Node, level: int = 0) -> str:
        """The node, in brackets where it binds more loosely than `level` (`parser.OR` …)."""
        text = _PRINTERS[type(node)](self, node)
        loose = level_of(node) < level or id(node) in self._bracketed
        return f"({text})" if loose else text

    def mark(self, node: Node, name: str) -> str:
        """A name that could become longer by what is printed behind it; `node` would then be put
        in brackets."""
        self._marked.append(node)
        return f"\ue000{len(self._marked) - 1}\ue001{name}\ue002"

    def finished(self, text: str) -> str:
        """A text without its marks."""
        return _MARK.sub(r"\2", text)

    def whole(self, root: Node, known: Iterable[NameIndex]) -> tuple[str, frozenset[int]]:
        """(finished text, ids of the nodes that would not be read back)."""
        marked = cell_text(self, root) if isinstance(root, Tests) else self.text(root)
        text = self.finished(marked)
        clashes: set[int] = set()
        removed = 0
        for match in _MARK.finditer(marked):
            start = match.start() - removed
            removed += len(match.group()) - len(match.group(2))
            matches = (index.match(text, start) for index in known)
            end = max((found[1] for found in matches if found is not None), default=0)
            if end > start + len(match.group(2)):
                clashes.add(id(self._marked[int(match.group(1))]))
        return text, frozenset(clashes)


def _names_inside(root: Node, declared: Declared) -> Iterator[str]:
    """Every name of a local or a member that may be known somewhere in the text."""
    yield from declared.members
    for kind in (*declared.types.values(), *declared.kinds.own.values()):
        yield from _members(kind)
    for node in walk(root):
        if isinstance(node, Name):
            yield node.name
        elif isinstance(node, (Path, Descendants)):
            yield node.member
        elif isinstance(node, ContextLiteral):
            yield from (key for key, _, _ in node.entries)
        elif isinstance(node, (For, Quantified)):
            yield from (binding.name for binding in node.bindings)
        elif isinstance(node, FunctionLiteral):
            yield from node.parameters
            for kind in node.types:
                yield from _members(kind)


def _members(kind: Type) -> Iterator[str]:
    if isinstance(kind, (ListOf, RangeOf)):
        yield from _members(kind.element)
    elif isinstance(kind, FunctionOf):
        yield from _members(kind.result)
    elif isinstance(kind, ContextOf):
        for name, member in kind.members.items():
            yield name
            yield from _members(member)
