"""A page of letters, and one letter → what the templates show."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.forms.shown import FileShown, Input
from webapp.handoffs.inputs import OUTCOMES, REMOVE, SCAN, Address
from webapp.handoffs.words import Tag, answer_states, boxes, outcomes, states
from webapp.pages.choices import Select
from webapp.pages.entries import Entry
from webapp.pages.formats import local, titled
from webapp.pages.layout import render_page
from webapp.pages.occurred import Occurred
from workflows.handoffs.queries.letters import LetterPage, LettersPage, LetterView
from workflows.handoffs.states import State


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in the list; `age`: how long ago it was sent."""

    letter: LetterView
    age: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the list's template reads. `tabs`: (name, address, whether it is this one)."""

    rows: tuple[Row, ...]
    tabs: tuple[tuple[str, str, bool], ...]
    states: dict[str, Tag]
    outcomes: dict[str, str]
    selects: tuple[Select, ...]
    kept: dict[str, str]
    box: str
    is_filtered: bool
    clear_url: str
    here: str
    first_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """Everything the letter's template reads. `entries`: of the form for a paper answer."""

    page: LetterPage
    age: str
    states: dict[str, Tag]
    answer_states: dict[str, Tag]
    outcomes: dict[str, str]
    entries: tuple[Entry, ...]
    scan: Input
    occurred: Occurred
    errors: tuple[tuple[str, str], ...]
    key: str


def render(found: LettersPage, address: Address) -> str:
    """The whole list."""
    return render_page("handoffs/letters.html", page=show(found, address))


def show(found: LettersPage, address: Address) -> Shown:
    """The record in the words of the page."""
    tags = states()
    return Shown(
        rows=tuple(Row(row, age(row.sent_at, found.now)) for row in found.rows),
        tabs=tuple(
            (name, Address(box=box).url(), box == address.box) for box, name in boxes().items()
        ),
        states=tags,
        outcomes=outcomes(),
        selects=_selects(found, address, tags),
        kept={"box": address.box} if address.box != "in" else {},
        box=address.box,
        is_filtered=address.is_filtered,
        clear_url=Address(box=address.box).url(),
        here=address.url(),
        first_url=address.url(cursor="") if address.cursor else None,
        next_url=address.url(cursor=found.next) if found.next else None,
    )


def age(sent_at: datetime, now: datetime) -> str:
    """How many local days ago."""
    days = (local(now).date() - local(sent_at).date()).days
    if days <= 0:
        return _("今天发出")
    return ngettext("%(num)s 天前发出", "%(num)s 天前发出", days)


def _selects(found: LettersPage, address: Address, tags: dict[str, Tag]) -> tuple[Select, ...]:
    kinds = {row.kind: titled(row.kind_title) for row in found.rows}
    if address.kind:
        kinds.setdefault(address.kind, address.kind)
    orders = (("newest", _("新的在前")), ("oldest", _("旧的在前")))
    listed = [("", _("全部状态")), *((str(state), tags[state].words) for state in State)]
    selects = [
        Select("kind", _("函件种类"), address.kind, (("", _("全部种类")), *kinds.items())),
        Select("order", _("排列"), address.order, orders),
    ]
    if address.box != "dead":
        selects.insert(0, Select("state", _("函件状态"), address.state, tuple(listed)))
    return tuple(selects)


def render_letter(
    found: LetterPage,
    entries: tuple[Entry, ...] | None = None,
    scans: tuple[str, ...] = (),
    occurred: Occurred | None = None,
    errors: tuple[tuple[str, str], ...] = (),
) -> str:
    """One letter; with what was typed and what is wrong where its answer was refused."""
    shown = ShownLetter(
        page=found,
        age=age(found.letter.sent_at, found.now),
        states=states(),
        answer_states=answer_states(),
        outcomes=outcomes(),
        entries=entries or answer_entries(),
        scan=scan_input(scans),
        occurred=occurred or Occurred(),
        errors=errors,
        key=secrets.token_urlsafe(12),
    )
    return render_page("handoffs/letter.html", shown=shown)


def answer_entries() -> tuple[Entry, ...]:
    """The inputs of a paper answer."""
    words = outcomes()
    options = (("", _("请选择")), *((value, words[value]) for value in OUTCOMES))
    return (
        Entry("outcome", _("对方怎么答复"), options=options),
        Entry("reason", _("原因"), optional=True, hint=_("对方写明的原因，几个字即可")),
        Entry("note", _("回函内容"), "longtext", optional=True, hint=_("摘要，流程图可以读到")),
    )


def scan_input(scans: tuple[str, ...]) -> Input:
    """Where scans are chosen, with those that are uploaded already."""
    uploaded = tuple(FileShown(one, _("扫描件"), None, f"{REMOVE}{one}") for one in scans)
    return Input(
        "files",
        SCAN,
        SCAN,
        _("回函扫描件"),
        optional=True,
        accept="application/pdf,image/*",
        multiple=True,
        files=uploaded,
    )


def letter_url(letter: str) -> str:
    """The page of one letter."""
    return url_for("handoffs.letter", letter=letter)
