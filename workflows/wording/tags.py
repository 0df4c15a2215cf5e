"""Text → tags and the literal text between them.

`{{ FEEL }}` prints; `{% … %}` directs. The end of a tag is looked for outside FEEL strings, and
for `}}` also outside FEEL contexts, so `{{ "}}" }}` and `{{ {a: {b: 1}}.a.b }}` are read right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workflows.wording.errors import fault
from workflows.wording.limits import MAX_TAGS, MAX_TEXT

_OPENING = re.compile(r"\{\{|\{%")
_SIGN = re.compile(r'"|\{|\}\}|\}|%\}')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BLANK_BEHIND = re.compile(r"[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Tag:
    """One piece of a template.

    `text`: literal text as it stands, or what is inside a tag. `line`: where `text` begins,
    counted from 1.
    """

    kind: Literal["text", "print", "block"]
    text: str
    line: int


def read_tags(text: str) -> Iterator[Tag]:
    """All pieces in order. WordingError: `unclosed_tag`, `limit_text`, `limit_tags`.

    A block tag alone on its line takes the whole line with it.
    """
    if len(text) > MAX_TEXT:
        raise fault(1, "limit_text", limit=MAX_TEXT)
    offset, line, count = 0, 1, 0
    while (opening := _OPENING.search(text, offset)) is not None:
        count += 1
        at = line + text.count("\n", offset, opening.start())
        if count > MAX_TAGS:
            raise fault(at, "limit_tags", limit=MAX_TAGS)
        block = opening.group() == "{%"
        inner_end, end = _end_of_tag(text, opening.end(), block, at)
        start = opening.start()
        behind = end
        if block:
            start, behind = _whole_line(text, offset, start, end)
        if start > offset:
            yield Tag("text", text[offset:start], line)
        yield Tag("block" if block else "print", text[opening.end() : inner_end], at)
        line = at + text.count("\n", opening.start(), behind)
        offset = behind
    if offset < len(text):
        yield Tag("text", text[offset:], line)


def _end_of_tag(text: str, offset: int, block: bool, line: int) -> tuple[int, int]:
    """(end of what is inside, offset behind the closing sign)."""
    depth = 0
    while (sign := _SIGN.search(text, offset)) is not None:
        found = sign.group()
        offset = sign.end()
        if found == '"':
            string = _STRING.match(text, sign.start())
            if string is None:
                break
            offset = string.end()
        elif found == "{":
            depth += 1
        elif found == "%}":
            if block:
                return sign.start(), offset
            offset = sign.start() + 1
        elif depth:
            depth -= 1
            offset = sign.start() + 1
        elif found == "}}" and not block:
            return sign.start(), offset
    raise fault(line, "unclosed_tag", sign="%}" if block else "}}")


def _whole_line(text: str, offset: int, start: int, end: int) -> tuple[int, int]:
    """The block tag from `start` to `end`, widened to its line where nothing else stands there.

    `offset`: where the piece before it begins; text taken by an earlier tag is not looked at.
    """
    first = max(offset, text.rfind("\n", 0, start) + 1)
    opens_line = first == 0 or text[first - 1] == "\n"
    behind = _BLANK_BEHIND.match(text, end)
    if behind is None or not opens_line or text[first:start].strip(" \t"):
        return start, end
    return first, behind.end()
