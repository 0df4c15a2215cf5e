"""FEEL names: words of any script, also several with spaces and `. / - ' + *` between them.

Which words form one name depends on what is known where the name stands (DMN 1.5 §10.3.1.4), so
names are found by longest match against a `NameIndex`, never by a fixed token rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_START = (
    r"[^\W\d]|[?\u200C\u200D\u2070\u2071\u2074-\u207B\u207F-\u209C\u2100-\u218B"
    r"\U00010000-\U000EFFFF]"
)
_MORE = rf"(?:{_START}|[\w\u00B7\u0300-\u036F\u203F\u2040])"
WORD = re.compile(rf"(?:{_START}){_MORE}*")
"""One word of a name."""
_PART = re.compile(rf"{_MORE}+|[./\-'’+*]")
_SPACE = re.compile(r"\s*")
_WHOLE = ""
"""In a tree of parts: a name ends here. No part is empty."""

KEYWORDS = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or"}
    | {"between", "instance", "of", "function", "external", "true", "false", "null"}
)
"""Words that end a name unless a known name contains them."""


@lru_cache(maxsize=4096)
def split_name(text: str) -> tuple[str, ...] | None:
    """The parts of a name, or None where `text` is not a name (DMN 1.5 grammar rules 25–30)."""
    parts: list[str] = []
    offset = _end_of_space(text, 0)
    while offset < len(text):
        match = _PART.match(text, offset)
        if match is None:
            return None
        parts.append(match.group())
        offset = _end_of_space(text, match.end())
    if not parts or WORD.fullmatch(parts[0]) is None or (len(parts) == 1 and parts[0] in KEYWORDS):
        return None
    return tuple(parts)


def is_name(text: str) -> bool:
    """Whether an expression can name this."""
    return split_name(text) is not None


def tidy_name(text: str) -> str:
    """The name with single spaces, as it is looked up in a context."""
    return " ".join(text.split())


class NameIndex:
    """Known names of one scope, found at a place in a text by longest match.

    A tree of the names' parts: what a match costs does not depend on how many names there are.
    """

    __slots__ = ("_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._first: dict[str, Any] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make one more name known; what is not a name is left out: nothing can name it."""
        parts = split_name(name)
        if parts is None:
            return
        branch = self._first
        for part in parts:
            branch = branch.setdefault(part, {})
        branch.setdefault(_WHOLE, name)

    def match(self, text: str, offset: int) -> tuple[str, int] | None:
        """(name, offset behind it) of the longest known name that stands at `offset`."""
        branch = self._first
        if not branch:
            return None
        part = WORD.match(text, offset)
        found: tuple[str, int] | None = None
        while part is not None and (next_branch := branch.get(part.group())) is not None:
            branch, end = next_branch, part.end()
            if _WHOLE in branch:
                found = branch[_WHOLE], end
            part = _PART.match(text, _end_of_space(text, end))
        return found


def _end_of_space(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    assert match is not None
    return match.end()


def read_parts(text: str, offset: int, stop: str | None = None) -> tuple[str, int]:
    """(name, offset behind it and its space) of all name parts from `offset` up to the word
    `stop`; the name is "" where none stands there."""
    end = offset
    last = offset
    while (match := _PART.match(text, end)) and match.group() != stop:
        last = match.end()
        end = _end_of_space(text, last)
    return tidy_name(text[offset:last]), end


def read_words(text: str, offset: int) -> tuple[str, int]:
    """(name, offset behind it) of the words from `offset` up to a keyword: how a name that
    nobody declared is read. The name is "" where none stands there."""
    words: list[str] = []
    end = offset
    while (match := WORD.match(text, offset)) and match.group() not in KEYWORDS:
        words.append(match.group())
        end = match.end()
        offset = _end_of_space(text, end)
    return " ".join(words), end
