"""A calendar year as people type it: what is understood, and what is said line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workflows.deadlines.calendar import BUILT_IN, CalendarYear, load_built_in_years
from workflows.deadlines.calendar_text import TypedYear, read_year
from workflows.errors import InvalidFormError

NOTICE = "国务院办公厅关于2026年部分节假日安排的通知"
TYPED = """\
放假 new_year 1月1日至3日
放假 spring_festival 2月15日至2月23日
放假 qingming 2026-04-04至2026-04-06
放假：labour_day 5月1日到5日
放假 dragon_boat 6-19~6-21
# 中秋

放假 mid_autumn 9月25日 至 27日
休 national_day 10月1日—10月7日
上班 new_year 1月4日
补班 spring_festival 2月14日、2月28日
上班 labour_day 5月9日
work national_day 9/20, 10/10
"""


def read(days: str, year: str = "2026", source: str = NOTICE) -> CalendarYear:
    return read_year(TypedYear(year, source, days))


def complaints(days: str, **changes: str) -> dict[str, str]:
    with pytest.raises(InvalidFormError) as refused:
        read(days, **changes)
    return {error.path: error.message.code for error in refused.value.errors}


def test_typed_lines_are_the_built_in_year() -> None:
    (built_in,) = [year for year in load_built_in_years() if year.year == 2026]
    typed = read(TYPED.replace("放假：labour", "放假 labour"))
    assert (typed.rest, typed.work) == (built_in.rest, built_in.work)
    assert typed.source == NOTICE


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.toml")), ids=lambda path: path.stem)
def test_a_calendar_file_is_read_as_it_is(path: Path) -> None:
    typed = read(path.read_text(encoding="utf-8"), year="", source="")
    assert typed in load_built_in_years()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("开会 元旦 1月1日", "deadline.calendar_kind"),
        ("放假 1月1日", "deadline.calendar_parts"),
        ("放假 元旦 一月一日", "deadline.calendar_day"),
        ("放假 元旦 3日", "deadline.calendar_day"),
        ("放假 元旦 2月30日", "deadline.calendar_no_such_day"),
        ("放假 元旦 2027-01-01", "deadline.calendar_other_year"),
        ("放假 元旦 1月3日至1月1日", "deadline.calendar_span"),
        ("放假 元旦 1月1日至3月1日", "deadline.calendar_span"),
        ("放假 元旦 1月1日至2日至3日", "deadline.calendar_span"),
        ("上班 元旦 1月5日", "deadline.calendar_weekday"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(line: str, code: str) -> None:
    assert complaints(f"放假 五一 5月1日\n{line}") == {"days/2": code}


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert complaints("放假 元旦\n放假 元旦 1月1日\n上班 元旦 1月", year="26", source=" ") == {
        "year": "deadline.calendar_year",
        "source": "deadline.calendar_source",
        "days/1": "deadline.calendar_parts",
        "days/3": "deadline.calendar_day",
    }


def test_a_day_is_either_rest_or_work() -> None:
    assert complaints("放假 元旦 1月3日\n上班 元旦 1月3日") == {"days/2": "deadline.calendar_both"}


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("", "days", "deadline.calendar_empty"),
        ("上班 元旦 1月4日", "days", "deadline.calendar_empty"),
        ("放假 元旦 1月1日\n" * 3000, "days", "deadline.calendar_too_long"),
        ("year = 2026\n[rest]\nx = = 3", "days/3", "deadline.calendar_toml"),
        ("year = 2026\n[rest]", "days", "deadline.calendar_lacks"),
        (
            'year = 2026\nversion = "1"\nsource = "x"\n[rest]\na = [2027-01-01]',
            "days",
            "deadline.calendar_file",
        ),
    ],
)
def test_the_whole_is_looked_at_too(text: str, where: str, code: str) -> None:
    assert complaints(text) == {where: code}


def test_dates_are_dates() -> None:
    assert read("放假 元旦 1月1日至1月3日").rest == {
        date(2026, 1, day): "元旦" for day in (1, 2, 3)
    }
