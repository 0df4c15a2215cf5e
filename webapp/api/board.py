"""The board of clocks for programs: what is asked, what is answered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from webapp.api import answers
from webapp.api.fields import Asked, Cursor, Name, PageSize
from webapp.api.shapes import Clock
from workflows.cases.queries.clock_board import BoardRow, ClockBoard, ClockBoardQuery

Age = Literal["over", "today", "near", "week", "later", "paused", "unsure"]


class FindClocks(Asked):
    """Which running clocks."""

    age: Age | None = None
    rule: Name | None = None
    process: Name | None = None
    unit: Name | None = None
    kind: Name | None = None
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> ClockBoardQuery:
        """The question to the cases room."""
        return ClockBoardQuery(**self.model_dump())


class BoardClock(Clock):
    age: Age
    case: str | None
    number: str
    case_title: str | None
    process: str
    unit: str
    extended_days: int
    paused_for: str | None
    paused_on: date | None


class ClockCounts(TypedDict):
    over: int
    today: int
    near: int
    week: int
    later: int
    paused: int
    unsure: int


class ClockList(TypedDict):
    items: list[BoardClock]
    next: str | None
    counts: ClockCounts


def listed(board: ClockBoard) -> ClockList:
    """One page of the board; counts stop at 100."""
    return {
        "items": [_clock(row) for row in board.rows],
        "next": board.next,
        "counts": dict(board.counts),  # type: ignore[typeddict-item]
    }


def _clock(row: BoardRow) -> BoardClock:
    return {
        **answers.clock(row.clock),
        "age": row.age,  # type: ignore[typeddict-item]
        "case": row.case,
        "number": row.number,
        "case_title": row.title or None,
        "process": row.process,
        "unit": row.unit,
        "extended_days": row.extended_days,
        "paused_for": row.paused_for,
        "paused_on": row.paused_on,
    }
