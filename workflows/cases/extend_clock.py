"""`clock.extend`: a diagram extends a clock of its own run once people have agreed or approved.

Where a procedure has a step for an extension, that step is the one way: who may decide it is the
lane's, the paper is made by the diagram, and the clock follows in the same transaction. The act on
the clock itself (`clocks.extend`) asks for consents or an approval; this does not, because the
diagram has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.cases.clock_rows import Row, due_values, save_clocks
from workflows.cases.decision import Asked, LocalOperation
from workflows.cases.item_rows import due_of, save_items
from workflows.cases.platform import RunContext
from workflows.deadlines import RuleBook, check_extension
from workflows.errors import RuleError
from workflows.storage import Session


def clock_extend(session: Session, context: RunContext) -> LocalOperation:
    """The operation for one transaction. RuleError without such a clock, for a rule that is not
    extended, beyond its cap; then nothing has happened."""

    def extend(_asked: Asked, /, **parameters: Any) -> Mapping[str, Any]:
        key, days = str(parameters["rule"]), whole_days(parameters["days"])
        row = _newest(context, key)
        book = context.platform.rules(session)
        check_extension(book.rule(key, row["unit_code"]), days, already=row["extended_days"])
        # In place: the work items this act opens get their due date from the rows of the context.
        row.update(_extended(book, row, days))
        items = [item for item in context.items if item["clock_number"] == row["number"]]
        for item in items:
            item.update(due_of(row))
        save_clocks(session, [row])
        save_items(session, items)
        return {"due_on": row["due_on"].isoformat() if row["due_on"] else None}

    return extend


def whole_days(value: object) -> int:
    """Days as FEEL gives them. RuleError for part of a day and for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise RuleError("deadline.extension_too_small")
    return int(value)


def _newest(context: RunContext, rule: str) -> Row:
    """The clock of that rule that was opened last."""
    found = [row for row in context.clocks if row["rule"] == rule and row["is_open"]]
    if not found:
        raise RuleError("cases.no_clock_to_extend", rule=rule)
    return max(found, key=lambda row: int(row["number"]))


def _extended(book: RuleBook, row: Mapping[str, Any], days: int) -> Row:
    """What changes. A paused clock only remembers: it is counted when it goes on."""
    total = row["extended_days"] + days
    if row["status"] == "paused":
        return {"extended_days": total}
    spans = [
        (date.fromisoformat(first), date.fromisoformat(last)) for first, last, _ in row["excluded"]
    ]
    due = book.due(row["rule"], row["base"], row["unit_code"], excluded=spans, extended_days=total)
    return {**due_values(due), "extended_days": total}
