"""String functions. DMN 1.5 §10.3.4.3, table 74. Characters are Unicode code points."""

from __future__ import annotations

from decimal import Decimal

from workflows.feel.limits import Budget, check_characters
from workflows.feel.patterns import compile_pattern, expand_replacement, matches_of
from workflows.feel.signatures import built_in
from workflows.feel.values import Value

_CHARACTERS_A_STEP = 16
_STEPS_A_MATCH = 10
_CHARACTERS_HANDED_OVER = 8_192
"""For each match the library copies the whole text: so many characters for a step."""


@built_in("substring", "string: string, start position: number, length?: number")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """From a position counted from 1, or from the end by a negative number."""
    first = _count(start)
    if first is None or first == 0 or abs(first) > len(text):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    count = _count(length)
    return None if count is None or count < 1 else text[begin : begin + count]


def _count(value: Decimal) -> int | None:
    """The whole part of a number that counts characters."""
    return int(value) if abs(value) < 10**15 else None


@built_in("string length", "string: string")
def string_length(text: str) -> Decimal:
    """How many characters."""
    return Decimal(len(text))


@built_in("upper case", "string: string")
def upper_case(text: str) -> str:
    """In capitals."""
    return text.upper()


@built_in("lower case", "string: string")
def lower_case(text: str) -> str:
    """In small letters."""
    return text.lower()


@built_in("trim", "string: string")
def trim(text: str) -> str:
    """Without space at both ends."""
    return text.strip()


@built_in("substring before", "string: string, match: string")
def substring_before(text: str, match: str) -> str:
    """What stands before the first match, "" without one."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@built_in("substring after", "string: string, match: string")
def substring_after(text: str, match: str) -> str:
    """What stands behind the first match, "" without one."""
    return text.partition(match)[2] if match else text


@built_in("contains", "string: string, match: string")
def contains(text: str, match: str) -> bool:
    """Whether the match stands in it."""
    return match in text


@built_in("starts with", "string: string, match: string")
def starts_with(text: str, match: str) -> bool:
    """Whether it begins so."""
    return text.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(text: str, match: str) -> bool:
    """Whether it ends so."""
    return text.endswith(match)


@built_in("matches", "input: string, pattern: string, flags?: any", heavy=True)
def matches(budget: Budget, text: str, pattern: str, flags: Value = None) -> bool | None:
    """Whether the pattern occurs; in linear time."""
    compiled = compile_pattern(pattern, flags)
    if compiled is None:
        return None
    budget.spend(len(text) // _CHARACTERS_A_STEP + 1)
    found = list(matches_of(compiled, text, most=1))
    return bool(found)


@built_in("replace", "input: string, pattern: string, replacement: string, flags?: any", heavy=True)
def replace(
    budget: Budget, text: str, pattern: str, replacement: str, flags: Value = None
) -> str | None:
    """Every match replaced; `$1` stands for a group."""
    compiled = compile_pattern(pattern, flags)
    if compiled is None:
        return None
    literal = isinstance(flags, str) and "q" in flags
    cost = _cost_of_match(text)
    pieces: list[str] = []
    end = size = 0
    for match in matches_of(compiled, text):
        budget.spend(cost)
        groups = [match.group(0), *match.groups()]
        new = replacement if literal else expand_replacement(replacement, groups)
        if new is None:
            return None
        pieces += (text[end : match.start()], new)
        size += len(pieces[-2]) + len(new)
        check_characters(size)
        end = match.end()
    return "".join([*pieces, text[end:]])


def _cost_of_match(text: str) -> int:
    return _STEPS_A_MATCH + len(text) // _CHARACTERS_HANDED_OVER


@built_in("split", "string: string, delimiter: string", heavy=True)
def split(budget: Budget, text: str, delimiter: str) -> list[str] | None:
    """The parts between the matches of a pattern."""
    compiled = compile_pattern(delimiter, "")
    if compiled is None:
        return None
    cost = _cost_of_match(text)
    parts: list[str] = []
    end = 0
    for match in matches_of(compiled, text):
        budget.spend(cost)
        if match.end() > match.start():
            parts.append(text[end : match.start()])
            end = match.end()
    parts.append(text[end:])
    budget.weigh(parts, (1, 1))
    return parts


@built_in("string join", "list: list, delimiter?: any")
@built_in("string join", "list: list, delimiter: any, prefix: any, suffix: any")
def string_join(
    items: list[Value], delimiter: Value = None, prefix: Value = None, suffix: Value = None
) -> str | None:
    """The strings of a list one behind the other; nulls among them are left out."""
    parts = [item for item in items if item is not None]
    marks = ["" if mark is None else mark for mark in (delimiter, prefix, suffix)]
    if not all(type(part) is str for part in (*parts, *marks)):
        return None
    check_characters(sum(map(len, parts)) + len(marks[0]) * len(parts))
    return marks[1] + marks[0].join(parts) + marks[2]
