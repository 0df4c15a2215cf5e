"""The board of clocks: ages, counts, filters, pages, and who sees whose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, update

from tests.factories.cases import World
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.clocks import ClockCommand, pause
from workflows.cases.queries.clock_board import (
    AGES,
    ClockBoard,
    ClockBoardQuery,
    find_ages,
    list_clocks,
)
from workflows.cases.tables import FAR, ClockRow
from workflows.deadlines import RuleBook
from workflows.deadlines.compute import end_of_day, local_day
from workflows.errors import InvalidInputError
from workflows.storage import SYSTEM

DAY = timedelta(days=1)


def look(world: World, username: str = "head", **query) -> ClockBoard:
    return list_clocks(world.platform, world.actor(username), ClockBoardQuery(**query))


def due_in(world: World, days: int) -> str:
    """A new case in a talk whose clock ends so many days from now; its number."""
    opened, _talk = world.at_talk()
    due_on = local_day(world.clock.now()) + days * DAY
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(ClockRow)
            .where(ClockRow.is_open == 1, ClockRow.rule == "mediation", ClockRow.extended_days == 0)
            .values(due_on=due_on, due_at=end_of_day(due_on), extended_days=1)
        )
    return opened.number


def test_ages_follow_each_other_and_paused_ones_stand_apart(world: World) -> None:
    numbers = [due_in(world, days) for days in (20, 6, 1, 0, -2)]
    board = look(world)
    assert [(row.number, row.age) for row in board.rows] == list(
        zip(reversed(numbers), ("over", "today", "near", "week", "later"), strict=True)
    )
    assert board.counts == {
        "over": 1, "today": 1, "near": 1, "week": 1, "later": 1, "paused": 0, "unsure": 0,
    }  # fmt: skip
    assert board.next is None
    for age in AGES:
        assert len(look(world, age=age).rows) == board.counts[age]


def test_paused_clock_says_why_and_since_when(world: World) -> None:
    world.at_talk()
    (row,) = look(world).rows
    rule = world.platform.rules
    with world.platform.database.reading(SYSTEM) as session:
        reasons = rule(session).rule(row.clock.rule).pauses
    pause(
        world.platform,
        world.actor("head"),
        ClockCommand(row.clock.id, "等鉴定结果", why=reasons[0]),
    )
    board = look(world, age="paused")
    (paused,) = board.rows
    assert (paused.age, paused.paused_for) == ("paused", reasons[0])
    assert paused.paused_on == local_day(world.clock.now())
    assert (board.counts["paused"], board.counts["later"]) == (1, 0)


def test_a_clock_without_a_date_is_unsure_and_comes_last(world: World) -> None:
    world.at_talk()
    with world.platform.database.transaction(SYSTEM) as session:
        values = {"due_on": None, "due_at": FAR, "status": "uncomputable"}
        session.execute(update(ClockRow).where(ClockRow.is_open == 1).values(**values))
    due_in(world, 1)
    with world.platform.database.transaction(SYSTEM) as session:
        first = update(ClockRow).where(ClockRow.status == "uncomputable")
        session.execute(first.values(due_on=None, due_at=FAR))
    board = look(world)
    assert [row.age for row in board.rows] == ["near", "unsure"]
    assert board.counts == dict.fromkeys(AGES, 0) | {"near": 1, "unsure": 1}


def test_a_provisional_date_stands_in_its_age_and_among_the_unsure(world: World) -> None:
    world.clock.advance(timedelta(days=2000))
    world.at_talk()
    (row,) = look(world, age="unsure").rows
    assert (row.clock.status, row.age) == ("provisional", "later")
    assert [one.clock.id for one in look(world, age="later").rows] == [row.clock.id]


def test_filters_narrow_page_and_counts_alike(world: World) -> None:
    due_in(world, 5)
    world.open(raw={"dispute_kind": "contract"})
    assert {row.clock.rule for row in look(world).rows} == {"mediation", "supplement"}
    for query, rules in (
        ({"rule": "mediation"}, ["mediation"]),
        ({"kind": "contract"}, ["supplement"]),
        ({"process": "small_matter", "rule": "supplement"}, ["supplement"]),
        ({"process": "other"}, []),
        ({"unit": "111-TW", "kind": "neighbourhood"}, ["mediation"]),
        ({"unit": "1111-TW"}, []),
    ):
        board = look(world, **query)
        assert [row.clock.rule for row in board.rows] == rules
        assert sum(board.counts.values()) - board.counts["unsure"] == len(rules)


def test_pages_follow_one_another_without_gap_or_repetition(world: World) -> None:
    numbers = [due_in(world, days) for days in (1, 2, 2, 3, 9)]
    seen, cursor = [], None
    while True:
        page = look(world, page_size=2, cursor=cursor)
        seen += [row.number for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == len(set(seen)) == 5


def test_each_office_sees_its_own_and_whoever_watches_sees_all(world: World) -> None:
    world.open()
    world.open("stranger")
    reach = {name: len(look(world, name).rows) for name in world.accounts}
    assert reach == {
        "intake": 1,
        "head": 1,
        "mediator": 1,
        "mediator2": 1,
        "stranger": 1,
        "otherhead": 1,
        "watcher": 2,
    }


def test_a_tree_below_the_county_reaches_its_offices(world: World) -> None:
    world.open()
    world.open("stranger")
    world.hire("chief", "网格长@111")
    assert [row.unit for row in look(world, "chief").rows] == ["111-TW", "1111-TW"]


def test_a_sealed_case_is_shown_to_who_takes_part_in_person_alone(world: World) -> None:
    opened, talk = world.at_talk()
    world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及举报人"))
    for username in ("intake", "head", "mediator"):
        assert look(world, username).counts["later"] == 2
    for username in ("mediator2", "watcher"):
        board = look(world, username)
        assert opened.number not in [row.number for row in board.rows]
        assert board.counts["later"] == 1


def test_posts_without_sight_show_nothing(world: World) -> None:
    world.open()
    world.hire("sysadmin", "系统管理员@11")
    assert look(world, "sysadmin").rows == ()


def test_two_statements_whatever_there_is(world: World) -> None:
    for days in (1, 2, 3):
        due_in(world, days)
    look(world)
    sent: list[str] = []
    engine = world.platform.database.engine
    actor = world.actor("head")

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    list_clocks(world.platform, actor, ClockBoardQuery())
    event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 2


def test_near_ends_after_three_working_days_over_a_holiday() -> None:
    """30 September 2026 is a Wednesday; the National Day holidays end on 7 October."""
    ages = find_ages(datetime(2026, 9, 30, 1, tzinfo=UTC), RuleBook.built_in().calendar())
    assert local_day(ages.near - DAY) >= date(2026, 10, 9)
    assert ages.near >= ages.week - timedelta(days=7)
    assert ages.week >= ages.near


@pytest.mark.parametrize("query", [{"age": "old"}, {"page_size": 0}, {"cursor": "x"}])
def test_wrong_questions_are_refused(world: World, query: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        look(world, **query)
