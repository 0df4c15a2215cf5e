"""The one error of this room, and places in a DMN file."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.errors import FengqiaoError
from workflows.feel import FeelError
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file.

    `element`: id of the nearest element that has one, "" for the file. `row`: rule of a table,
    `column`: its input and output columns in order; both counted from 1, None outside a table.
    """

    element: str = ""
    row: int | None = None
    column: int | None = None


class DecisionError(FengqiaoError):
    """A file is no usable DMN, or a decision cannot be made; nothing was written.

    `where`: the element and cell. `line`, `column`: place inside the FEEL text of that cell, None
    where the text is not the trouble.
    """

    def __init__(
        self,
        where: Where,
        message: Message,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.where = where
        self.line = line
        self.column = column
        super().__init__(message.code, **message.params)


def fault(where: Where, code: str, /, **params: object) -> DecisionError:
    """The error `decisions.<code>` at a place."""
    return DecisionError(where, Message(f"decisions.{code}", {"element": where.element, **params}))


def feel_fault(where: Where, error: FeelError) -> DecisionError:
    """What FEEL says, with the element and cell it said it of."""
    code = "expression" if where.row is None else "cell"
    params = {
        "element": where.element,
        "row": where.row,
        "cell": where.column,
        "line": error.line,
        "column": error.column,
        "reason": error.message,
    }
    return DecisionError(where, Message(f"decisions.{code}", params), error.line, error.column)
