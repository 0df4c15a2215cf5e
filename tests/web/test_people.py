"""The people of one's units, and handing over what one of them has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests.factories.cases import World
from tests.web.conftest import Enter, give_password
from tests.web.test_access_matrix import ask, covers, tokens
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.handover import CHUNK
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.organisation.actors import load_actor

MOST_FOR_A_LIST = 4


def busy(world: World, count: int, who: str = "mediator") -> None:
    for _ in range(count):
        _opened, talk = world.at_talk()
        claim(world.platform, world.actor(who), ItemCommand(talk.id))


def mine(world: World, username: str, tab: str = "mine") -> int:
    query = InboxQuery(tab=tab, page_size=200)
    return len(list_inbox(world.platform, world.actor(username), query).rows)


def test_a_head_finds_people_with_posts_and_work(enter: Enter, world: World) -> None:
    busy(world, 2)
    head = enter("head")
    head.visit("/people")
    page = head.visit("/people", most_statements=MOST_FOR_A_LIST)
    rows = page.words("//main//tbody/tr")
    assert len(rows) == 4
    assert any(row.startswith("mediatormediator") and "2" in row for row in rows)
    assert "人员" in page.words("//nav[contains(@class, 'fq-rail')]//a")
    assert len(head.visit("/people?q=diator2").words("//main//tbody/tr")) == 1
    assert "没有找到这个人" in head.visit("/people?q=nobody").text


def test_whoever_looks_after_nobody_has_no_such_room(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    assert "人员" not in mediator.visit("/inbox").words("//nav[contains(@class, 'fq-rail')]//a")
    mediator.visit("/people", status=403)
    mediator.visit("/people/mediator2/handover", status=403)


def test_everything_goes_to_the_one_chosen(enter: Enter, world: World) -> None:
    busy(world, 3)
    head = enter("head")
    page = head.visit("/people/mediator/handover")
    page = head.visit("/people/mediator/handover?to=mediator2")
    assert "移交 3 件" in page.text
    page = head.submit(page, {"reason": "调离"}, action="/people/mediator", most_statements=120)
    assert "已移交 3 件" in page.text
    assert "这个人手头没有待办" in page.text
    assert (mine(world, "mediator"), mine(world, "mediator2")) == (0, 3)


def test_a_handover_needs_a_reason_and_keeps_the_choice(enter: Enter, world: World) -> None:
    busy(world, 1)
    head = enter("head")
    page = head.visit("/people/mediator/handover?to=mediator2")
    page = head.submit(page, {"reason": " "}, action="/people/mediator", status=422)
    assert page.title.startswith("错误：")
    assert page.all("//textarea[@aria-invalid='true']")
    assert page.all("//input[@name='to' and @value='mediator2']")
    assert mine(world, "mediator") == 1


def test_what_cannot_go_is_said_before(enter: Enter, world: World) -> None:
    world.hire("both", "调委会主任@111-TW", "人民调解员@111-TW")
    busy(world, 1, "both")
    opened = world.open()
    claim(world.platform, world.actor("both"), ItemCommand(opened.tasks[0].id))
    page = enter("head").visit("/people/both/handover?to=mediator")
    (stays,) = page.words("//ul[@class='fq-stays']/li")
    assert stays.startswith("受理审查：")
    assert "移交 1 件" in page.text


def test_many_go_in_chunks_that_follow_each_other(enter: Enter, world: World) -> None:
    busy(world, CHUNK + 2)
    head = enter("head")
    page = head.visit("/people/mediator/handover?to=-")
    page = head.submit(page, {"reason": "调离"}, action="/people/mediator", most_statements=900)
    assert page.all("//form[@data-goes-on]")
    assert f"已移交 {CHUNK} 件，共 {CHUNK + 2} 件" in page.text
    page = head.submit(page, action="/people/mediator", most_statements=200)
    assert f"已退回待认领 {CHUNK + 2} 件" in page.text
    assert (mine(world, "mediator"), mine(world, "mediator2", "claimable")) == (0, CHUNK + 2)


@pytest.mark.parametrize("to", ["", "nobody", "intake", "mediator"])
def test_a_choice_nobody_offered_is_refused(enter: Enter, world: World, to: str) -> None:
    busy(world, 1)
    head = enter("head")
    fields = {"to": to, "reason": "x", "csrf_token": head.token()}
    answer = head.ask("POST", "/people/mediator/handover", data=fields)
    assert answer.status_code in (303, 400, 409, 422)
    assert mine(world, "mediator") == 1


def test_an_administrator_ends_a_post(enter: Enter, world: World) -> None:
    world.hire("admin", "系统管理员@111")
    give_password(world, "admin")
    admin = enter("admin")
    page = admin.visit("/people/mediator/handover")
    last = world.clock.now().date() + timedelta(days=3)
    page = admin.submit(page, {"last_on": last.isoformat()}, action="/end")
    assert "已记下离岗日期" in page.text
    after = load_actor(
        world.platform.database, world.accounts["mediator"], last + timedelta(days=1)
    )
    assert after.posts == ()
    past = admin.submit(page, {"last_on": "2020-01-01"}, action="/end")
    assert "最后一天不能早于今天" in past.text
    assert admin.submit(page, {"last_on": "x"}, action="/end", status=400).status == 400


def test_a_head_ends_no_post(enter: Enter, world: World) -> None:
    world.hire("admin", "系统管理员@111")
    give_password(world, "admin")
    action = enter("admin").visit("/people/mediator/handover").form("/end").get("action")
    head = enter("head")
    assert not head.visit("/people/mediator/handover").all("//form[contains(@action, '/end')]")
    fields = {"last_on": date(2099, 1, 1).isoformat(), "csrf_token": head.token()}
    page = head.post(action, fields)
    assert "只有管理丙调委的系统管理员可以结束岗位" in page.text


@pytest.mark.parametrize("path", ["/people", "/people/mediator/handover"])
def test_every_role_sees_the_people_its_data_says(world: World, site: Flask, path: str) -> None:
    """Whoever hands out work or keeps accounts, and only where they do."""
    client, wrong = site.test_client(), {}
    for role, unit, token in tokens(world):
        looks_after = bool({"assign", "admin"} & set(role.abilities))
        may = looks_after and (path == "/people" or covers(role, unit))
        status, _text = ask(client, token, path)
        if (status == 200) != may:
            wrong[f"{role.key}@{unit}"] = status
    assert wrong == {}


def test_pages_speak_english(enter: Enter, world: World) -> None:
    busy(world, 1)
    head = enter("head")
    head.visit("/people")
    page = head.post("/language", {"language": "en", "next": "/people", "csrf_token": head.token()})
    assert page.heading == "People"
    assert head.visit("/people/mediator/handover").heading == "What mediator has in hand"
    assert "Hand over 1 task" in head.visit("/people/mediator/handover?to=mediator2").text
