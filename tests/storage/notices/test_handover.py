"""The people of one's units, and handing over what one of them has in hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.factories.cases import World
from tests.factories.storage import counted_statements
from tests.storage.notices.test_tell import on_leave, told
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.handover import HandOver, hand_over
from workflows.cases.open_case import Opened
from workflows.cases.queries.desk import Desk, load_desk
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.people import list_people
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.errors import ForbiddenError, InvalidInputError, NotVisibleError, RuleError
from workflows.organisation.tables import Account, Post
from workflows.storage import SYSTEM


def busy(world: World, count: int = 3, who: str = "mediator") -> list[Opened]:
    """So many cases whose talk somebody has."""
    made = []
    for _ in range(count):
        opened, talk = world.at_talk()
        claim(world.platform, world.actor(who), ItemCommand(talk.id))
        made.append(opened)
    return made


def mine(world: World, username: str, tab: str = "mine") -> int:
    page = list_inbox(world.platform, world.actor(username), InboxQuery(tab=tab))
    return len(page.rows)


def desk(world: World, by: str = "head", of: str = "mediator") -> Desk:
    return load_desk(world.platform, world.actor(by), of)


def work_off(world: World, to: str | None, *, chunk: int = 2, by: str = "head") -> list[int]:
    """Handed over chunk by chunk; how many went in each."""
    sizes, after = [], None
    while True:
        command = HandOver("mediator", to, "调离本单位", after)
        step = hand_over(world.platform, world.actor(by), command, chunk=chunk)
        sizes.append(step.done)
        if step.after is None:
            return sizes
        after = step.after


def names(world: World, by: str, q: str = "") -> list[str]:
    page = list_people(world.platform, world.actor(by), q=q)
    return [row.username for row in page.rows]


# --- people ---------------------------------------------------------------------------------------


def test_a_head_sees_the_people_of_the_unit_and_what_they_have(world: World) -> None:
    busy(world, 2)
    on_leave(world, "mediator2", "intake")
    rows = list_people(world.platform, world.actor("head")).rows
    assert [(row.username, row.open_items) for row in rows] == [
        ("head", 0),
        ("intake", 0),
        ("mediator", 2),
        ("mediator2", 0),
    ]
    assert [row.away for row in rows] == [None, None, None, (date(2099, 1, 1), "intake")]
    assert [post.role for post in rows[2].posts] == ["人民调解员"]
    assert not rows[2].posts[0].may_end


@pytest.mark.parametrize("username", ["mediator", "intake", "watcher"])
def test_who_hands_out_no_work_sees_nobody(world: World, username: str) -> None:
    with pytest.raises(ForbiddenError):
        list_people(world.platform, world.actor(username))
    with pytest.raises(ForbiddenError):
        desk(world, by=username)


def test_a_head_elsewhere_sees_other_people(world: World) -> None:
    assert names(world, "otherhead") == ["otherhead", "stranger"]
    with pytest.raises(NotVisibleError):
        desk(world, by="otherhead")


def test_a_director_sees_the_people_of_the_whole_area(world: World) -> None:
    world.hire("director", "中心主任@11-ZZ")
    found = names(world, "director")
    assert {"mediator", "stranger", "director"} <= set(found)
    assert "watcher" not in found
    assert names(world, "director", q="DIAT") == ["mediator", "mediator2"]
    assert names(world, "director", q="%") == []


def test_who_left_is_listed_while_work_is_still_theirs(world: World) -> None:
    busy(world, 1)
    yesterday = world.clock.now().date() - timedelta(days=1)
    with world.platform.database.transaction(SYSTEM) as session:
        people = session.query(Account).filter(Account.username.in_(("mediator", "mediator2")))
        gone = [account.person_id for account in people]
        for account in people:
            account.active = False
        session.execute(update(Post).where(Post.person_id.in_(gone)).values(to_on=yesterday))
    assert names(world, "head") == ["head", "intake", "mediator"]
    assert desk(world).total == 1
    assert not desk(world).person.is_active


def test_an_administrator_sees_people_but_not_their_work(world: World) -> None:
    busy(world, 1)
    world.hire("admin", "系统管理员@111")
    rows = list_people(world.platform, world.actor("admin")).rows
    found = next(row for row in rows if row.username == "mediator")
    assert (found.open_items, found.posts[0].may_end) == (None, True)
    assert desk(world, by="admin").heaps == ()


def test_people_come_in_pages(world: World) -> None:
    for number in range(55):
        world.hire(f"p{number:02}", "人民调解员@111-TW")
    head = world.actor("head")
    first = list_people(world.platform, head)
    second = list_people(world.platform, head, cursor=first.next)
    assert (len(first.rows), len(second.rows), second.next) == (50, 9, None)
    assert not {row.username for row in first.rows} & {row.username for row in second.rows}
    with pytest.raises(InvalidInputError):
        list_people(world.platform, head, cursor="x")


def test_a_list_of_people_takes_three_statements(world: World) -> None:
    busy(world, 2)
    head = world.actor("head")
    with counted_statements(world.platform.database) as statements:
        list_people(world.platform, head)
    assert len(statements) == 3


# --- handing over ---------------------------------------------------------------------------------


def test_a_desk_says_what_there_is_and_who_could_take_it(world: World) -> None:
    busy(world, 3)
    found = desk(world)
    (heap,) = found.heaps
    assert (heap.title, heap.count, heap.role) == ({"zh": "调解", "en": "调解"}, 3, "人民调解员")
    assert [(one.username, found.movable(one.username)) for one in found.takers()] == [
        ("mediator2", 3)
    ]
    assert (found.movable("intake"), found.movable(None)) == (0, 3)


def test_everything_goes_to_the_one_chosen_chunk_by_chunk(world: World) -> None:
    cases = busy(world, 5)
    assert work_off(world, "mediator2") == [2, 2, 1]
    assert (mine(world, "mediator"), mine(world, "mediator2")) == (0, 5)
    page = list_timeline(world.platform, world.actor("head"), TimelineQuery(cases[0].case))
    assert (page.entries[0].action, page.entries[0].detail) == ("assign", "调离本单位")
    assert len(told(world, "mediator2")) == len(told(world, "mediator")) == 5


def test_everything_goes_back_to_all(world: World) -> None:
    cases = busy(world, 3)
    assert work_off(world, None) == [2, 1]
    assert (mine(world, "mediator"), mine(world, "mediator2", "claimable")) == (0, 3)
    page = list_timeline(world.platform, world.actor("head"), TimelineQuery(cases[0].case))
    assert (page.entries[0].action, page.entries[0].detail) == ("return", "调离本单位")


def test_what_the_chosen_one_may_not_do_stays(world: World) -> None:
    busy(world, 2)
    opened = world.open()
    world.hire("both", "调委会主任@111-TW", "人民调解员@111-TW")
    claim(world.platform, world.actor("both"), ItemCommand(opened.tasks[0].id))
    _second, talk = world.at_talk()
    claim(world.platform, world.actor("both"), ItemCommand(talk.id))
    found = desk(world, of="both")
    assert [(heap.count, heap.may_go_to("mediator")) for heap in found.heaps] == [
        (1, heap.role == "人民调解员") for heap in found.heaps
    ]
    command = HandOver("both", "mediator", "请假")
    assert hand_over(world.platform, world.actor("head"), command).done == 1
    assert mine(world, "both") == 1


def test_restricted_work_is_handed_over_by_who_takes_part_only(world: World) -> None:
    opened, _second = busy(world, 2)
    world.hire("boss", "调委会主任@111-TW")
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    outside, inside = desk(world, by="boss"), desk(world, by="head")
    assert sorted((h.title is None, h.is_closed) for h in outside.heaps) == [
        (False, False),
        (True, True),
    ]
    assert (outside.movable("mediator2"), inside.movable("mediator2")) == (1, 2)
    assert work_off(world, "mediator2", by="boss") == [1]
    assert work_off(world, "mediator2", by="head") == [1]


def test_a_reason_is_needed_and_another_person(world: World) -> None:
    busy(world, 1)
    head = world.actor("head")
    for command in (HandOver("mediator", "mediator2", " "), HandOver("mediator", "mediator", "x")):
        with pytest.raises(RuleError):
            hand_over(world.platform, head, command)
    assert mine(world, "mediator") == 1


def test_whoever_may_not_assign_hands_nothing_over(world: World) -> None:
    busy(world, 1)
    world.hire("admin", "系统管理员@111")
    for username in ("mediator2", "admin", "otherhead"):
        command = HandOver("mediator", "mediator2", "请假")
        try:
            step = hand_over(world.platform, world.actor(username), command)
        except (ForbiddenError, NotVisibleError):
            continue
        assert (step.done, step.after) == (0, None)
    assert mine(world, "mediator") == 1


def test_a_desk_takes_as_many_statements_with_much_as_with_little(world: World) -> None:
    counts = []
    for more in (1, 4):
        busy(world, more)
        head = world.actor("head")
        with counted_statements(world.platform.database) as statements:
            load_desk(world.platform, head, "mediator")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


# --- standing in ----------------------------------------------------------------------------------


def test_a_substitute_sees_and_does_the_work_of_who_is_away(world: World) -> None:
    busy(world, 1)
    world.hire("helper", "记录人@111-TW")
    assert mine(world, "helper") == 0
    on_leave(world, "mediator", "helper")
    row = list_inbox(world.platform, world.actor("helper"), InboxQuery()).rows[0]
    assert "complete" in row.may
    command = CompleteTask(row.id, row.revision, {"outcome": "done"})
    complete_task(world.platform, world.actor("helper"), command)
    assert mine(world, "mediator") == 0


def test_a_substitute_neither_sees_nor_does_restricted_work(world: World) -> None:
    (opened,) = busy(world, 1)
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    row = list_inbox(world.platform, world.actor("mediator"), InboxQuery()).rows[0]
    world.hire("helper", "记录人@111-TW")
    on_leave(world, "mediator", "helper")
    assert mine(world, "helper") == 0
    command = CompleteTask(row.id, row.revision, {"outcome": "done"})
    with pytest.raises((ForbiddenError, NotVisibleError)):
        complete_task(world.platform, world.actor("helper"), command)


def test_standing_in_counts_in_the_unit_of_the_post_only(world: World) -> None:
    world.hire("roamer", "人民调解员@111-TW", "人民调解员@1111-TW")
    busy(world, 1, "roamer")
    world.hire("helper", "记录人@1111-TW")
    from workflows.organisation.delegations import Leave, delegate

    leave = Leave("roamer", "helper", date(2020, 1, 1), date(2099, 1, 1), "假", unit="1111-TW")
    with world.platform.database.transaction(SYSTEM) as session:
        delegate(session, world.platform.ids, leave)
    assert mine(world, "helper") == 0
