"""A calendar entered later moves open clocks, in their cases' records, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.factories.cases import World, rows
from webapp.commands import office
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.recount import count_anew, enter_year, preview_year
from workflows.cases.tables import ClockRow, JournalEntry, WorkItem
from workflows.deadlines.calendar import CalendarYear

LOCAL = "111-TW"


def open_clock(world: World) -> ClockRow:
    (clock,) = [row for row in rows(world, ClockRow) if row.is_open]
    return clock


def local_holiday(day: date) -> CalendarYear:
    return CalendarYear(day.year, "own.1", "县政府通知", {day: "那达慕"}, {})


def test_a_local_holiday_moves_the_clock_that_ends_on_it(world: World) -> None:
    opened, _talk = world.at_talk()
    before = open_clock(world)
    assert before.due_on is not None
    year = local_holiday(before.due_on)
    (moved,) = preview_year(world.platform, LOCAL, year)
    assert (moved.before, moved.status) == (before.due_on, "final")
    assert moved.after is not None
    assert moved.after > before.due_on
    assert open_clock(world).due_on == before.due_on
    journal = len(rows(world, JournalEntry))
    assert enter_year(world.platform, LOCAL, year) == 1
    assert open_clock(world).due_on == moved.after
    assert any(row.due_at == open_clock(world).due_at for row in rows(world, WorkItem))
    page = load_case_page(world.platform, world.actor("head"), opened.case)
    assert page.timeline[0].sentence.code == "cases.did_recount_clock"
    assert len(rows(world, JournalEntry)) == journal
    assert count_anew(world.platform) == 0


def test_a_holiday_elsewhere_moves_nothing(world: World) -> None:
    world.at_talk()
    due_on = open_clock(world).due_on
    assert due_on is not None
    assert preview_year(world.platform, "12", local_holiday(due_on)) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("year = 2027", "日历文件不对"),
        ("year", "日历文件不对"),
        ('year = 2027\nversion = "1"\nsource = "x"\nrest = 3', "日历文件不对"),
        ('year = 2027\nversion = "1"\nsource = "x"\n[rest]\na = [2026-01-01]', "日历文件不对"),
    ],
)
def test_a_broken_calendar_file_is_refused(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    text: str,
    sentence: str,
) -> None:
    monkeypatch.setattr(office, "open_platform", lambda: world.platform)
    file = tmp_path / "year.toml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(office.calendar, ["preview", str(file)])
    assert result.exception is not None
    assert sentence in say_of(result.exception)


def say_of(error: BaseException) -> str:
    from workflows.messages import say

    return say(error.message)  # type: ignore[attr-defined]
