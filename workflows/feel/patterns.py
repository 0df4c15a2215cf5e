"""Regular expressions in linear time: XPath's syntax and flags as far as RE2 has them.

DMN 1.5 §10.3.4.3 refers to XPath and XQuery Functions 3.1 §5.6. What RE2 lacks (references back
to groups, character class subtraction) is null, like a pattern that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

MAX_PATTERN = 4_096
"""Characters of one pattern."""
_MOST_MEMORY_BYTES = 4 << 20
_SPAN = re.compile(r"(.)(?:-(.))?", re.DOTALL)
_LARGEST_SPAN = 256
_GROUP = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")
_BLOCKS = {"IsBasicLatin": r"\x{00}-\x{7F}", "IsLatin-1Supplement": r"\x{80}-\x{FF}"}
_NAME_START = r"\p{L}_:"
_NAME_MORE = r"\p{L}\p{N}_:.\-\x{B7}"
_CLASSES = {
    "i": _NAME_START,
    "c": _NAME_MORE,
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
}


def compile_pattern(pattern: str, flags: Any) -> Any:
    """The compiled pattern, or None where it or a flag is wrong; null flags are none."""
    if flags is None:
        flags = ""
    if not isinstance(flags, str) or set(flags) - set("smixq") or len(pattern) > MAX_PATTERN:
        return None
    return _compiled(pattern, flags)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    import re2  # two MiB of C++; few packages have patterns

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY_BYTES
    if "q" in flags:
        source = re2.escape(pattern)
    else:
        translated = _translate(_without_space(pattern) if "x" in flags else pattern, flags)
        if translated is None:
            return None
        source = translated
    inline = "".join(flag for flag in "smi" if flag in flags)
    try:
        return re2.compile(f"(?{inline}){source}" if inline else source, options)
    except (re2.error, UnicodeError):
        return None


def matches_of(compiled: Any, text: str, most: int | None = None) -> Iterator[Any]:
    """The matches one after the other; none in a text that holds half a character."""
    try:
        yield from islice(compiled.finditer(text), most)
    except UnicodeError:
        return


def _without_space(pattern: str) -> str:
    """Flag `x`: white space outside of brackets is left out before anything else."""
    out: list[str] = []
    depth = 0
    escaped = False
    for sign in pattern:
        if not escaped:
            depth += (sign == "[") - (sign == "]")
        if depth > 0 or sign not in " \t\r\n":
            out.append(sign)
            escaped = sign == "\\" and not escaped
    return "".join(out)


def _translate(pattern: str, flags: str) -> str | None:
    """XPath's classes in RE2's words."""
    out: list[str] = []
    offset = 0
    while offset < len(pattern):
        sign = pattern[offset]
        if sign == "\\":
            step = _escape(pattern, offset, in_class=False)
        elif sign == "[":
            step = _class(pattern, offset)
        elif sign == ".":
            step = ("." if "s" in flags else r"[^\n\r]", offset + 1)
        elif sign == "]" or (pattern.startswith("(?", offset) and pattern[offset + 2 :][:1] != ":"):
            return None
        else:
            step = (sign, offset + 1)
        if step is None:
            return None
        out.append(step[0])
        offset = step[1]
    return "".join(out)


def _class(pattern: str, offset: int) -> tuple[str, int] | None:
    """`[…]`, translated, and the offset behind it; `[a-z-[aeiou]]` takes members away again."""
    out = ["["]
    offset += 1
    if pattern.startswith("^", offset):
        out.append("^")
        offset += 1
    start = offset
    while offset < len(pattern):
        sign = pattern[offset]
        if sign == "]" and offset > start:
            return "".join([*out, "]"]), offset + 1
        if sign == "\\":
            step = _escape(pattern, offset, in_class=True)
        elif pattern.startswith("-[", offset):
            return _difference(pattern, start, offset)
        elif sign in "[]":
            return None
        else:
            step = (sign, offset + 1)
        if step is None:
            return None
        out.append(step[0])
        offset = step[1]
    return None


def _difference(pattern: str, start: int, offset: int) -> tuple[str, int] | None:
    """A class of plain characters and spans minus another such class."""
    end = pattern.find("]]", offset)
    kept = _members(pattern[start:offset])
    gone = _members(pattern[offset + 2 : end]) if end > 0 else None
    if kept is None or gone is None or not kept - gone or pattern[start - 1] == "^":
        return None
    members = "".join(f"\\x{{{code:x}}}" for code in sorted(kept - gone))
    return f"[{members}]", end + 2


def _members(text: str) -> frozenset[int] | None:
    """Codes of a class body without escapes; None for any other and for a large one."""
    codes: set[int] = set()
    for span in _SPAN.finditer(text):
        first = ord(span.group(1))
        last = ord(span.group(2) or span.group(1))
        if "\\" in span.group() or not 0 <= last - first <= _LARGEST_SPAN:
            return None
        codes.update(range(first, last + 1))
    return frozenset(codes)


def _escape(pattern: str, offset: int, in_class: bool) -> tuple[str, int] | None:
    """One escape, translated, and the offset behind it."""
    sign = pattern[offset + 1 : offset + 2]
    end = offset + 2
    if sign in ("p", "P"):
        close = pattern.find("}", end)
        name = pattern[end + 1 : close] if pattern[end : end + 1] == "{" and close > 0 else ""
        if name in _BLOCKS:
            inverse = "^" if sign == "P" else ""
            text = _BLOCKS[name] if in_class and not inverse else f"[{inverse}{_BLOCKS[name]}]"
            return (text, close + 1)
        return (pattern[offset : close + 1], close + 1) if name else None
    if sign.lower() in _CLASSES:
        members = _CLASSES[sign.lower()]
        if sign.islower():
            return (members if in_class else f"[{members}]", end)
        return None if in_class else (f"[^{members}]", end)
    if sign and sign in "nrt\\|.?*+(){}-[]^$sS":
        return pattern[offset:end], end
    return None


def expand_replacement(text: str, groups: list[str | None]) -> str | None:
    """`$1` and the escapes `\\$`, `\\\\` of a replacement; null where it is written wrongly."""
    out: list[str] = []
    end = 0
    for match in _GROUP.finditer(text):
        out.append(text[end : match.start()])
        end = match.end()
        if match.group(3):
            return None
        if match.group(1):
            out.append(match.group(1))
        else:
            out.append(_group(match.group(2), groups))
    return "".join([*out, text[end:]])


def _group(digits: str, groups: list[str | None]) -> str:
    """The longest number that is a group; digits behind it are plain text."""
    for length in range(min(len(digits), 3), 0, -1):
        number = int(digits[:length])
        if number < len(groups):
            return (groups[number] or "") + digits[length:]
    return digits[1:]
