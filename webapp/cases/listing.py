"""The list of cases: its address, its query, its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from webapp.cases.page import State, case_states
from webapp.pages.layout import render_page
from webapp.security import current_actor, has_ability
from workflows.cases.queries.cases_list import CasesPage, CasesQuery
from workflows.cases.queries.records import CaseRow
from workflows.errors import InvalidInputError
from workflows.messages import Message

PAGE_SIZE = 30
MOST_WORDS = 100
STATUSES = ("", "open", "closed")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of the list says. Empty text: not filtered."""

    q: str = ""
    status: str = ""
    opened_from: str = ""
    opened_to: str = ""
    cursor: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the tab hides cases."""
        return bool(self.q or self.opened_from or self.opened_to)

    def url(self, **changes: str) -> str:
        """The address with some things changed."""
        wanted = replace(self, **changes)
        filled = {name: getattr(wanted, name) for name in self.__slots__ if getattr(wanted, name)}
        return url_for("cases.list_cases", **filled)


@dataclass(frozen=True, slots=True)
class Tab:
    """One state of cases; a link of its own."""

    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the template reads."""

    rows: tuple[CaseRow, ...]
    tabs: tuple[Tab, ...]
    states: dict[str, State]
    q: str
    status: str
    opened_from: str
    opened_to: str
    is_filtered: bool
    clear_url: str
    first_url: str | None
    next_url: str | None
    may_start: bool


def read_address(args: Mapping[str, str]) -> Address:
    """InvalidInputError for a state or date that does not exist."""
    status = args.get("status", "")
    if status not in STATUSES:
        raise InvalidInputError("web.unknown_choice", name=Message("web.field_status"))
    return Address(
        q=args.get("q", "").strip()[:MOST_WORDS],
        status=status,
        opened_from=_date_text(args.get("opened_from", "")),
        opened_to=_date_text(args.get("opened_to", "")),
        cursor=args.get("cursor", "")[:400],
    )


def to_query(address: Address) -> CasesQuery:
    """The question to the cases room."""
    return CasesQuery(
        q=address.q,
        status=address.status or None,
        opened_from=date.fromisoformat(address.opened_from) if address.opened_from else None,
        opened_to=date.fromisoformat(address.opened_to) if address.opened_to else None,
        cursor=address.cursor or None,
        page_size=PAGE_SIZE,
    )


def render(found: CasesPage, address: Address) -> str:
    """The whole page."""
    return render_page("cases/cases.html", page=show(found, address))


def show(found: CasesPage, address: Address) -> Shown:
    """The record in the words of the page."""
    names = {"": _("全部"), "open": _("办理中"), "closed": _("已办结")}
    tabs = tuple(
        Tab(names[key], address.url(status=key, cursor=""), key == address.status)
        for key in STATUSES
    )
    return Shown(
        rows=found.rows,
        tabs=tabs,
        states=case_states(),
        q=address.q,
        status=address.status,
        opened_from=address.opened_from,
        opened_to=address.opened_to,
        is_filtered=address.is_filtered,
        clear_url=Address(status=address.status).url(),
        first_url=address.url(cursor="") if address.cursor else None,
        next_url=address.url(cursor=found.next) if found.next else None,
        may_start=has_ability(current_actor(), "open_case"),
    )


def _date_text(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InvalidInputError("web.date_malformed") from error
