"""Addresses and forms of the letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.pages import occurred
from webapp.security import check_text
from workflows.errors import InvalidInputError
from workflows.handoffs.by_hand import RecordAnswer
from workflows.handoffs.queries.letters import BOXES, ORDERS, LettersQuery
from workflows.handoffs.states import State
from workflows.messages import Message

PAGE_SIZE = 30
LONGEST_WORD = 60
LONGEST_NOTE = 1000
SCAN = "scan"
"""Name of the scans' field: ids of files; files themselves come as `scan.upload`."""
REMOVE = "remove:scan."
"""What the button beside a scan says without scripts, before the file's id."""
MOST_SCANS = 50
OUTCOMES = ("agreed", "failed", "accepted", "declined", "returned")
"""What the form of a paper answer offers."""


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of the list says. Empty text: not filtered."""

    box: str = "in"
    state: str = ""
    kind: str = ""
    order: str = "newest"
    cursor: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the tab hides letters."""
        return bool(self.state or self.kind)

    def url(self, **changes: str) -> str:
        """The address with some things changed, without what is at its default."""
        wanted = replace(self, **changes)
        usual = Address()
        names = [one.name for one in fields(Address)]
        filled = {n: getattr(wanted, n) for n in names if getattr(wanted, n) != getattr(usual, n)}
        return url_for("handoffs.letters", **filled)

    def query(self) -> LettersQuery:
        """The question to the handoffs room."""
        return LettersQuery(
            box=self.box,
            state=self.state or None,
            kind=self.kind or None,
            order=self.order,
            cursor=self.cursor or None,
            page_size=PAGE_SIZE,
        )


def read_address(args: Mapping[str, str]) -> Address:
    """InvalidInputError for a box, state or order that does not exist."""
    return Address(
        box=_one_of(args, "box", BOXES, "in"),
        state=_one_of(args, "state", ("", *State), ""),
        kind=check_text(args.get("kind", ""))[:LONGEST_WORD],
        order=_one_of(args, "order", ORDERS, "newest"),
        cursor=args.get("cursor", "")[:400],
    )


def read_number(args: Mapping[str, str]) -> str:
    """The number a letter carries, as scanned or typed; blanks and case do not matter."""
    return "".join(check_text(args.get("number", "")).split()).lower()[:40]


def read_scans(form: MultiDict[str, str]) -> tuple[str, ...]:
    """Ids of scans that are uploaded, without the one whose button was pressed."""
    action = form.get("_action", "")
    gone = action.removeprefix(REMOVE) if action.startswith(REMOVE) else ""
    ids = (check_text(one)[:40] for one in form.getlist(SCAN)[:MOST_SCANS])
    return tuple(dict.fromkeys(one for one in ids if one and one != gone))


def read_answer(
    letter: str, form: Mapping[str, str], files: tuple[str, ...], now: datetime
) -> RecordAnswer:
    """The answer that came on paper. InvalidInputError for a time that is none."""
    outcome = form.get("outcome", "")
    return RecordAnswer(
        handoff=letter,
        outcome=outcome if outcome in OUTCOMES else "",
        reason=check_text(form.get("reason", "").strip())[:LONGEST_WORD],
        note=check_text(form.get("note", "").strip())[:LONGEST_NOTE],
        files=files,
        occurred_at=occurred.read(form, now),
        late_reason=occurred.read_reason(form),
        idempotency_key=check_text(form.get("_key", ""))[:100] or None,
    )


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = values.get(name, default)
    if value not in allowed:
        raise InvalidInputError("web.unknown_choice", name=Message(f"handoffs.filter_{name}"))
    return value
