"""When an act took place: the officer's word on a form, Shanghai time, else now.

Law knows the day of the act, not of the typing (see `docs/architecture.md`, Time).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from webapp.pages.formats import SHANGHAI
from webapp.security import check_text
from workflows.errors import InvalidInputError

DAY, TIME, REASON = "_occurred_on", "_occurred_at", "_late_reason"
NAMES = frozenset({DAY, TIME, REASON})


@dataclass(frozen=True, slots=True)
class Occurred:
    """The inputs as typed, and what is wrong with them."""

    day: str = ""
    time: str = ""
    reason: str = ""
    error: str = ""


def typed(form: Mapping[str, str], error: str = "") -> Occurred:
    """What was typed, for a page that returns."""
    return Occurred(form.get(DAY, "")[:10], form.get(TIME, "")[:8], read_reason(form) or "", error)


def read_reason(form: Mapping[str, str]) -> str | None:
    """Why the act is recorded late, None where nothing was written."""
    return check_text(form.get(REASON, "").strip())[:300] or None


def read(form: Mapping[str, str], now: datetime) -> datetime | None:
    """The aware moment that was typed; None when nothing was.

    A day without time: its end if it is over, now if it is today. InvalidInputError for text that
    is no day or time; whether the moment is allowed is for the cases room.
    """
    day, at = form.get(DAY, "").strip(), form.get(TIME, "").strip()
    if not day and not at:
        return None
    try:
        on = date.fromisoformat(day) if day else now.astimezone(SHANGHAI).date()
        clock = time.fromisoformat(at) if at else None
    except ValueError as error:
        raise InvalidInputError("web.date_malformed") from error
    if clock is not None:
        return datetime.combine(on, clock.replace(tzinfo=None), SHANGHAI)
    if on == now.astimezone(SHANGHAI).date():
        return now
    return datetime.combine(on, time(23, 59), SHANGHAI)
