"""One FEEL expression of a template.

Nobody declares the names of a template before it is read: every single word of an expression
that FEEL does not know otherwise is taken for a name, and the gate compares what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workflows.feel import FeelError, compile_expression, compile_reading
from workflows.wording.errors import WordingError, fault
from workflows.wording.functions import FUNCTIONS

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Expression:
    """Ready to run. `names`: outer names it surely reads; `line`: where its text begins."""

    call: Callable[[Mapping[str, Any]], Any]
    names: frozenset[str]
    line: int

    def value(self, context: Mapping[str, Any]) -> Any:
        """The FEEL value. WordingError where a limit is passed."""
        try:
            return self.call(context)
        except FeelError as error:
            raise _told(error, self.line) from error


def compile_text(text: str, line: int, locals_: frozenset[str]) -> Expression:
    """The expression that begins on `line`; `locals_` are loop variables around it.

    WordingError `empty_tag`, or what FEEL says with the line in the template.
    """
    if not text.strip():
        raise fault(line, "empty_tag")
    try:
        call, sure = read_once(text, locals_)
    except FeelError as error:
        raise _told(error, line) from error
    return Expression(call, sure, line)


@lru_cache(maxsize=1024)
def read_once(
    text: str, locals_: frozenset[str]
) -> tuple[Callable[[Mapping[str, Any]], Any], frozenset[str]]:
    """The text compiled, with the outer names it surely reads: the documents of a package say the
    same expressions again and again (names of parties, the number, the place)."""
    words = frozenset(_WORD.findall(text)) | locals_
    call, used = compile_reading(text, words, FUNCTIONS)
    sure = frozenset(name for name in used - locals_ if not _may_be_member(text, name, words))
    return call, sure


def _may_be_member(text: str, name: str, names: frozenset[str]) -> bool:
    """Whether the text can still be read if nobody knows the name: inside a filter it may be a
    member of the element (`parties[kind = "person"]`). `today` and its like are functions too."""
    inside_filter = "[" in text and _compiles(text, names - {name})
    return inside_filter and not _is_known_everywhere(name)


@lru_cache(maxsize=1024)
def _is_known_everywhere(name: str) -> bool:
    return _compiles(name, frozenset())


def _compiles(text: str, names: frozenset[str]) -> bool:
    try:
        compile_expression(text, names, FUNCTIONS)
    except FeelError:
        return False
    return True


def _told(error: FeelError, line: int) -> WordingError:
    return WordingError(line + error.line - 1, error.message)
