"""The page that says why each decision of a case came out as it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.queries.decided import DecidedView, Said, load_decided
from workflows.decisions import SheetRule

ANYTHING = "-"
"""What a cell says that takes any value."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One input of a decision: what was there, and what each rule asks for."""

    label: str
    found: str
    wanted: tuple[str, ...]


def render(case: str) -> str:
    """All decisions of a case, newest first."""
    page = load_decided(platform(), current_actor(), case)
    return render_page("cases/decided.html", page=page, reasons=reasons, said=said)


def reasons(view: DecidedView) -> tuple[Reason, ...]:
    """Everything the decision looked at, and what the rules that matched ask of it."""
    wanted = tuple(_wanted(view.rules)) or ((),) * len(view.inputs)
    return tuple(
        Reason(label, said(value), texts)
        for (label, value), texts in zip(view.inputs, wanted, strict=True)
    )


def said(value: Said) -> str:
    """A value in the reader's language."""
    return value if isinstance(value, str) else spoken(value)


def _wanted(rules: tuple[SheetRule, ...]) -> Iterator[tuple[str, ...]]:
    """Column by column: the different things the rules ask for."""
    for cells in zip(*(rule.tests for rule in rules), strict=True):
        yield tuple(dict.fromkeys(cell for cell in cells if cell != ANYTHING))
