"""Script tasks: lines of `name = FEEL`, nothing else.

A line that begins with `//` is a comment. A statement goes on over lines as long as a bracket is
open. Names are single words: a name with spaces could not be told from a FEEL comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from workflows.errors import FengqiaoError

_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(?=\S)")
_TEXT_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]{}]')


class ScriptError(FengqiaoError):
    """A line is not `name = FEEL`. `line` counts from 1 within the script."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        super().__init__("engine.script_line", line=line, text=text.strip()[:80])


@dataclass(frozen=True, slots=True)
class Assignment:
    """One statement. `line`, `column`: where its expression begins, counted from 1."""

    name: str
    expression: str
    line: int
    column: int


@lru_cache(maxsize=1024)
def parse_script(text: str) -> tuple[Assignment, ...]:
    """All statements in order. ScriptError at the first line that is none."""
    found: list[Assignment] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or line.strip().startswith("//"):
            at += 1
            continue
        match = _ASSIGNMENT.match(line)
        if match is None:
            raise ScriptError(at + 1, line)
        first = at
        expression = line[match.end() :]
        while _depth(expression) > 0 and at + 1 < len(lines):
            at += 1
            expression += "\n" + lines[at]
        found.append(Assignment(match.group(1), expression, first + 1, match.end() + 1))
        at += 1
    return tuple(found)


def assigned_names(text: str) -> tuple[str, ...]:
    """Names a script writes, also of a script that has a broken line."""
    matches = (_ASSIGNMENT.match(line) for line in text.splitlines())
    return tuple(dict.fromkeys(m.group(1) for m in matches if m))


def _depth(expression: str) -> int:
    """Brackets that are still open, texts left out."""
    depth = 0
    for mark in _TEXT_OR_BRACKET.findall(expression):
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
    return depth
