"""A due date and its reasons as plain lines, for the command line and for mails."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.deadlines.book import RuleBook
from workflows.deadlines.compute import DueStatus
from workflows.messages import LANGUAGES, Message, say


@dataclass(frozen=True, slots=True)
class Explanation:
    """`lines`: first the ISO due date and “final” or “provisional”, then why.

    Where no date can be given `found` is False and no line holds a due date.
    """

    lines: tuple[str, ...]
    found: bool


def explain(
    book: RuleBook,
    rule_key: str,
    base: str,
    *,
    unit: str | None = None,
    language: str = LANGUAGES[0],
) -> Explanation:
    """Why a limit that starts on `base` (ISO) ends when it ends.

    Raises InvalidInputError for an unknown rule or a malformed base.
    """
    due = book.due(rule_key, base, unit)
    reasons = [say(step, language) for step in due.steps]
    if due.status is DueStatus.UNCOMPUTABLE or due.on is None:
        return Explanation(tuple(reasons), found=False)
    code = "deadline.explain.calendar" if due.calendar_version else "deadline.explain.no_calendar"
    versions = {"rule": due.rule_version, "calendar": due.calendar_version}
    lines = [f"{due.on.isoformat()} {due.status}", *reasons, say(Message(code, versions), language)]
    return Explanation(tuple(lines), found=True)
