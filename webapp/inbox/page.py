"""An `InboxPage` record → what the inbox template shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.inbox.inputs import COLUMNS, Address, read_address
from webapp.pages.choices import Select, Tab
from webapp.pages.formats import titled
from webapp.pages.layout import render_page
from webapp.security import current_actor, has_ability
from workflows.cases.queries.records import InboxPage, InboxRow

MOST_COUNTED = 100
"""Counts stop here and read “99+”."""


@dataclass(frozen=True, slots=True)
class View:
    """One view of a tab: of everybody's, or a saved one, which has an id."""

    name: str
    url: str
    current: bool
    id: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list that can be shown or not."""

    key: str
    name: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one urgency."""

    name: str
    rows: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing, and one way on."""

    heading: str
    reason: str = ""
    url: str = ""
    way_on: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the template reads."""

    tab: str
    heading: str
    caption: str
    tabs: tuple[Tab, ...]
    views: tuple[View, ...]
    saved: View | None
    columns: tuple[Column, ...]
    kept: dict[str, str]
    view: str
    selects: tuple[Select, ...]
    q: str
    sort: str
    is_filtered: bool
    clear_url: str
    groups: tuple[Group, ...]
    range: str
    here: str
    first_url: str | None
    next_url: str | None
    empty: Empty
    may_start: bool


def render(found: InboxPage, address: Address) -> str:
    """The whole page."""
    return render_page("inbox/inbox.html", page=show(found, address))


def show(found: InboxPage, address: Address) -> Shown:
    """The record in the words of the page."""
    tabs = _tabs(found, address)
    current = next(tab for tab in tabs if tab.current)
    saved = _saved_views(found, address)
    kept = next((view for view in saved if view.current), None)
    return Shown(
        tab=address.tab,
        heading=_("%(tab)s（%(count)s）", tab=current.name, count=current.count),
        caption=_("%(tab)s，按期限由近到远", tab=current.name),
        tabs=tabs,
        views=(*_views(address, kept), *saved),
        saved=kept,
        columns=_columns(address),
        kept=address.kept(),
        view=address.view,
        selects=_selects(found, address),
        q=address.q,
        sort=address.sort,
        is_filtered=address.is_filtered,
        clear_url=inbox_url(Address(tab=address.tab)),
        groups=_groups(found.rows, address),
        range=ngettext("本页 %(num)s 件", "本页 %(num)s 件", len(found.rows)),
        here=inbox_url(address),
        first_url=inbox_url(address, cursor="") if address.cursor else None,
        next_url=inbox_url(address, cursor=found.next) if found.next else None,
        empty=_empty(found, address, current.name),
        may_start=has_ability(current_actor(), "open_case"),
    )


def inbox_url(address: Address, **changes: str) -> str:
    """The address of the list, with some parts changed."""
    return url_for("inbox.inbox", **address.parameters(**changes))


def _tabs(found: InboxPage, address: Address) -> tuple[Tab, ...]:
    kinds = (
        ("mine", _("我的待办"), "", ""),
        ("claimable", _("可认领"), "", ""),
        ("soon", _("即将到期"), "soon", "soon"),
        ("over", _("已逾期"), "over", "over"),
    )
    return tuple(
        Tab(
            name=name,
            url=inbox_url(Address(tab=key, columns=address.columns)),
            count=_count(found.counts.get(key, 0)),
            current=key == address.tab,
            icon=icon,
            style=style if found.counts.get(key) else "",
        )
        for key, name, icon, style in kinds
    )


def _count(number: int) -> str:
    return "99+" if number >= MOST_COUNTED else str(number)


def _views(address: Address, kept: View | None) -> tuple[View, ...]:
    names = (("", _("全部")), ("today", _("今天到期")), ("week", _("本周到期")))
    return tuple(
        View(name, inbox_url(address, view=key, cursor=""), not kept and key == address.view)
        for key, name in names
    )


def _saved_views(found: InboxPage, address: Address) -> tuple[View, ...]:
    return tuple(
        View(
            name=one.name,
            url=inbox_url(read_address(one.address)),
            current=one.address == address.kept(),
            id=one.id,
            is_first=one.is_first,
        )
        for one in found.views
    )


def _columns(address: Address) -> tuple[Column, ...]:
    names = {
        "parties": _("当事人"),
        "stage": _("阶段"),
        "due": _("期限"),
        "owner": _("承办人"),
        "unit": _("单位"),
        "role": _("岗位"),
    }
    shown = address.columns.split(",")
    return tuple(Column(key, names[key], key in shown) for key in COLUMNS)


def _selects(found: InboxPage, address: Address) -> tuple[Select, ...]:
    kinds = tuple((key, titled(title)) for key, title in found.kinds)
    stages = tuple((key, titled(title)) for key, title in found.stages)
    orders = (
        ("due_at", _("期限近的在前")),
        ("created_at", _("新来的在前")),
        ("priority", _("要紧的在前")),
    )
    selects = [
        Select("kind", _("纠纷类型"), address.kind, (("", _("纠纷类型：全部")), *kinds)),
        Select("stage", _("阶段"), address.stage, (("", _("阶段：全部")), *stages)),
        Select("sort", _("排序"), address.sort, orders),
    ]
    return tuple(select for select in selects if len(select.options) > 1 or select.value)


def _groups(rows: tuple[InboxRow, ...], address: Address) -> tuple[Group, ...]:
    """By urgency, in the order of the list; sorted otherwise there is one group."""
    if address.sort != "due_at":
        return (Group(_("全部"), rows),) if rows else ()
    names = {
        "over": _("已逾期"),
        "soon": _("快到期"),
        "later": _("以后"),
        "paused": _("计时已暂停"),
    }
    sorted_rows = {key: tuple(row for row in rows if _urgency(row) == key) for key in names}
    return tuple(Group(names[key], found) for key, found in sorted_rows.items() if found)


def _urgency(row: InboxRow) -> str:
    if row.clock is not None and row.clock.state == "paused":
        return "paused"
    return row.group


def _empty(found: InboxPage, address: Address, tab: str) -> Empty:
    if address.is_filtered:
        total = found.counts.get(address.tab, 0)
        reason = ngettext(
            "“%(tab)s”里有 %(num)s 件，都不合现在的筛选。",
            "“%(tab)s”里有 %(num)s 件，都不合现在的筛选。",
            total,
            tab=tab,
        )
        clear = inbox_url(Address(tab=address.tab))
        return Empty(_("没有合条件的待办"), reason, clear, _("清除筛选"))
    headings = {
        "mine": _("今天的待办都办完了"),
        "claimable": _("现在没有可认领的待办"),
        "soon": _("没有快到期的待办"),
        "over": _("没有逾期的待办"),
    }
    claimable = found.counts.get("claimable", 0)
    if address.tab != "claimable" and claimable:
        reason = ngettext("还有 %(num)s 件可以认领。", "还有 %(num)s 件可以认领。", claimable)
        where = inbox_url(Address(tab="claimable"))
        return Empty(headings[address.tab], reason, where, _("看看可认领的"))
    return Empty(headings[address.tab])
