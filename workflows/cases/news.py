"""What an act or a clock means for those who have or had a work item: rows → news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workflows.cases.tables import NORMAL
from workflows.notices.tell import News
from workflows.storage import Actor

Row = Mapping[str, Any]


def given(rows: Iterable[Row], actor: Actor, at: datetime) -> list[News]:
    """Rows as they are after an act: whoever has one now, and did not act, was given work."""
    return [_news("assigned", row, row["assignee"], at) for row in rows if _is_others(row, actor)]


def taken(before: Row, after: Row, actor: Actor, at: datetime) -> list[News]:
    """Who had the item before and has it no more, unless they gave it away themselves."""
    if not _is_others(before, actor) or after["assignee"] == before["assignee"]:
        return []
    return [_news("taken", after, before["assignee"], at)]


def reminded(kind: str, row: Row, at: datetime) -> News:
    """`soon` or `over`: what the clock of an item says to who has it, once for each due moment."""
    return _news(kind, row, row["assignee"], at, round_=int(row["due_at"].timestamp()))


def _is_others(row: Row, actor: Actor) -> bool:
    return bool(row["assignee"]) and row["assignee"] != actor.username


def _news(kind: str, row: Row, username: str, at: datetime, *, round_: int | None = None) -> News:
    return News(
        kind=kind,
        username=username,
        run_id=row["run_id"],
        number=row["number"],
        round=row["revision"] if round_ is None else round_,
        case_number=row["case_number"],
        title=row["title"] if row["access_class"] == NORMAL else None,
        role=row["role"],
        unit_code=row["unit_code"],
        at=at,
    )
