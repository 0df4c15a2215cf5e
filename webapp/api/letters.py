"""Handoffs for programs: what calls send, what they are answered, and how records become it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.api.fields import Asked, Cursor, Id, Instant, Name, PageSize, Sent, Text
from webapp.pages.formats import spoken, titled
from workflows.handoffs.by_hand import RecordAnswer
from workflows.handoffs.queries.letters import LettersPage, LettersQuery, LetterView

HandoffState = Literal["sent", "received", "accepted", "declined", "answered", "withdrawn", "dead"]


class FindHandoffs(Asked):
    """Which handoffs."""

    box: Literal["in", "out", "dead"] = "in"
    handoff_state: HandoffState | None = None
    handoff_kind: Name | None = None
    order: Literal["newest", "oldest"] = "newest"
    cursor: Cursor | None = None
    page_size: PageSize = 50

    def query(self) -> LettersQuery:
        """The question to the handoffs room."""
        return LettersQuery(
            box=self.box,
            state=self.handoff_state,
            kind=self.handoff_kind,
            order=self.order,
            cursor=self.cursor,
            page_size=self.page_size,
        )


class HandoffAnswer(Sent):
    """An answer that came on paper."""

    outcome: Name
    reason: Name | None = None
    note: Text | None = None
    files: list[Id] = Field([], max_length=50)
    occurred_at: Instant | None = None
    late_reason: Text | None = None

    def command(self, handoff: str, key: str | None) -> RecordAnswer:
        """The use case's command."""
        return RecordAnswer(
            handoff=handoff,
            outcome=self.outcome,
            reason=self.reason or "",
            note=self.note or "",
            files=tuple(self.files),
            occurred_at=self.occurred_at,
            late_reason=self.late_reason,
            idempotency_key=key,
        )


class Handoff(TypedDict):
    id: str
    direction: Literal["in", "out"]
    kind: str
    title: str
    state: HandoffState
    outcome: str | None
    reason: str | None
    returns: int
    has_desk: bool
    other: str
    other_number: str | None
    case: str | None
    number: str
    problem: str | None
    sent_at: datetime
    received_at: datetime | None
    answered_at: datetime | None
    may: list[Literal["resend"]]


class HandoffList(TypedDict):
    items: list[Handoff]
    next: str | None


class HandoffMoved(TypedDict):
    state: HandoffState


def listed(page: LettersPage) -> HandoffList:
    """One page of handoffs."""
    return {"items": [_handoff(row) for row in page.rows], "next": page.next}


def _handoff(row: LetterView) -> Handoff:
    return {
        "id": row.id,
        "direction": row.direction,  # type: ignore[typeddict-item]
        "kind": row.kind,
        "title": titled(row.kind_title),
        "state": row.state,  # type: ignore[typeddict-item]
        "outcome": row.outcome,
        "reason": row.reason,
        "returns": row.returns,
        "has_desk": row.has_desk,
        "other": row.other,
        "other_number": row.other_number,
        "case": row.case,
        "number": row.number,
        "problem": spoken(row.problem) if row.problem else None,
        "sent_at": row.sent_at,
        "received_at": row.received_at,
        "answered_at": row.answered_at,
        "may": list(row.may),  # type: ignore[typeddict-item]
    }
