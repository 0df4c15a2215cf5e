"""The one place that hands texts to the feel room, and recognises those that need no compiler.

Files from editors often declare none of the names they read. A name that neither the file nor the
context knows is null when a decision is made; `problems` is where a misspelt one is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from workflows.decisions.errors import DecisionError, feel_fault
from workflows.decisions.model import Text
from workflows.feel import (
    Declared,
    FeelError,
    Type,
    compile_expression,
    compile_unary_tests,
    declare_names,
)
from workflows.feel.door import compile_lenient, compile_lenient_tests

Names = Mapping[str, Type]
"""Names a text may read, with what is known of their types."""
Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]
Test = Callable[[Any, Scope], bool]

_NULL = frozenset({"feel.unknown_type", "feel.external_function"})
"""Errors in the meaning of a text, not in its grammar: its value is null (DMN 1.5 §10.3.2.1), and
`problems` reports them."""
_CONSTANT = re.compile(r'(?:"([^"\\\r\n]*)"|(-?[0-9]{1,30}(?:\.[0-9]{1,4})?)|(true|false))')
_CONSTANTS = re.compile(rf"\s*{_CONSTANT.pattern}\s*(?:,|\Z)")
_WORDS = {"true": True, "false": False}
NO_TYPES: Mapping[str, Type] = MappingProxyType({})


class NotConstant:
    """Stands for a text that has to be compiled."""


NOT_CONSTANT = NotConstant()


def constant(text: str) -> Any:
    """The value of a text that is one string, number, true, false or null; else NOT_CONSTANT."""
    if text == "null":
        return None
    match = _CONSTANT.fullmatch(text)
    return NOT_CONSTANT if match is None else _value(match)


def constants(text: str) -> tuple[Any, ...] | None:
    """The values of a cell that lists strings, numbers, true or false; None for other cells."""
    found: list[Any] = []
    offset = 0
    while (match := _CONSTANTS.match(text, offset)) is not None:
        found.append(_value(match))
        offset = match.end()
        if offset == len(text):
            return None if text.rstrip().endswith(",") else tuple(found)
    return None


def _value(match: re.Match[str]) -> Any:
    string, number, word = match.group(1, 2, 3)
    if string is not None:
        return string
    return Decimal(number) if number is not None else _WORDS[word]


class Feel:
    """Compiles for running: what DMN calls an error gives null; what is no FEEL raises when it is
    asked for its value, so that the rest of the file can be used.

    `types`: item definitions that texts may name.
    """

    def __init__(self, types: Mapping[str, Type] = NO_TYPES) -> None:
        self.types = types

    def broken(self, error: DecisionError) -> Run:
        """Stands for what cannot be run."""

        def run(_scope: Scope) -> Any:
            raise error

        return run

    def text(self, text: Text, names: Names) -> Run:
        """An expression. DecisionError from the closure where it is no FEEL, or at a limit."""
        try:
            call = compile_lenient(text.text, names, self._types_in(text))
        except FeelError as error:
            return _null if _is_null(error) else self.broken(feel_fault(text.where, error))

        def run(scope: Scope) -> Any:
            try:
                return call(scope)
            except FeelError as error:
                raise feel_fault(text.where, error) from error

        return run

    def tests(self, text: Text, names: Names) -> Test:
        """A cell or a list of allowed values. DecisionError as above."""
        try:
            call = compile_lenient_tests(text.text, names, self._types_in(text))
        except FeelError as error:
            if _is_null(error):
                return _no
            refuse = self.broken(feel_fault(text.where, error))
            return lambda _value, scope: bool(refuse(scope))

        def test(value: Any, scope: Scope) -> bool:
            try:
                return call(value, scope)
            except FeelError as error:
                raise feel_fault(text.where, error) from error

        return test

    def _types_in(self, text: Text) -> Mapping[str, Type]:
        """Types cost time to look up, and few texts name any."""
        named = "instance" in text.text or "function" in text.text
        return self.types if named else NO_TYPES


class RefusingFeel(Feel):
    """As `Feel`, but what is no FEEL is refused at once."""

    def broken(self, error: DecisionError) -> Run:
        """DecisionError."""
        raise error


class CheckingFeel(Feel):
    """Compiles for a writer: `faults` collects every text that names something unknown, or can
    only ever be null. The closures it gives are not for running."""

    def __init__(self, types: Mapping[str, Type] = NO_TYPES) -> None:
        super().__init__(types)
        self.faults: list[DecisionError] = []
        self._last: tuple[Names, Declared] | None = None

    def broken(self, error: DecisionError) -> Run:
        """Notes what cannot be run."""
        self.faults.append(error)
        return _null

    def text(self, text: Text, names: Names) -> Run:
        """Notes what is wrong with an expression."""
        self._note(
            text,
            lambda: compile_expression(text.text, self._declare(names)),
            lambda: compile_lenient(text.text, names, self.types),
        )
        return _null

    def tests(self, text: Text, names: Names) -> Test:
        """Notes what is wrong with a cell."""
        self._note(
            text,
            lambda: compile_unary_tests(text.text, self._declare(names)),
            lambda: compile_lenient_tests(text.text, names, self.types),
        )
        return _no

    def _declare(self, names: Names) -> Declared:
        """A table's texts come one after the other and all know the same names."""
        if self._last is None or self._last[0] != names:
            self._last = (dict(names), declare_names(names, None))
        return self._last[1]

    def _note(
        self, text: Text, build: Callable[[], object], with_types: Callable[[], object]
    ) -> None:
        """A text that names the file's own types is looked at without refusing misspelt names."""
        try:
            build()
        except FeelError as error:
            unknown = error.message.code == "feel.unknown_type"
            if not (unknown and self.types and _builds(with_types)):
                self.faults.append(feel_fault(text.where, error))


LENIENT = Feel()
REFUSING = RefusingFeel()


def _null(_scope: Scope) -> Any:
    return None


def _no(_value: Any, _scope: Scope) -> bool:
    return False


def _is_null(error: FeelError) -> bool:
    """Whether the text is FEEL, but speaks of types or functions that do not exist here."""
    return error.message.code in _NULL


def _builds(build: Callable[[], object]) -> bool:
    try:
        build()
    except FeelError:
        return False
    return True
