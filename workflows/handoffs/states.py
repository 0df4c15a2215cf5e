"""What a handoff can be, and what an answer makes of it. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a handoff stands. Values are stored: never rename."""

    SENT = "sent"
    RECEIVED = "received"
    """The other side has its case; nobody there has said anything yet."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """Refused, or given back with the materials."""
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """The sender has gone on without it."""
    DEAD = "dead"
    """Could not be delivered, or its answer could not; waits for a person."""


ENDED = frozenset({State.DECLINED, State.ANSWERED, State.WITHDRAWN})
"""States after which the other side has nothing more to say."""
LIVE = frozenset({State.SENT, State.RECEIVED, State.ACCEPTED})

WORDS = {
    "accepted": State.ACCEPTED,
    "declined": State.DECLINED,
    "returned": State.DECLINED,
}
"""Outcomes every package shares; any other outcome is an answer in the packages' own words."""


def after(outcome: str) -> State:
    """The state an outcome brings."""
    return WORDS.get(outcome, State.ANSWERED)
