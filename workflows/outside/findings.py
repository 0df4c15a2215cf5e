"""What can be said of a row, and of which it is worth telling why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflows.messages import Message


class Finding(StrEnum):
    """The first seven are found by matching; the others are how a row ended."""

    NEW = "new"
    """One case, which has no number there yet."""
    SAME = "same"
    """The case has this number already."""
    CONFLICT = "conflict"
    """The number or the case is bound to another one."""
    AMBIGUOUS = "ambiguous"
    """Cases that may be it; a person chooses."""
    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    """One case, whose references the actor may not write."""
    BAD = "bad"
    """The row itself is wrong."""
    LISTED = "listed"
    """The same row of an earlier file waits already or was put aside."""
    WRITTEN = "written"
    BY_HAND = "by_hand"
    DISMISSED = "dismissed"


FOUND = (
    Finding.NEW,
    Finding.SAME,
    Finding.CONFLICT,
    Finding.AMBIGUOUS,
    Finding.UNKNOWN,
    Finding.FORBIDDEN,
    Finding.BAD,
    Finding.LISTED,
)
STUCK = frozenset(
    {
        Finding.CONFLICT,
        Finding.AMBIGUOUS,
        Finding.UNKNOWN,
        Finding.FORBIDDEN,
        Finding.BAD,
    }
)
"""What waits for a person."""


@dataclass(frozen=True, slots=True)
class Match:
    """One row against the cases. `case_id`: of NEW, SAME, FORBIDDEN; `candidates`: of CONFLICT,
    AMBIGUOUS, the most likely first; `reason`: said beside the row."""

    finding: Finding
    reason: Message
    case_id: int | None = None
    candidates: tuple[int, ...] = ()
