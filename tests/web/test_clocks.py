"""The board of clocks on the page and for programs."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.cases import World
from tests.web.client import Page
from tests.web.conftest import Enter
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.clocks import ClockCommand, pause
from workflows.cases.queries.clock_board import ClockBoardQuery, list_clocks

MOST_FOR_A_LIST = 4


def listed(page: Page) -> list[str]:
    return page.words("//main//td[1]//span[@class='fq-no']")


def tabs(page: Page) -> list[str]:
    return page.words("//nav[contains(@class, 'fq-tabs')]/a")


def test_board_lists_clocks_by_age_in_four_statements(world: World, enter: Enter) -> None:
    opened, _talk = world.at_talk()
    world.clock.advance(timedelta(days=29))
    later = world.open()
    head = enter("head")
    head.visit("/clocks")
    page = head.visit("/clocks", most_statements=MOST_FOR_A_LIST)
    assert listed(page) == [opened.number, later.number]
    assert tabs(page)[0] == "全部"
    assert sum(int(words.split()[-1]) for words in tabs(page)[1:]) == 2
    assert len(page.words("//tr[@class='is-group']")) == 2
    assert head.visit("/clocks?age=over").words("//main//h2") == ["没有逾期的期限"]


def test_page_links_to_the_case_and_to_the_ages(world: World, enter: Enter) -> None:
    opened = world.open()
    head = enter("head")
    page = head.visit("/clocks")
    assert page.link("补正材料期限") == f"/cases/{opened.case}"
    assert page.link("已暂停") == "/clocks?age=paused"


def test_a_paused_clock_shows_its_reason(world: World, enter: Enter) -> None:
    world.at_talk()
    (row,) = list_clocks(world.platform, world.actor("head"), ClockBoardQuery()).rows
    command = ClockCommand(row.clock.id, "等鉴定结果", why="appraisal")
    pause(world.platform, world.actor("head"), command)
    page = enter("head").visit("/clocks?age=paused")
    assert "起暂停：鉴定" in page.text
    assert "暂停的期限不走" in page.text


def test_filters_and_their_way_back(world: World, enter: Enter) -> None:
    world.open(raw={"dispute_kind": "contract"})
    head = enter("head")
    assert listed(head.visit("/clocks?kind=neighbourhood")) == []
    page = head.visit("/clocks?kind=neighbourhood")
    assert page.words("//main//h2") == ["没有合条件的期限"]
    assert page.link("清除筛选") == "/clocks"
    assert len(listed(head.visit("/clocks?kind=contract&rule=supplement&unit=111-TW"))) == 1


def test_an_unknown_age_is_refused(enter: Enter) -> None:
    enter("head").visit("/clocks?age=ancient", status=400)


def test_the_board_is_reached_from_the_inbox_or_the_rail(enter: Enter) -> None:
    for username in ("head", "watcher", "mediator"):
        assert enter(username).visit("/inbox").link("期限一览") == "/clocks"


def test_sealed_cases_stay_out_of_page_and_api(world: World, enter: Enter) -> None:
    opened = world.open()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及举报人"))
    watcher = enter("watcher")
    assert listed(watcher.visit("/clocks")) == []


def test_empty_board_says_what_will_come(enter: Enter) -> None:
    page = enter("stranger").visit("/clocks")
    assert page.words("//main//h2") == ["现在没有运行中的期限"]


def test_board_speaks_english(world: World, enter: Enter) -> None:
    world.open()
    head = enter("head")
    page = head.visit("/inbox")
    head.post("/language", {"language": "en", "csrf_token": head.token(), "next": "/clocks"})
    page = head.visit("/clocks")
    assert page.heading == "Time limits"
    assert "Within a week" in page.text
