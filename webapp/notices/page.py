"""A page of notices → what the template shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from webapp.notices.inputs import Address
from webapp.pages.formats import local
from webapp.pages.layout import render_page
from workflows.cases.queries.notices import NoticesPage, NoticeView


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of notice looks: icon, style of its tag, and what happened."""

    icon: str
    style: str
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """What was told on one day, newest first."""

    on: date
    rows: tuple[NoticeView, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the template reads."""

    days: tuple[Day, ...]
    kinds: dict[str, Kind]
    tabs: tuple[tuple[str, str, bool, str], ...]
    """(name, address, whether it is this page, count or "")."""
    unread: int
    first_url: str | None
    next_url: str | None
    only_unread: bool


def render(found: NoticesPage, address: Address) -> str:
    """The whole page."""
    return render_page("notices/notices.html", page=show(found, address))


def show(found: NoticesPage, address: Address) -> Shown:
    """The record in the words of the page."""
    count = "99+" if found.unread > 99 else str(found.unread)
    tabs = (
        (_("全部通知"), url_for("notices.notices"), not address.unread, ""),
        (_("未读"), url_for("notices.notices", unread=1), address.unread, count),
    )
    return Shown(
        days=tuple(
            Day(on, tuple(rows))
            for on, rows in groupby(found.rows, lambda row: local(row.at).date())
        ),
        kinds=_kinds(),
        tabs=tabs,
        unread=found.unread,
        first_url=_url(address, None) if address.cursor else None,
        next_url=_url(address, found.next) if found.next else None,
        only_unread=address.unread,
    )


def _url(address: Address, cursor: str | None) -> str:
    unread = 1 if address.unread else None
    return url_for("notices.notices", unread=unread, cursor=cursor)


def _kinds() -> dict[str, Kind]:
    return {
        "assigned": Kind("inbox", "now", _("交给您办")),
        "taken": Kind("undo", "plain", _("不再由您办")),
        "soon": Kind("soon", "warn", _("快到期了")),
        "over": Kind("over", "bad", _("已经逾期")),
        "approval": Kind("users", "now", _("请您审核")),
        "approved": Kind("ok", "done", _("审核通过")),
        "doubt": Kind("over", "warn", _("签名有疑点")),
    }
