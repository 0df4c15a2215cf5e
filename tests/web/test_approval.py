"""Asking for an approval: who is told, what the notice leads to, and that it is asked once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cases import KEY, World
from tests.web.client import Page, Reader
from tests.web.conftest import Enter, give_password
from tests.web.test_packages import LANES, TITLE, bring, edited, press
from tests.web.test_studio import Studio
from workflows.jobs.reminders import ReminderSource
from workflows.notices.tables import Notice
from workflows.organisation.delegations import Leave, delegate
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM

MOST_FOLLOWED = 16
"""Statements: the notice is read and the version opened."""
VERSION = f"/packages/{KEY}/versions/2"
TOML = LANES[0]


def hire(world: World, enter: Enter, username: str, *posts: str) -> Reader:
    world.hire(username, *posts)
    give_password(world, username)
    return enter(username)


@pytest.fixture
def second(enter: Enter, world: World) -> Reader:
    return hire(world, enter, "second", "安全审核@1-ZZ")


@pytest.fixture
def third(enter: Enter, world: World) -> Reader:
    return hire(world, enter, "third", "安全审核@1-ZZ")


def told(world: World, username: str) -> list[tuple[str, int]]:
    """(kind, number of the version) of somebody's notices, oldest first."""
    wanted = select(Notice).where(Notice.account_id == world.accounts[username])
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(wanted.order_by(Notice.id))
        return [(row.kind, row.number) for row in rows]


def ask(reader: Reader, whom: str, status: int) -> Page:
    """Without the page's form, which offers only what can be."""
    fields = {"whom": whom, "csrf_token": reader.token()}
    return reader.post(f"{VERSION}/ask", fields, status=status)


def test_everybody_who_may_approve_is_told_and_led_to_the_version(
    owner: Reader, second: Reader, third: Reader, world: World
) -> None:
    bring(owner, edited(*LANES))
    page = press(owner, "请人审核", whom="")
    assert "已请second、third审核第 2 版" in page.text
    assert "请人审核" in page.words("//section[@aria-labelledby='log']")[0]
    assert told(world, "second") == told(world, "third") == [("approval", 2)]
    assert second.visit("/inbox").classed("fq-bell") == ["通知1未读"]
    (row,) = second.visit("/notices").classed("fq-told-row")
    assert "请您审核" in row
    lead = second.last.link("小案第 2 版")
    assert second.visit(lead, most_statements=MOST_FOLLOWED).url == VERSION
    assert second.visit("/inbox").classed("fq-bell") == ["通知"]


def test_one_is_chosen_and_asking_twice_says_so(
    owner: Reader, second: Reader, third: Reader, world: World
) -> None:
    bring(owner, edited(*LANES))
    press(owner, "请人审核", whom="third")
    assert told(world, "second") == []
    again = press(owner, "请人审核", whom="third", status=409)
    assert "已经请third审核这个版本" in again.text
    press(owner, "请人审核", whom="")
    assert (told(world, "second"), told(world, "third")) == ([("approval", 2)], [("approval", 2)])


def test_whoever_asked_hears_of_the_approval(owner: Reader, second: Reader, world: World) -> None:
    bring(owner, edited(*LANES))
    press(owner, "请人审核", whom="second")
    press(second, "审核通过这个版本", VERSION)
    assert told(world, "owner") == [("approved", 2)]
    (row,) = owner.visit("/notices").classed("is-unread")
    assert "审核通过" in row
    assert second.visit("/notices?unread=1").classed("fq-told-row") == []
    press(owner, "发布第 2 版", VERSION, notes="统一叫法")
    assert owner.visit("/notices?unread=1").classed("fq-told-row") == []


def test_an_approval_that_lapsed_is_asked_for_anew(
    owner: Reader, second: Reader, world: World
) -> None:
    bring(owner, edited(*LANES))
    press(owner, "请人审核", whom="second")
    press(second, "审核通过这个版本", VERSION)
    bring(owner, edited(*TITLE))
    press(owner, "发布第 3 版", notes="统一叫法")
    owner.visit(VERSION, most_statements=MOST_FOLLOWED)
    press(owner, "请人审核", whom="second")
    assert told(world, "second") == [("approval", 2), ("approval", 2)]
    assert len(second.visit("/notices").classed("is-unread")) == 1


def test_nobody_is_asked_where_nobody_has_to_look(owner: Reader, second: Reader) -> None:
    page = bring(owner, edited(*TITLE))
    assert page.all("//form[@id='ask']") == []
    refused = ask(owner, "", 409)
    assert "不用审核" in refused.text


def test_the_author_and_people_elsewhere_are_not_offered(
    enter: Enter, world: World, second: Reader
) -> None:
    hire(world, enter, "elsewhere", "安全审核@11-ZZ")
    both = hire(world, enter, "both", "流程负责人@1-ZZ", "安全审核@1-ZZ")
    page = bring(both, edited(*LANES))
    assert [one.get("value") for one in page.all("//select[@id='whom']/option")] == ["second"]
    refused = ask(both, "elsewhere", 422)
    assert "不能审核这个版本" in refused.text
    assert told(world, "elsewhere") == []


def test_without_anybody_to_ask_the_page_says_what_to_do(owner: Reader) -> None:
    bring(owner, edited(*LANES))
    refused = ask(owner, "", 409)
    assert "请管理员先安排" in refused.text


def test_who_stands_in_is_told_too_and_mail_goes_as_people_want(
    owner: Reader, second: Reader, third: Reader, world: World
) -> None:
    world.hire("deputy")
    leave = Leave("second", "deputy", date(2020, 1, 1), date(2099, 1, 1), "年休假")
    with world.platform.database.transaction(SYSTEM) as session:
        delegate(session, world.platform.ids, leave)
        account = session.get_one(Account, world.accounts["third"])
        account.email, account.mail_notices = "third@example.org", True
    bring(owner, edited(*LANES))
    press(owner, "请人审核", whom="")
    assert told(world, "deputy") == [("approval", 2)]
    with world.platform.database.reading(SYSTEM) as session:
        wanted = select(Notice.mail).where(Notice.account_id == world.accounts["third"])
        assert session.scalars(wanted).all() == [int(world.platform.mails)]


def test_the_studio_asks_the_same_way(owner: Reader, second: Reader, world: World) -> None:
    studio = Studio(owner)
    text = edited(*LANES).files[TOML].decode()
    studio.post("save", {"revision": 0, "changes": {TOML: text}, "notes": ""})
    number = studio.post("hand-in", {"revision": 1, "notes": "记录人也能发起"})["version"]["number"]
    offered = studio.get(f"approvers/{number}")["approvers"]
    assert [(one["username"], one["name"]) for one in offered] == [("second", "second")]
    assert "已请second审核" in studio.post(f"approvers/{number}", {"whom": ""})["message"]
    assert told(world, "second") == [("approval", number)]
    again = studio.post(f"approvers/{number}", {"whom": ""}, status=409)
    assert "还在等审核" in again["detail"]
    assert second.visit("/notices").status == 200


def test_what_waits_is_not_tidied_away(owner: Reader, second: Reader, world: World) -> None:
    bring(owner, edited(*LANES))
    press(owner, "请人审核", whom="second")
    ReminderSource(world.platform).run_due(10)
    assert len(second.visit("/notices").classed("is-unread")) == 1
    press(second, "审核通过这个版本", VERSION)
    ReminderSource(world.platform).run_due(10)
    with world.platform.database.reading(SYSTEM) as session:
        mine = select(Notice.read_at).where(Notice.account_id == world.accounts["second"])
        assert session.scalars(mine).one() is not None
