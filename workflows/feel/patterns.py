"""Regular expressions in linear time: XPath's syntax and flags as far as RE2 has them.

DMN 1.5 §10.3.4.3 refers to XPath and XQuery Functions 3.1 §5.6. What RE2 lacks (references back
to groups, character class subtraction) is null, like a pattern that is wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 4_096
"""Characters of one pattern."""
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 4 << 20
_GROUP = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")
_BLOCKS = {"IsBasicLatin": r"\x{00}-\x{7F}", "IsLatin-1Supplement": r"\x{80}-\x{FF}"}
_NAME_START = r"\p{L}_:"
_NAME_MORE = r"\p{L}\p{N}_:.\-\x{B7}"
_CLASSES = {"i": _NAME_START, "c": _NAME_MORE}


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: Any) -> Any:
    """The compiled pattern, or None where it or a flag is wrong."""
    if not isinstance(flags, str) or set(flags) - set("smixq") or len(pattern) > MAX_PATTERN:
        return None
    if "q" in flags:
        source = re2.escape(pattern)
    else:
        translated = _translate(pattern, spaced="x" in flags)
        if translated is None:
            return None
        source = translated
    inline = "".join(flag for flag in "smi" if flag in flags)
    try:
        return re2.compile(f"(?{inline}){source}" if inline else source, _OPTIONS)
    except (re2.error, UnicodeError):
        return None


def _translate(pattern: str, *, spaced: bool) -> str | None:
    """XPath's classes in RE2's words; `x` leaves white space out unless in brackets."""
    out: list[str] = []
    in_class = False
    offset = 0
    while offset < len(pattern):
        sign = pattern[offset]
        if sign == "\\":
            step = _escape(pattern, offset, in_class)
            if step is None:
                return None
            text, offset = step
            out.append(text)
            continue
        if sign == "[":
            if in_class:
                return None
            in_class = True
        elif sign == "]":
            in_class = False
        offset += 1
        if pattern.startswith("(?", offset - 1) and not pattern.startswith("(?:", offset - 1):
            return None
        if not (spaced and not in_class and sign in " \t\r\n"):
            out.append(sign)
    return "".join(out)


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
    if sign and sign in "nrt\\|.?*+(){}-[]^$dDsSwW":
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
