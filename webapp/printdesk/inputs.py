"""Forms of the print desk → plain values."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.security import check_text
from workflows.printdesk.order import OrderPrint

MOST_SENT = 500
"""Ticked boxes that are read; the page shows fewer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was ticked and typed, to be shown again where it was wrong."""

    runs: tuple[str, ...]
    copies: str
    form: str = ""

    def command(self) -> OrderPrint:
        """The order; a number of copies that is none becomes one that is refused."""
        small = self.copies.isascii() and self.copies.isdigit() and len(self.copies) < 4
        return OrderPrint(self.runs, int(self.copies) if small else 0, self.form)


NOTHING = Wish((), "1")


def read_wish(form: MultiDict[str, str]) -> Wish:
    """InvalidInputError for text no database could keep."""
    runs = tuple(check_text(run) for run in form.getlist("run")[:MOST_SENT])
    copies = check_text(form.get("copies", "1").strip())[:20]
    return Wish(runs, copies, check_text(form.get("form", ""))[:40])
