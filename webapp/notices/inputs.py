"""Addresses and forms of the notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.cases.queries.notices import NoticesQuery
from workflows.errors import InvalidInputError

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a page of notices says."""

    unread: bool = False
    cursor: str = ""

    def query(self) -> NoticesQuery:
        """The question to the cases room."""
        return NoticesQuery(self.unread, self.cursor or None, PAGE_SIZE)


def read_address(args: Mapping[str, str]) -> Address:
    """Whatever was asked; a malformed cursor is refused where it is used."""
    return Address(args.get("unread", "") == "1", args.get("cursor", "")[:400])


def read_until(form: Mapping[str, str]) -> datetime:
    """When the page was made whose notices are marked read; InvalidInputError for nonsense."""
    try:
        until = datetime.fromisoformat(form.get("until", ""))
    except ValueError as error:
        raise InvalidInputError("web.bad_request") from error
    if until.tzinfo is None:
        raise InvalidInputError("web.bad_request")
    return until
