"""Calendar years and what a new one would change → what the templates show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from webapp.calendar.inputs import Sent
from webapp.pages.entries import Entry, filled
from webapp.pages.formats import spoken
from webapp.pages.layout import render_page
from workflows.cases.recount import Moved
from workflows.cases.tables import NORMAL
from workflows.deadlines.calendar import CalendarYear
from workflows.deadlines.calendar_text import LINES, TypedYear
from workflows.errors import FieldError

if TYPE_CHECKING:
    from webapp.calendar.acts import Desk

MOST_SHOWN = 200
"""Clocks that are listed; how many there are is said."""
NOTHING = Sent("", TypedYear("", "", ""))


@dataclass(frozen=True, slots=True)
class Known:
    """A year that is known. `unit`: name, "" for everybody's."""

    unit: str
    year: CalendarYear


@dataclass(frozen=True, slots=True)
class Wrong:
    """A complaint about one line of the text."""

    line: int
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that changes. `before`, `after`: rest | work | "" (what its weekday says)."""

    day: date
    before: str
    after: str
    name: str


def render_years(desk: Desk, sent: Sent = NOTHING, errors: Sequence[FieldError] = ()) -> str:
    """What is known, and the form; with what is wrong where it was refused."""
    names = dict(desk.units)
    known = [
        Known(names.get(unit, ""), year)
        for unit, years in desk.years.items()
        for year in sorted(years, key=lambda one: one.year, reverse=True)
    ]
    said = {error.path: spoken(error.message) for error in errors}
    lines = sent.typed.days.splitlines()
    wrong = [
        Wrong(number, lines[number - 1][:80] if number <= len(lines) else "", sentence)
        for number, sentence in _by_line(said)
    ]
    if wrong:
        said.setdefault(LINES, _("有 %(num)s 行要改，见下面", num=len(wrong)))
    return render_page(
        "calendar/years.html",
        known=known,
        entries=_entries(desk, sent, said),
        days=sent.typed.days,
        days_error=said.get(LINES, ""),
        file_error=said.get("file", ""),
        wrong=wrong,
        errors=tuple((path, words) for path, words in said.items() if "/" not in path),
    )


def _by_line(said: dict[str, str]) -> list[tuple[int, str]]:
    found = (path.partition("/") for path in said)
    return sorted((int(line), said[f"{name}/{line}"]) for name, slash, line in found if slash)


def _entries(desk: Desk, sent: Sent, said: dict[str, str]) -> tuple[Entry, ...]:
    everybody = _("全部单位（国家统一安排）")
    units = tuple((code, name or everybody) for code, name in desk.units)
    entries = (
        Entry("unit", _("适用于"), options=units, hint=_("民族自治地方等自行规定的假日，选所在县")),
        Entry("year", _("年份"), hint=_("四位数字，例如 2027")),
        Entry("source", _("依据的通知"), hint=_("发文机关、标题、日期")),
    )
    typed = {"unit": sent.unit, "year": sent.typed.year, "source": sent.typed.source}
    return filled(entries, typed, said)


def render_preview(
    sent: Sent,
    unit: str,
    before: CalendarYear | None,
    year: CalendarYear,
    moved: Sequence[Moved],
) -> str:
    """Which days change, which clocks move from when to when."""
    shown = [one for one in moved if one.access_class == NORMAL]
    return render_page(
        "calendar/preview.html",
        sent=sent,
        unit=unit,
        year=year,
        replaces=before,
        changes=changed_days(before, year),
        kinds={"rest": _("放假"), "work": _("上班"), "": _("照平常")},
        moved=shown[:MOST_SHOWN],
        total=len(moved),
        unlisted=len(shown) - len(shown[:MOST_SHOWN]),
        restricted=len(moved) - len(shown),
    )


def changed_days(before: CalendarYear | None, after: CalendarYear) -> tuple[DayChange, ...]:
    """Days of the year that are something else than before, in order."""
    old, new = _kinds(before), _kinds(after)
    return tuple(
        DayChange(day, old.get(day, ("", ""))[0], new.get(day, ("", ""))[0], _name(day, old, new))
        for day in sorted(old.keys() | new.keys())
        if old.get(day, ("", ""))[0] != new.get(day, ("", ""))[0]
    )


def _kinds(year: CalendarYear | None) -> dict[date, tuple[str, str]]:
    if year is None:
        return {}
    rest = {day: ("rest", name) for day, name in year.rest.items()}
    return rest | {day: ("work", name) for day, name in year.work.items()}


def _name(day: date, old: dict[date, tuple[str, str]], new: dict[date, tuple[str, str]]) -> str:
    _kind, name = new.get(day) or old[day]
    return _holidays().get(name, name)


def _holidays() -> dict[str, str]:
    """What the calendars of the product name; an office's own names stay."""
    return {
        "new_year": _("元旦"),
        "spring_festival": _("春节"),
        "qingming": _("清明节"),
        "labour_day": _("劳动节"),
        "dragon_boat": _("端午节"),
        "mid_autumn": _("中秋节"),
        "national_day": _("国庆节"),
    }
