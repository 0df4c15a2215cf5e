"""Entering a calendar year on the page: looked at first, refused line by line, then loaded."""

from __future__ import annotations

import io

import pytest

from tests.factories.cases import World, rows
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from webapp.jobs import build_sources
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.tables import ClockRow
from workflows.deadlines.tables import CalendarDayRow, CalendarYearRow
from workflows.jobs.worker import Worker

SOURCE = "县政府关于那达慕放假的通知"


class NoRenderer:
    """No paper is made here."""


@pytest.fixture
def admin(world: World, enter: Enter) -> Reader:
    return hired(world, enter, "boss", "系统管理员@1-ZZ")


def hired(world: World, enter: Enter, username: str, post: str) -> Reader:
    world.hire(username, post)
    give_password(world, username)
    return enter(username)


def due_on(world: World) -> object:
    (clock,) = [row for row in rows(world, ClockRow) if row.is_open]
    return clock.due_on


def typed(world: World, **changes: str) -> dict[str, str]:
    """A holiday of the county on the day the one open clock ends."""
    day = due_on(world)
    return {
        "unit": "11",
        "year": str(day.year),  # type: ignore[attr-defined]
        "source": SOURCE,
        "days": f"放假 那达慕 {day}",
    } | changes


def look(admin: Reader, fields: dict[str, str], **more) -> Page:
    page = admin.visit("/calendar")
    return admin.submit(page, fields, action="/calendar/preview", **more)


def work(world: World) -> None:
    Worker(build_sources(world.platform, NoRenderer())).run_until_idle()  # type: ignore[arg-type]


def test_administrators_find_it_in_the_rail(admin: Reader, enter: Enter) -> None:
    assert admin.visit("/inbox").link("节假日") == "/calendar"
    assert "节假日" not in enter("head").visit("/inbox").text


def test_known_years_are_listed(admin: Reader) -> None:
    page = admin.visit("/calendar", most_statements=6)
    assert page.heading == "节假日安排"
    assert "国务院办公厅关于2026年部分节假日安排的通知" in page.text


def test_preview_lists_days_and_clocks_and_writes_nothing(world: World, admin: Reader) -> None:
    opened, _talk = world.at_talk()
    before = due_on(world)
    page = look(admin, typed(world))
    assert "有 1 天变化" in page.text
    assert "由照平常改为放假" in page.text
    assert "有 1 个期限要改到期日" in page.text
    assert page.words("//td[1]//span[@class='fq-no']") == [opened.number]
    times = page.all("//tbody//time/@datetime")
    assert times[0] == str(before)
    assert times[1] > times[0]
    assert (due_on(world), rows(world, CalendarYearRow)) == (before, [])


def test_confirmed_year_moves_the_clock(world: World, admin: Reader) -> None:
    world.at_talk()
    page = look(admin, typed(world))
    after = page.all("//tbody//time/@datetime")[1]
    page = admin.submit(page, action="/calendar/load", button="确认录入并重新推算")
    assert "期限正在重新推算" in page.text
    assert "乙县" in page.text
    work(world)
    assert str(due_on(world)) == after
    (year,) = rows(world, CalendarYearRow)
    assert (year.unit_code, year.source) == ("11", SOURCE)
    assert len(rows(world, CalendarDayRow)) == 1


def test_going_back_keeps_what_was_typed(world: World, admin: Reader) -> None:
    world.at_talk()
    fields = typed(world)
    page = admin.submit(look(admin, fields), action="/calendar/load", button="返回修改")
    assert page.all("//textarea[@name='days']")[0].text.strip() == fields["days"]
    assert page.all("//input[@name='source']/@value") == [SOURCE]


def test_wrong_lines_are_named_and_the_text_stays(world: World, admin: Reader) -> None:
    world.at_talk()
    fields = typed(world, days="放假 那达慕 8月40日\n开会 那达慕 8月1日", year="二〇二六")
    page = look(admin, fields, status=422)
    assert "年份请写" in page.text
    lines = page.words("//ul[@id='days-lines']/li")
    assert [line.split()[1] for line in lines] == ["1", "2"]
    assert "没有“8月40日”这一天" in lines[0]
    assert "行首要写" in lines[1]
    assert page.all("//textarea[@name='days']")[0].text.strip() == fields["days"]


def test_a_file_stands_in_place_of_typed_lines(world: World, admin: Reader) -> None:
    world.at_talk()
    fields = typed(world)
    text = fields.pop("days").encode("gb18030")
    upload = {"file": [(io.BytesIO(text), "days.txt")]}
    assert "有 1 天变化" in look(admin, {**fields, **upload}).text  # type: ignore[dict-item]
    upload = {"file": [(io.BytesIO(b"\xff\xff\x00\x80"), "picture.png")]}
    page = look(admin, {**fields, **upload}, status=422)  # type: ignore[dict-item]
    assert "不是文本文件" in page.text


def test_restricted_cases_are_counted_not_named(world: World, admin: Reader) -> None:
    opened, _talk = world.at_talk()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及举报人"))
    page = look(admin, typed(world))
    assert opened.number not in page.text
    assert "其中 1 个属于限制查阅的案件" in page.text


def test_a_year_that_changes_nothing_says_so(admin: Reader) -> None:
    fields = {"unit": "", "year": "2030", "source": SOURCE, "days": "放假 元旦 1月1日"}
    assert "没有期限因此改变" in look(admin, fields).text


def test_only_administrators_and_only_their_own_offices(
    world: World, enter: Enter, admin: Reader
) -> None:
    world.at_talk()
    enter("head").visit("/calendar", status=403)
    other = hired(world, enter, "other", "系统管理员@12")
    page = other.visit("/calendar")
    assert page.all("//select[@name='unit']/option/@value") == ["12"]
    for unit in ("", "11", "nowhere"):
        refused = other.submit(
            page, typed(world, unit=unit), action="/calendar/preview", status=403
        )
        assert "系统管理员" in refused.text
    fields = typed(world, csrf_token=other.token())
    other.post("/calendar/load", fields, status=403)
    assert rows(world, CalendarYearRow) == []
