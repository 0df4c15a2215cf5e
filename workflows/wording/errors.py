"""The one error of this room."""

from __future__ import annotations

from workflows.errors import FengqiaoError
from workflows.messages import Message


class WordingError(FengqiaoError):
    """A text cannot be read or filled in; nothing was written.

    `line` counts from 1 in the template, also where the mistake is inside an expression that goes
    over several lines.
    """

    def __init__(self, line: int, message: Message) -> None:
        self.line = line
        super().__init__(message.code, **message.params)

    def __str__(self) -> str:
        return f"{self.line}: {super().__str__()}"


def fault(line: int, code: str, /, **params: object) -> WordingError:
    """The error `wording.<code>` at a line of the template."""
    return WordingError(line, Message(f"wording.{code}", params))
