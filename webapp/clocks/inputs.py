"""The address of the board: what is shown and from where on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from flask import url_for

from webapp.security import check_text
from workflows.cases.queries.clock_board import AGES, ClockBoardQuery
from workflows.errors import InvalidInputError
from workflows.messages import Message

PAGE_SIZE = 50
LONGEST_WORD = 64
FILTERS = ("rule", "process", "unit", "kind")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address says. Empty text: not filtered."""

    age: str = ""
    rule: str = ""
    process: str = ""
    unit: str = ""
    kind: str = ""
    cursor: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the tab hides clocks."""
        return any(getattr(self, name) for name in FILTERS)

    def url(self, **changes: str) -> str:
        """The address with some things changed, without what is empty."""
        wanted = replace(self, **changes)
        filled = {one.name: getattr(wanted, one.name) for one in fields(Address)}
        return url_for("clocks.clocks", **{name: value for name, value in filled.items() if value})

    def query(self) -> ClockBoardQuery:
        """The question to the cases room."""
        return ClockBoardQuery(
            age=self.age or None,
            rule=self.rule or None,
            process=self.process or None,
            unit=self.unit or None,
            kind=self.kind or None,
            cursor=self.cursor or None,
            page_size=PAGE_SIZE,
        )


def read_address(args: Mapping[str, str]) -> Address:
    """InvalidInputError for an age that does not exist."""
    age = args.get("age", "")
    if age not in ("", *AGES):
        raise InvalidInputError("web.unknown_choice", name=Message("cases.filter_age"))
    words = {name: check_text(args.get(name, ""))[:LONGEST_WORD] for name in FILTERS}
    return Address(age=age, cursor=args.get("cursor", "")[:400], **words)
