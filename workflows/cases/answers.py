"""Results as JSON and back, so that a repeated request gets the very answer of the first one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from workflows.cases.queries.records import ClockView, InboxRow
from workflows.cases.sealing import message_from_json, message_to_json

_DAYS = ("due_on",)
_INSTANTS = ("due_at",)


def row_to_json(row: InboxRow) -> dict[str, Any]:
    """A work item as plain data."""
    data = _shallow(row)
    if row.clock is not None:
        data["clock"] = clock_to_json(row.clock)
    return data


def row_from_json(data: Mapping[str, Any]) -> InboxRow:
    """The work item `row_to_json` wrote, after JSON."""
    clock = data["clock"]
    return InboxRow(
        **{
            **_dated(data),
            "parties": tuple(data["parties"]),
            "may": tuple(data["may"]),
            "clock": None if clock is None else clock_from_json(clock),
        }
    )


def _shallow(record: InboxRow | ClockView) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def clock_to_json(view: ClockView) -> dict[str, Any]:
    """A clock as plain data."""
    return {**_shallow(view), "steps": [message_to_json(step) for step in view.steps]}


def clock_from_json(data: Mapping[str, Any]) -> ClockView:
    """The clock `clock_to_json` wrote, after JSON."""
    return ClockView(
        **{
            **_dated(data),
            "excluded": tuple(
                (date.fromisoformat(first), date.fromisoformat(last), why)
                for first, last, why in data["excluded"]
            ),
            "steps": tuple(message_from_json(step) for step in data["steps"]),
            "may": tuple(data["may"]),
        }
    )


def _dated(data: Mapping[str, Any]) -> dict[str, Any]:
    read = {name: date.fromisoformat for name in _DAYS}
    read |= {name: datetime.fromisoformat for name in _INSTANTS}
    return {
        name: read[name](value) if name in read and value is not None else value
        for name, value in data.items()
    }
