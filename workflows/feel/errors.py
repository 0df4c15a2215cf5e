"""The one error of this room: a place in the text and a sentence not yet spoken."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

from workflows.errors import FengqiaoError
from workflows.messages import Message

At: TypeAlias = tuple[int, int]
"""Line and column in the expression's text, both counted from 1."""

START: At = (1, 1)
_LINE_END = re.compile("\n")


class FeelError(FengqiaoError):
    """A text is not FEEL, names something unknown, or asked for more than the limits allow.

    `line` and `column` count from 1 within the text that was given. A value of the wrong kind is
    not an error: by DMN 1.5 §10.3.2 it gives null.
    """

    def __init__(self, line: int, column: int, message: Message) -> None:
        self.line = line
        self.column = column
        super().__init__(message.code, **message.params)

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {super().__str__()}"


def fault(at: At, code: str, /, **params: object) -> FeelError:
    """The error `feel.<code>` at a place in the text."""
    return FeelError(at[0], at[1], Message(f"feel.{code}", params))


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines of a text begin."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def place(starts: list[int], offset: int) -> At:
    """Line and column of a character offset in a text whose lines begin at `starts`."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
