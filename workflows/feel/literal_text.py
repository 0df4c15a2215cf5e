"""Constants, keys and types as they are written in an expression."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from workflows.feel.errors import At, fault
from workflows.feel.names import is_name, tidy_name
from workflows.feel.types import (
    ANY,
    ContextOf,
    FunctionOf,
    ListOf,
    RangeOf,
    Simple,
    Type,
)
from workflows.feel.value_text import number_text, value_text
from workflows.feel.values import NUMBERS, Value

_MOST_DIGITS = 40
"""Longer numbers are written with an exponent."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_WORDS = {None: "null", True: "true", False: "false"}
NO_TYPES: Mapping[str, Type] = MappingProxyType({})


def literal_text(value: Value, at: At) -> str:
    """A constant. FeelError `bad_escape`: a string that is no proper text."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, str):
        return quoted(value, at)
    return f'@"{value_text(value)}"'


def _number(value: Decimal) -> str:
    """Equal numbers have equal texts."""
    if abs(value.adjusted()) < _MOST_DIGITS:
        return number_text(value)
    return str(NUMBERS.normalize(value)).replace("E+", "e").replace("E", "e")


def quoted(value: str, at: At) -> str:
    """A string in quotes. What cannot be seen (a tab, a wide space, a sign of no width) stands as
    an escape: it makes two texts different that look alike. FeelError `bad_escape` for half a
    surrogate pair, which is no text."""
    return f'"{"".join(_ESCAPES.get(one) or _visible(one, at) for one in value)}"'


def _visible(character: str, at: At) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise fault(at, "bad_escape")
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:06X}"


def key_text(key: str, at: At) -> str:
    """The key of a context's entry, in quotes where it is no name."""
    return key if is_name(key) and tidy_name(key) == key else quoted(key, at)


def type_text(kind: Type, own: Mapping[str, Type] = NO_TYPES) -> str:
    """A type as `instance of` and parameters name it. `own`: the host's types by name."""
    if isinstance(kind, Simple):
        return kind.name
    for name, known in own.items():
        if known == kind:
            return name
    if isinstance(kind, (ListOf, RangeOf)):
        word = "list" if isinstance(kind, ListOf) else "range"
        return word if kind.element == ANY else f"{word}<{type_text(kind.element, own)}>"
    if isinstance(kind, FunctionOf):
        takes = ", ".join(type_text(one, own) for one in kind.parameters)
        return f"function<{takes}> -> {type_text(kind.result, own)}"
    assert isinstance(kind, ContextOf)
    members = ", ".join(f"{name}: {type_text(one, own)}" for name, one in kind.members.items())
    return f"context<{members}>" if members else "context"
