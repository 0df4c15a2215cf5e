"""A clock in words: the chip, its date, and why that date. The six states of the design.

State travels as icon, shape and words together, never as colour alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.pages import formats
from workflows.cases.queries.records import ClockView

LOOKS = {
    "ok": ("ok", "clock"),
    "soon": ("soon", "soon"),
    "over": ("over", "over"),
    "paused": ("paused", "pause"),
    "met": ("met", "ok"),
    "reached": ("met", "ok"),
    "missed": ("none", "bad"),
    "closed": ("none", "minus"),
    "none": ("none", "help"),
}
"""Clock state → (style, icon)."""
LONG_DAYS = 366
"""From here on the time left is said in years and months."""


@dataclass(frozen=True, slots=True)
class Chip:
    """What the page shows of one clock. `due` and `why` may be empty."""

    style: str
    icon: str
    words: str
    due: str
    due_iso: str
    why: str


def chip(
    clock: ClockView, today: date, is_swapped: Callable[[date], bool] = lambda _on: False
) -> Chip:
    """The chip of one clock as read on `today` (Shanghai). `is_swapped`: a worked weekend."""
    style, icon = LOOKS[clock.state]
    return Chip(
        style=style,
        icon=icon,
        words=words(clock, today),
        due=_due(clock, today, is_swapped),
        due_iso=clock.due_on.isoformat() if clock.due_on else "",
        why=formats.titled(clock.article),
    )


def words(clock: ClockView, today: date) -> str:
    """还剩 12 天 · 今天到期 · 逾期 3 天 · 已暂停 · 鉴定 · 按期完成."""
    fixed = {
        "met": lambda: _("按期完成"),
        "reached": lambda: _("时间已到"),
        "missed": lambda: _("到期未办完"),
        "closed": lambda: _("不再计时"),
        "none": lambda: _("算不出到期日"),
    }
    if clock.state in fixed:
        return fixed[clock.state]()
    if clock.state == "paused":
        return _paused(clock)
    return _remaining(clock, today)


def _paused(clock: ClockView) -> str:
    reason = pause_words(clock.excluded[-1][2]) if clock.excluded else ""
    return _("已暂停 · %(reason)s", reason=reason) if reason else _("已暂停")


def pause_words(why: str) -> str:
    """A rule's reason for a pause; another word is shown as it is."""
    return {"appraisal": _("鉴定"), "hearing": _("听证")}.get(why, why)


def _remaining(clock: ClockView, today: date) -> str:
    left = clock.left
    if left is None or clock.due_on is None:
        return _("没有到期日")
    if left < 0:
        return _days(-left, clock.unit, late=True)
    if clock.due_on == today:
        return _("今天到期")
    if left == 1 and clock.unit != "wd" and (clock.due_on - today).days == 1:
        return _("明天到期")
    if left >= LONG_DAYS and clock.unit != "wd":
        return _("还剩 %(years)s 年 %(months)s 个月", **_years_months(today, clock.due_on))
    return _days(left, clock.unit, late=False)


def _days(count: int, unit: str, *, late: bool) -> str:
    if unit == "wd":
        if late:
            return ngettext("逾期 %(num)s 个工作日", "逾期 %(num)s 个工作日", count)
        return ngettext("还剩 %(num)s 个工作日", "还剩 %(num)s 个工作日", count)
    if late:
        return ngettext("逾期 %(num)s 天", "逾期 %(num)s 天", count)
    return ngettext("还剩 %(num)s 天", "还剩 %(num)s 天", count)


def _years_months(start: date, end: date) -> dict[str, int]:
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return {"years": months // 12, "months": months % 12}


def _due(clock: ClockView, today: date, is_swapped: Callable[[date], bool]) -> str:
    if clock.state == "paused":
        return _("到期日顺延")
    if clock.due_on is None:
        return ""
    words = formats.day(clock.due_on, today, swapped=is_swapped(clock.due_on))
    return _("%(day)s（暂定）", day=words) if clock.status == "provisional" else words


def share(clock: ClockView) -> int | None:
    """How much of the clock is used, 0 to 100; None where that cannot be said."""
    if clock.used_share is None:
        return None
    return max(0, min(100, round(clock.used_share * 100)))


def opened_on(base: str) -> date | None:
    """The day a clock counts from; its base is a date or a date-time."""
    try:
        return date.fromisoformat(base[:10]) if "T" not in base else _local_day(base)
    except ValueError:
        return None


def _local_day(base: str) -> date:
    return formats.local(datetime.fromisoformat(base)).date()
