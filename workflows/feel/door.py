"""What other rooms call: compile, evaluate, test, and ask which names a text reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from workflows.feel.build_tests import build_tests
from workflows.feel.compiler import Compiler
from workflows.feel.errors import START, fault
from workflows.feel.frames import (
    Run,
    cell_in_frame,
    cell_without_frame,
    in_frame,
    without_frame,
)
from workflows.feel.library import NAMES, PROPERTY_NAMES
from workflows.feel.limits import MAX_NESTING
from workflows.feel.nodes import Tests, Tree
from workflows.feel.parser import Parser
from workflows.feel.scope import Declared, declare
from workflows.feel.type_text import as_type, type_names
from workflows.feel.types import ANY, Type
from workflows.feel.values import PLAIN, Function, Value

Names = Iterable[str] | Mapping[str, Any] | Declared
"""Names without types, or name → type: text (`"list<number>"`), `Type`, a mapping of members
(then no other member exists), a list of one element's type; None says nothing. Or what
`declare_names` made of them, for many texts over the same names."""
NO_KINDS: Mapping[str, Type] = MappingProxyType({})
_CACHED = 2_048
_MAX_MEMBERS = 2_000


def compile_expression(
    text: str, names: Names, functions: Mapping[str, Function] | None = None
) -> Callable[[Mapping[str, Any]], Value]:
    """The expression as a callable that takes the context and gives a FEEL value.

    Shared freely between threads. A name the context lacks is null; a value error is null.
    FeelError at once, with its place, for what is not FEEL, an unknown name or member, a call
    that can only be null; FeelError from the callable only where a limit is reached.
    """
    return compile_reading(text, names, functions)[0]


def compile_reading(
    text: str, names: Names, functions: Mapping[str, Function] | None = None
) -> tuple[Callable[[Mapping[str, Any]], Value], frozenset[str]]:
    """As `compile_expression`, with the declared names that the text reads."""
    tree = shallow(Parser(text, declare_names(names, functions), strict=True).tree)
    return _built(tree, functions or {}, strict=True), tree.used


def compile_unary_tests(
    cell: str, names: Names, functions: Mapping[str, Function] | None = None
) -> Callable[[Any, Mapping[str, Any]], bool]:
    """A cell of a decision table as a callable over (tested value, context): whether it passes.

    FeelError as for `compile_expression`.
    """
    return _compiled_tests(cell, declare_names(names, functions), functions or {}, strict=True)


def compile_lenient(
    text: str, names: Names, types: Mapping[str, Type] = NO_KINDS
) -> Callable[[Mapping[str, Any]], Value]:
    """As `compile_expression`, but what DMN calls an error (a call that does not fit, a date that
    does not exist) is null: for logic of files that other tools wrote.

    `types`: item definitions that `instance of` and parameters may name.
    """
    return _compiled(text, with_kinds(declare_names(names, None), types), {}, strict=False)


def compile_lenient_tests(
    cell: str, names: Names, types: Mapping[str, Type] = NO_KINDS
) -> Callable[[Any, Mapping[str, Any]], bool]:
    """As `compile_unary_tests`, with the same leniency."""
    return _compiled_tests(cell, with_kinds(declare_names(names, None), types), {}, strict=False)


def with_kinds(declared: Declared, types: Mapping[str, Type]) -> Declared:
    """The same with the host's own types."""
    return replace(declared, kinds=type_names(types)) if types else declared


def names_used(
    text: str, names: Names, functions: Mapping[str, Function] | None = None
) -> frozenset[str]:
    """The declared names that the text reads. A function nobody told of here counts as known.

    FeelError where the text is not FEEL.
    """
    tree = shallow(Parser(text, declare_names(names, functions), strict=False).tree)
    return tree.used


def evaluate(text: str, context: Mapping[str, Any]) -> Value:
    """The value of an expression whose names are the context's keys.

    Compiled once for a text and a set of names. What DMN calls an error, an unknown name
    included, is null; FeelError where the text is not FEEL or reaches a limit.
    """
    return _loose(text, tuple(context), _members(context))(context)


def unary_test(cell: str, value: Any, context: Mapping[str, Any]) -> bool:
    """Whether the value passes a cell of a decision table; null counts as no.

    FeelError as for `evaluate`.
    """
    return _loose_tests(cell, tuple(context), _members(context))(value, context)


@lru_cache(maxsize=_CACHED)
def _loose(
    text: str, names: tuple[str, ...], members: tuple[str, ...]
) -> Callable[[Mapping[str, Any]], Value]:
    return _compiled(text, declare_names(names, None, members), {}, strict=False)


@lru_cache(maxsize=_CACHED)
def _loose_tests(
    cell: str, names: tuple[str, ...], members: tuple[str, ...]
) -> Callable[[Any, Mapping[str, Any]], bool]:
    return _compiled_tests(cell, declare_names(names, None, members), {}, strict=False)


def _members(context: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys inside the data that the plain word rule would cut (`down-payment`)."""
    found: set[str] = set()
    stack: list[Any] = list(context.values())
    for _ in range(_MAX_MEMBERS):
        if not stack:
            break
        one = stack.pop()
        if type(one) in PLAIN:
            continue
        if isinstance(one, Mapping):
            found.update(key for key in one if isinstance(key, str) and not key.isidentifier())
            stack.extend(one.values())
        elif isinstance(one, (list, tuple)):
            stack.extend(one[:1])
    return tuple(sorted(found))


def declare_names(
    names: Names, functions: Iterable[str] | None, members: tuple[str, ...] = ()
) -> Declared:
    """Everything a text may name."""
    if isinstance(names, Declared):
        return names
    types: dict[str, Type] = (
        {name: as_type(hint) for name, hint in names.items()}
        if isinstance(names, Mapping)
        else dict.fromkeys(names, ANY)
    )
    return _declared(tuple(types.items()), frozenset(functions or ()), members)


@lru_cache(maxsize=32)
def _declared(
    types: tuple[tuple[str, Type], ...], functions: frozenset[str], members: tuple[str, ...]
) -> Declared:
    """A version's names are the same for each of its texts."""
    return declare(dict(types), functions, NAMES, (*PROPERTY_NAMES, *members))


_T = TypeVar("_T")


def shallow(work: Callable[[], _T]) -> _T:
    """Reading and building go as deep as the text; where Python's stack ends first, say so."""
    try:
        return work()
    except RecursionError:
        raise fault(START, "limit_nesting", limit=MAX_NESTING) from None


def _compiled(
    text: str, declared: Declared, functions: Mapping[str, Function], *, strict: bool
) -> Callable[[Mapping[str, Any]], Value]:
    return _built(shallow(Parser(text, declared, strict=strict).tree), functions, strict=strict)


def _built(
    tree: Tree, functions: Mapping[str, Function], *, strict: bool
) -> Callable[[Mapping[str, Any]], Value]:
    compiler = Compiler(tree, dict(functions), strict=strict)
    run: Run = shallow(lambda: compiler.build(tree.root))
    return in_frame(run, compiler.blank()) if compiler.framed else without_frame(run)


def _compiled_tests(
    cell: str, declared: Declared, functions: Mapping[str, Function], *, strict: bool
) -> Callable[[Any, Mapping[str, Any]], bool]:
    tree = shallow(Parser(cell, declared, strict=strict).cell_tree)
    root = tree.root
    assert isinstance(root, Tests)
    if not root.tests:
        return lambda _value, _context: True
    compiler = Compiler(tree, dict(functions), strict=strict)
    test = shallow(lambda: build_tests(compiler, root, 0))
    if compiler.framed:
        return cell_in_frame(test, compiler.blank())
    return cell_without_frame(test)
