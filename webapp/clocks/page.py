"""A `ClockBoard` record → what the template shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.clocks.inputs import Address
from webapp.pages.choices import Select, Tab
from webapp.pages.clocks import pause_words
from webapp.pages.formats import titled
from webapp.pages.layout import render_page
from webapp.pages.reference import unit_name
from webapp.security import current_actor
from workflows.cases.queries.clock_board import AGES, MOST_COUNTED, BoardRow, ClockBoard
from workflows.cases.queries.records import Titles

STYLES = {"over": ("over", "over"), "today": ("soon", "soon"), "near": ("", "soon")}
"""Age → (icon, style) of its tab."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one age."""

    name: str
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the template reads."""

    tabs: tuple[Tab, ...]
    selects: tuple[Select, ...]
    groups: tuple[Group, ...]
    age: str
    hint: str
    is_filtered: bool
    clear_url: str
    first_url: str | None
    next_url: str | None
    count: int


def names() -> dict[str, str]:
    """The ages in words."""
    return {
        "over": _("已逾期"),
        "today": _("今天到期"),
        "near": _("三个工作日内"),
        "week": _("一周内"),
        "later": _("一周以后"),
        "paused": _("已暂停"),
        "unsure": _("日期待定"),
    }


def render(found: ClockBoard, address: Address) -> str:
    """The whole page."""
    return render_page("clocks/clocks.html", page=show(found, address), pause_words=pause_words)


def show(found: ClockBoard, address: Address) -> Shown:
    """The record in the words of the page."""
    return Shown(
        tabs=_tabs(found, address),
        selects=_selects(found, address),
        groups=_groups(found),
        age=address.age,
        hint=_hint(address.age),
        is_filtered=address.is_filtered,
        clear_url=Address(age=address.age).url(),
        first_url=address.url(cursor="") if address.cursor else None,
        next_url=address.url(cursor=found.next) if found.next else None,
        count=len(found.rows),
    )


def _tabs(found: ClockBoard, address: Address) -> tuple[Tab, ...]:
    words = names()
    every = Tab(_("全部"), address.url(age="", cursor=""), "", not address.age)
    return (
        every,
        *(
            Tab(
                words[age],
                address.url(age=age, cursor=""),
                _count(found.counts[age]),
                age == address.age,
                *(STYLES.get(age, ("", "")) if found.counts[age] else ("", "")),
            )
            for age in AGES
        ),
    )


def _count(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _groups(found: ClockBoard) -> tuple[Group, ...]:
    """Rows of one age stand together, the most pressing first."""
    words, by_age = names(), dict[str, list[BoardRow]]()
    for row in found.rows:
        by_age.setdefault(row.age, []).append(row)
    return tuple(Group(words[age], tuple(by_age[age])) for age in AGES if age in by_age)


def _selects(found: ClockBoard, address: Address) -> tuple[Select, ...]:
    units = {row.unit: row.unit_name for row in found.rows}
    units |= {post.unit: unit_name(post.unit) for post in current_actor().posts}
    if address.unit:
        units.setdefault(address.unit, unit_name(address.unit))
    return (
        _select("rule", _("期限种类"), _("全部期限"), address.rule, found.rules),
        _select("process", _("流程"), _("全部流程"), address.process, found.processes),
        Select(
            "unit",
            _("单位"),
            address.unit,
            (("", _("全部单位")), *sorted(units.items(), key=lambda one: one[0])),
        ),
        _select("kind", _("纠纷类型"), _("全部类型"), address.kind, found.kinds),
    )


def _select(
    name: str, label: str, everything: str, value: str, choices: tuple[tuple[str, Titles], ...]
) -> Select:
    options = [(key, titled(title)) for key, title in choices]
    if value and value not in dict(options):
        options.append((value, value))
    return Select(name, label, value, (("", everything), *options))


def _hint(age: str) -> str:
    if age == "unsure":
        return _("这些期限还没有定准：所在年份的节假日安排尚未录入，录入后会重新推算。")
    if age == "paused":
        return _("暂停的期限不走，恢复后到期日顺延。")
    return ""
