"""A field's condition as JSON the browser can answer while somebody fills in the form.

Only comparisons of names with constants and their combinations are translated; any other
condition gives None, and the field is simply shown. The server decides in any case.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Told: TypeAlias = list[object]
"""["=", name, constant], ["in", name, [constants]], ["not", told], ["and" | "or", told, …]."""

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?[0-9]+(?:\.[0-9]+)?)'
    r"|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>!=|<=|>=|[=<>(),]))"
)
_CONSTANTS = {"true": True, "false": False, "null": None}


class _UntoldError(Exception):
    """The condition says more than the browser understands."""


def tell(condition: str) -> Told | None:
    """The condition for the browser, or None."""
    try:
        tokens = _split(condition)
        told = _any(tokens)
    except (_UntoldError, IndexError):
        return None
    return told if not tokens else None


def _split(condition: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    text = condition.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _UntoldError
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        at = match.end()
    tokens.reverse()
    return tokens


def _any(tokens: list[tuple[str, str]]) -> Told:
    return _joined("or", tokens)


def _joined(word: str, tokens: list[tuple[str, str]]) -> Told:
    read = _joined_and if word == "or" else _one
    parts = [read(tokens)]
    while tokens and tokens[-1] == ("name", word):
        tokens.pop()
        parts.append(read(tokens))
    return parts[0] if len(parts) == 1 else [word, *parts]


def _joined_and(tokens: list[tuple[str, str]]) -> Told:
    return _joined("and", tokens)


def _one(tokens: list[tuple[str, str]]) -> Told:
    if tokens[-1] == ("sign", "("):
        return _inside(tokens)
    kind, name = tokens.pop()
    if kind != "name" or name in _CONSTANTS or name in ("and", "or"):
        raise _UntoldError
    if name == "not" and tokens[-1] == ("sign", "("):
        return ["not", _inside(tokens)]
    kind, operator = tokens.pop()
    if (kind, operator) == ("name", "in"):
        return ["in", name, _constants(tokens)]
    if kind != "sign" or operator in "(),":
        raise _UntoldError
    return [operator, name, _constant(tokens)]


def _inside(tokens: list[tuple[str, str]]) -> Told:
    _expect(tokens, "(")
    told = _any(tokens)
    _expect(tokens, ")")
    return told


def _constants(tokens: list[tuple[str, str]]) -> list[object]:
    _expect(tokens, "(")
    found = [_constant(tokens)]
    while tokens[-1] == ("sign", ","):
        tokens.pop()
        found.append(_constant(tokens))
    _expect(tokens, ")")
    return found


def _constant(tokens: list[tuple[str, str]]) -> object:
    kind, text = tokens.pop()
    if kind == "number":
        return float(text) if "." in text else int(text)
    if kind == "text" and "\\" not in text:
        return text[1:-1]
    if kind == "name" and text in _CONSTANTS:
        return _CONSTANTS[text]
    raise _UntoldError


def _expect(tokens: list[tuple[str, str]], sign: str) -> None:
    if tokens.pop() != ("sign", sign):
        raise _UntoldError
