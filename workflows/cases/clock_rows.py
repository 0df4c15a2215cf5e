"""Clocks as rows: what a decision opened and closed. The row alone knows the due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from workflows.cases.decision import ClockEnd, ClosedClock, NewClock
from workflows.cases.sealing import message_to_json
from workflows.cases.tables import FAR, ClockRow, Run
from workflows.deadlines import Due
from workflows.messages import Message
from workflows.storage import Session
from workflows.storage.upsert import upsert

Row = dict[str, Any]

ENDS = {ClockEnd.FIRED: "missed", ClockEnd.LEFT: "met", ClockEnd.CANCELLED: "cancelled"}
"""What the row keeps of how a clock ended."""


def new_clock(run: Run, clock: NewClock, at: datetime) -> Row:
    """The row of a clock that starts."""
    return {
        "run_id": run.id,
        "number": clock.number,
        "case_id": run.case_id,
        "unit_code": run.unit_code,
        "element": clock.element,
        "watches": clock.watches,
        "interrupting": int(clock.interrupting),
        "rule": clock.rule,
        "base": clock.base,
        "is_open": 1,
        **due_values(clock.due),
        "excluded": [],
        "extended_days": 0,
        "opened_at": at,
        "closed_at": None,
    }


def due_values(due: Due) -> Row:
    """The columns that follow from a computed due date."""
    at = due.at or FAR
    return {
        "status": str(due.status),
        "due_on": due.on,
        "due_at": at,
        "fires_at": at,
        "warn_at": [moment.isoformat() for moment in due.warn_at],
        "rolled": int(due.rolled),
        "steps": [message_to_json(step) for step in due.steps],
        "rule_version": due.rule_version,
        "calendar_version": due.calendar_version,
    }


def close_clock(row: Mapping[str, Any], closed: ClosedClock, at: datetime) -> Row:
    """The row of a clock that ended: missed if it fired, met if its act came first.

    A clock that only waits (a catch event, which watches itself) has come to its end as it should.
    """
    fired_as_meant = closed.end is ClockEnd.FIRED and row["watches"] == row["element"]
    status = "met" if fired_as_meant else ENDS[closed.end]
    return {**row, "status": status, "is_open": 0, "fires_at": FAR, "closed_at": at}


def save_clocks(session: Session, rows: Sequence[Row]) -> None:
    """Writes new and closed clocks: one statement."""
    upsert(session, ClockRow.__table__, rows)


def day_words(due_on: date | None, status: str) -> object:
    """A due day as records say it: one that can still move never as if it could not."""
    if due_on is None:
        return "—"
    day = due_on.isoformat()
    return Message("cases.provisional_day", {"day": day}) if status == "provisional" else day
