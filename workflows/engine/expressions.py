"""FEEL in a version: every name with its type, every text compiled once.

Names come from the declared data, never from the data at hand, so what somebody submits cannot
change how an expression is read. A declared name without a value is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from workflows.feel import (
    Declared,
    FeelError,
    Function,
    compile_reading,
    convert,
    declare_names,
)
from workflows.messages import Message

READ_ONLY: Mapping[str, str] = MappingProxyType(
    {"case": "context", "parties": "list", "unit": "context", "today": "date"}
)
"""Names every expression may read and nothing may write."""

_WORD = re.compile(r"[^\W\d]\w*")
_UNTYPED = frozenset({"any", "string", "boolean", "list", "context"})


def _deadline(rule: Any, base: Any) -> dict[str, Any]:
    """`deadline(rule, base)`: names a rule and its base; nobody counts days here."""
    if isinstance(base, (date, datetime)):
        base = base.isoformat()
    return {"rule": rule, "base": base}


_asker: ContextVar[Callable[[str], Sequence[str]]] = ContextVar("people_of_a_role")


@contextmanager
def asking(people: Callable[[str], Sequence[str]]) -> Iterator[None]:
    """Within the block `people(role)` in expressions is answered by this function."""
    token = _asker.set(people)
    try:
        yield
    finally:
        _asker.reset(token)


def _people(role: Any) -> list[str] | None:
    """`people(role)`: usernames who may do a role in the run's unit; null for no text."""
    return list(_asker.get()(role)) if isinstance(role, str) else None


FUNCTIONS: Mapping[str, Function] = MappingProxyType({"people": Function(("role",), _people)})
"""Functions of the platform, known everywhere in a diagram."""

TIMER_FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {**FUNCTIONS, "deadline": Function(("rule", "base"), _deadline)}
)
"""Functions known in timers."""


class BadExpressionError(Exception):
    """A text is not FEEL; `cause` is the feel room's error with line and column."""

    def __init__(self, cause: FeelError) -> None:
        self.cause = cause
        super().__init__(str(cause))

    @property
    def message(self) -> Message:
        """What is wrong, as the feel room says it."""
        return self.cause.message


@dataclass(frozen=True, slots=True)
class Compiled:
    """One expression, ready. `uses`: the declared names it reads, sorted."""

    call: Callable[[Mapping[str, Any]], Any]
    uses: tuple[str, ...]


class Expressions:
    """The names of one version and the expressions compiled against them.

    Shared by all threads: compiling twice is harmless, both results are equal.
    """

    def __init__(self, names: Mapping[str, str], case_names: Mapping[str, str]) -> None:
        self.names: Mapping[str, str] = MappingProxyType({**names, **READ_ONLY})
        self.case_names = case_names
        self._declared: dict[bool, Declared] = {}
        self._compiled: dict[tuple[str, bool], Compiled] = {}
        self._loose: dict[str, Compiled] = {}

    def compile(self, text: str, *, timer: bool = False) -> Compiled:
        """BadExpressionError where the text is no FEEL over the declared names."""
        known = self._compiled.get((text, timer))
        if known is None:
            functions = TIMER_FUNCTIONS if timer else FUNCTIONS
            known = _compile(text, lambda: self._declare(timer), functions)
            self._compiled[text, timer] = known
        return known

    def compile_loose(self, text: str) -> Compiled:
        """For correlation, which reads a message's payload: every word is taken for a name."""
        known = self._loose.get(text)
        if known is None:
            known = _compile(text, lambda: declare_names(_WORD.findall(text), {}), {})
            self._loose[text] = known
        return known

    def _declare(self, timer: bool) -> Declared:
        """The names as texts are read against them. FeelError where a type is none."""
        known = self._declared.get(timer)
        if known is None:
            functions = TIMER_FUNCTIONS if timer else FUNCTIONS
            known = self._declared[timer] = declare_names(self.names, functions)
        return known

    def typed(self, name: str, value: Any) -> Any:
        """A process value as its declared type wants it; what cannot be read so stays as it is."""
        return _typed(value, self.names.get(name, "any"))

    def typed_case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The case facts, each as its declared type wants it."""
        return {name: _typed(v, self.case_names.get(name, "any")) for name, v in case.items()}


def expression_of(text: str) -> str:
    """The FEEL text: editors of the ecosystem may put `=` before it."""
    text = text.strip()
    return text[1:].strip() if text.startswith("=") else text


def _compile(
    text: str, declare: Callable[[], Declared], functions: Mapping[str, Function]
) -> Compiled:
    try:
        names = declare()
        call, uses = compile_reading(text, names, functions)
    except FeelError as exc:
        raise BadExpressionError(exc) from exc
    return Compiled(call, tuple(sorted(name for name in uses if name in names.types)))


def _typed(value: Any, kind: str) -> Any:
    """Null only for nothing: what cannot be read stays as it is, so that a comparison with it is
    null and the gateway says so, instead of false and the default flow is taken."""
    if value is None or kind in _UNTYPED or not isinstance(value, (str, int)):
        return value
    read = convert(value, kind)
    return value if read is None and str(value).strip() else read
