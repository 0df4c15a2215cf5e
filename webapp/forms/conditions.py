"""A field's condition as JSON the browser can answer while somebody fills in the form.

Only comparisons of names with constants and their combinations are translated; any other
condition gives None, and the field is simply shown. What compares facts of the case is answered
here: they do not change while somebody types. The server decides in any case.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Told: TypeAlias = list[object]
"""["=", name, constant], ["in", name, [constants]], ["not", told], ["and" | "or", told, …]."""

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?[0-9]+(?:\.[0-9]+)?)'
    r"|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|(?P<sign>!=|<=|>=|[=<>(),]))"
)
OF_CASE = "case."
_COMPARED = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_CONSTANTS = {"true": True, "false": False, "null": None}


class _UntoldError(Exception):
    """The condition says more than the browser understands."""


def tell(condition: str, case: Mapping[str, Any] | None = None) -> Told | bool | None:
    """The condition for the browser; true or false where facts of the case decide it, None where
    it cannot be told. `case`: plain facts, None where there is no case yet."""
    try:
        tokens = _split(condition)
        told = _settled(_any(tokens), case)
    except (_UntoldError, IndexError):
        return None
    return told if not tokens else None


def _settled(told: Told, case: Mapping[str, Any] | None) -> Told | bool:
    """The condition with everything answered that the facts answer."""
    sign, *rest = told
    if sign == "not":
        inner = _settled(rest[0], case)  # type: ignore[arg-type]
        return not inner if isinstance(inner, bool) else ["not", inner]
    if sign in ("and", "or"):
        parts = [_settled(one, case) for one in rest]  # type: ignore[arg-type]
        ends = sign == "or"
        if ends in parts:
            return ends
        left = [one for one in parts if not isinstance(one, bool)]
        if not left:
            return not ends
        return left[0] if len(left) == 1 else [sign, *left]
    name, constant = str(rest[0]), rest[1]
    if not name.startswith(OF_CASE):
        if "." in name:
            raise _UntoldError
        return told
    if case is None:
        raise _UntoldError
    return _holds(str(sign), case.get(name.removeprefix(OF_CASE)), constant)


def _holds(sign: str, value: Any, constant: Any) -> bool:
    """One comparison of a fact; nothing is smaller or larger than a fact that is missing."""
    if sign == "in":
        return value in constant
    if sign in ("=", "!="):
        return (value == constant) == (sign == "=")
    if value is None or type(value) is not type(constant):
        raise _UntoldError
    return bool(_COMPARED[sign](value, constant))


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
    kind, sign = tokens.pop()
    if (kind, sign) == ("name", "in"):
        return ["in", name, _constants(tokens)]
    if kind != "sign" or sign in "(),":
        raise _UntoldError
    return [sign, name, _constant(tokens)]


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
