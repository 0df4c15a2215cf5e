"""The inbox: tabs, counts, search, filters, orders, pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.cases import World
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.queries.inbox import InboxPage, InboxQuery, list_inbox
from workflows.errors import InvalidInputError


def look(world: World, username: str, **query) -> InboxPage:
    return list_inbox(world.platform, world.actor(username), InboxQuery(**query))


def names(page: InboxPage) -> list[str]:
    return [row.case_title for row in page.rows]


def opened(world: World, *titles: str) -> None:
    for title in titles:
        world.open(raw={"title": title})


def test_tabs_show_what_is_mine_and_what_i_may_claim(world: World) -> None:
    _opened, talk = world.at_talk()
    world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    mine, free = look(world, "mediator"), look(world, "mediator", tab="claimable")
    assert [row.id for row in mine.rows] == [talk.id]
    assert (len(free.rows), free.rows[0].may) == (1, ("open", "claim", "complete"))
    assert mine.counts == {"mine": 1, "claimable": 1, "soon": 0, "over": 0}


def test_soon_and_over_follow_the_rules_own_warnings(world: World) -> None:
    world.at_talk()
    world.clock.advance(timedelta(days=29))
    later = look(world, "mediator", tab="soon")
    world.clock.advance(timedelta(days=5))
    soon = look(world, "mediator", tab="soon")
    world.clock.advance(timedelta(days=3))
    over = look(world, "mediator", tab="over")
    assert (len(later.rows), later.counts["soon"]) == (0, 0) or later.rows[0].group == "soon"
    assert [row.group for row in soon.rows] == ["soon"]
    assert [(row.group, row.clock.state) for row in over.rows] == [("over", "over")]
    assert over.counts == {"mine": 0, "claimable": 1, "soon": 0, "over": 1}


def test_done_shows_what_i_did_newest_first(world: World) -> None:
    _opened, talk = world.at_talk()
    done = world.complete("mediator", talk, outcome="again")
    world.clock.advance(timedelta(hours=1))
    world.complete("mediator", done.tasks[0], outcome="done")
    page = look(world, "mediator", tab="done")
    assert [(row.name, row.state) for row in page.rows] == [("talk", "done"), ("talk", "done")]
    assert page.rows[0].id > page.rows[1].id
    assert look(world, "mediator2", tab="done").rows == ()


def test_visible_reaches_as_far_as_the_post(world: World) -> None:
    world.open()
    world.open("stranger")
    reach = {name: len(look(world, name, tab="visible").rows) for name in world.accounts}
    assert reach == {
        "intake": 1,
        "head": 1,
        "mediator": 1,
        "mediator2": 1,
        "stranger": 1,
        "otherhead": 1,
        "watcher": 2,
    }


def test_visible_shows_names_of_parties_only_to_who_may_see_them(world: World) -> None:
    world.open()
    assert look(world, "head", tab="visible").rows[0].parties == ("李玉梅", "王建国")
    assert look(world, "watcher", tab="visible").rows[0].parties == ()
    assert look(world, "mediator", tab="visible").rows[0].parties == ("李玉梅", "王建国")


def test_visible_lists_an_item_once_for_who_holds_several_posts(world: World) -> None:
    world.open()
    world.hire("busy", "调委会主任@111-TW", "人民调解员@111-TW", "市级观察员@1")
    assert len(look(world, "busy", tab="visible").rows) == 1
    assert len(look(world, "busy", tab="claimable").rows) == 1


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("地窖", True),
        ("窖", True),
        ("李玉梅", True),
        ("李玉", True),
        ("丙调委受〔2026〕1号", True),
        ("水渠 王建国", True),
        ("水渠 张三", False),
        ("儿子", False),
        ("10014345715", False),
        ("990001198812249226", False),
        ("窖地", False),
        ('"; DROP TABLE run --', False),
        ("*", False),
        ("AND", False),
    ],
)
def test_search_finds_number_party_and_words_but_no_secrets(
    world: World, q: str, found: bool
) -> None:
    world.open()
    assert len(look(world, "head", tab="claimable", q=q).rows) == int(found)
    assert len(look(world, "watcher", tab="visible", q=q).rows) == int(found)


def test_search_stays_in_the_readers_units(world: World) -> None:
    world.open("stranger")
    assert look(world, "head", tab="visible", q="地窖").rows == ()


def test_filters_narrow_the_list(world: World) -> None:
    opened(world, "甲", "乙")
    world.open(raw={"title": "丙", "dispute_kind": "contract"})
    world.at_talk()
    query = {"tab": "visible"}
    assert names(look(world, "head", **query, kind="contract")) == ["丙"]
    assert len(look(world, "head", **query, stage="talks").rows) == 1
    assert len(look(world, "head", **query, role="调委会主任").rows) == 3
    assert len(look(world, "head", **query, process="small_matter").rows) == 4
    assert len(look(world, "head", **query, unit="1111-TW").rows) == 0
    assert len(look(world, "head", **query, due_before=date(2026, 9, 10)).rows) == 3
    assert len(look(world, "head", **query, due_before=date(2026, 9, 9)).rows) == 0


def test_the_filters_offered_are_those_of_the_packages(world: World) -> None:
    page = look(world, "head")
    assert [key for key, _title in page.kinds] == ["neighbourhood", "contract"]
    assert [key for key, _title in page.stages] == ["intake", "talks"]


def test_the_soonest_due_comes_first(world: World) -> None:
    _opened, talk = world.at_talk()
    opened(world, "新来的")
    page = look(world, "head", tab="visible")
    assert [row.name for row in page.rows] == ["review", "talk"]
    assert page.rows[1].id == talk.id


def test_created_at_shows_the_newest_first(world: World) -> None:
    for title in "甲乙丙":
        opened(world, title)
        world.clock.advance(timedelta(minutes=1))
    page = look(world, "head", tab="claimable", sort="created_at")
    assert names(page) == ["丙", "乙", "甲"]


@pytest.mark.parametrize("sort", ["due_at", "created_at", "priority"])
@pytest.mark.parametrize("tab", ["claimable", "visible"])
def test_pages_follow_each_other_without_gap_or_repetition(
    world: World, tab: str, sort: str
) -> None:
    for number in range(7):
        opened(world, str(number))
        world.clock.advance(timedelta(hours=9))
    seen: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = look(world, "head", tab=tab, sort=sort, page_size=3, cursor=cursor)
        seen += [row.id for row in page.rows]
        cursor, pages = page.next, pages + 1
    whole = look(world, "head", tab=tab, sort=sort)
    assert pages == 3
    assert seen == [row.id for row in whole.rows]
    assert len(set(seen)) == 7


def test_a_new_item_between_two_pages_moves_nothing(world: World) -> None:
    opened(world, *"甲乙丙丁")
    first = look(world, "head", tab="claimable", page_size=2)
    opened(world, "戊")
    rest = look(world, "head", tab="claimable", page_size=10, cursor=first.next)
    assert names(rest) == ["丙", "丁", "戊"]


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "nothing"},
        {"sort": "nothing"},
        {"page_size": 0},
        {"page_size": 201},
        {"cursor": "nonsense"},
        {"cursor": "WyJvdGhlciIsMV0"},
        {"cursor": "é"},
        {"cursor": "x" * 500},
    ],
)
def test_a_malformed_query_is_invalid(world: World, query: dict) -> None:
    with pytest.raises(InvalidInputError):
        look(world, "head", **query)


def test_a_cursor_of_another_order_is_invalid(world: World) -> None:
    opened(world, *"甲乙")
    page = look(world, "head", tab="claimable", page_size=1)
    with pytest.raises(InvalidInputError):
        look(world, "head", tab="claimable", sort="created_at", cursor=page.next)
