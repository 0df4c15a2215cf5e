"""Results as JSON and back, so that a repeated request gets the very answer of the first one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from workflows.cases.queries.records import ClockView, InboxRow
from workflows.cases.sealing import message_from_json, message_to_json
from workflows.cases.tables import NORMAL

_DAYS = ("due_on",)
_INSTANTS = ("due_at",)
_NAMELESS: Mapping[str, Any] = {"case_title": "", "parties": [], "instance_label": None}
"""What these fields hold where no name may be kept."""


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


def to_keep(answer: Any, access_class: str) -> Any:
    """What is kept of an answer for the request that may come again: of a restricted case no
    names."""
    return answer if access_class == NORMAL else without_names(answer)


def without_names(answer: Any) -> Any:
    """A kept answer without what the case and its people are called, at any depth: what stays of
    the answers about a restricted case."""
    if isinstance(answer, list):
        return [without_names(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    return {name: _NAMELESS.get(name, without_names(one)) for name, one in answer.items()}


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
