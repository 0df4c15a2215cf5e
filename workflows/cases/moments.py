"""When an act took place, by the officer's word."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.errors import InvalidInputError, RuleError

LATE = timedelta(days=3)
"""An act entered later than this needs a reason."""

SKEW = timedelta(minutes=1)
"""How far a desk's clock may run ahead of ours."""


def check_occurred_at(
    occurred_at: datetime | None, now: datetime, reason: str | None
) -> datetime | None:
    """The moment of the act, None for “now”. Raises RuleError for the future, or for an act more
    than three days ago without a reason; InvalidInputError for a time without an offset."""
    if occurred_at is None:
        return None
    if occurred_at.tzinfo is None:
        raise InvalidInputError("cases.occurred_naive")
    if occurred_at > now + SKEW:
        raise RuleError("cases.occurred_in_future")
    if occurred_at < now - LATE and not (reason or "").strip():
        raise RuleError("cases.occurred_long_ago")
    return min(occurred_at, now)


def check_reason(reason: str) -> str:
    """The reason of a command, trimmed. Raises RuleError if it is empty."""
    text = reason.strip()
    if not text:
        raise RuleError("cases.reason_missing")
    return text[:2000]
