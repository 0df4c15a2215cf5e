"""Addresses and forms of the inbox → query and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from werkzeug.datastructures import ImmutableMultiDict

from webapp.security import check_text
from workflows.cases.queries.inbox import InboxQuery
from workflows.errors import InvalidInputError
from workflows.messages import Message

TABS = ("mine", "claimable", "soon", "over")
SORTS = ("due_at", "created_at", "priority")
VIEWS = ("today", "week")
COLUMNS = ("parties", "stage", "due", "owner", "unit", "role")
"""What a row may say besides the task and its case."""
USUAL = "parties,stage,due,owner"
PAGE_SIZE = 30
MOST_PICKED = 100
"""Rows of one bulk action; a page has fewer."""
MOST_WORDS = 100
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of an inbox page says. Empty text: not filtered."""

    tab: str = "mine"
    q: str = ""
    kind: str = ""
    stage: str = ""
    view: str = ""
    sort: str = "due_at"
    columns: str = USUAL
    cursor: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything is hidden that the tab alone would show."""
        return bool(self.q or self.kind or self.stage or self.view)

    def parameters(self, **changes: str) -> dict[str, str]:
        """The address as query parameters, without what is at its default. The tab is always
        there: a bare address is that of the first view."""
        wanted = replace(self, **changes)
        return {
            name: getattr(wanted, name)
            for name in (field.name for field in fields(Address))
            if name == "tab" or getattr(wanted, name) != getattr(Address(), name)
        }

    def kept(self) -> dict[str, str]:
        """What a saved view remembers: everything but the place in the list."""
        return self.parameters(cursor="")


def read_address(args: ImmutableMultiDict[str, str] | Mapping[str, str]) -> Address:
    """InvalidInputError for a tab, view, order or column that does not exist."""
    return Address(
        tab=_one_of(args, "tab", TABS, "mine"),
        q=args.get("q", "").strip()[:MOST_WORDS],
        kind=args.get("kind", "")[:60],
        stage=args.get("stage", "")[:60],
        view=_one_of(args, "view", ("", *VIEWS), ""),
        sort=_one_of(args, "sort", SORTS, "due_at"),
        columns=_columns(args),
        cursor=args.get("cursor", "")[:400],
    )


def _columns(args: ImmutableMultiDict[str, str] | Mapping[str, str]) -> str:
    """In the order of COLUMNS, divided by commas. Boxes of the form come one by one as `column`,
    with `columns` empty, so that none ticked is none shown."""
    ticked = args.getlist("column") if isinstance(args, ImmutableMultiDict) else []
    text = ",".join(ticked) if ticked else args.get("columns", USUAL)
    wanted = {name for name in text.split(",") if name}
    if not wanted <= set(COLUMNS):
        raise InvalidInputError("web.unknown_choice", name=Message("web.field_columns"))
    return ",".join(name for name in COLUMNS if name in wanted)


def to_query(address: Address, today: date) -> InboxQuery:
    """The question to the cases room. A week ends on Sunday."""
    before = {"today": today, "week": today + timedelta(days=6 - today.weekday())}
    return InboxQuery(
        tab=address.tab,
        q=address.q,
        kind=address.kind or None,
        stage=address.stage or None,
        due_before=before.get(address.view),
        sort=address.sort,
        cursor=address.cursor or None,
        page_size=PAGE_SIZE,
    )


def read_picked(form: ImmutableMultiDict[str, str]) -> tuple[str, ...]:
    """The picked work items, each once; InvalidInputError for none or too many."""
    picked = tuple(dict.fromkeys(check_text(item) for item in form.getlist("item")))
    if not picked or len(picked) > MOST_PICKED:
        raise InvalidInputError("web.choose_items")
    return picked


def read_action(form: Mapping[str, str]) -> str:
    """The act that needs nothing more: `claim`."""
    return _one_of(form, "action", ("claim",), "")


def read_reason(form: Mapping[str, str]) -> str:
    """Why; "" where nothing was written."""
    return check_text(form.get("reason", "").strip())[:LONGEST_REASON]


def read_revision(form: Mapping[str, str]) -> int:
    """The revision a button was drawn with."""
    text = form.get("revision", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInputError("web.bad_request")
    return int(text)


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = values.get(name, default)
    if value not in allowed:
        raise InvalidInputError("web.unknown_choice", name=Message(f"web.field_{name}"))
    return value
