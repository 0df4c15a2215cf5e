"""Who is told what: acts of other people, substitutes, restricted cases, e-mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, assign, claim, release, return_task
from workflows.cases.news import given
from workflows.notices.tables import Notice
from workflows.notices.tell import tell
from workflows.organisation.delegations import Leave, delegate
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_item

ROW = {
    "revision": 7,
    "case_number": "1号",
    "title": {"zh": "调解", "en": "Talk"},
    "access_class": "normal",
    "role": "人民调解员",
    "unit_code": "111-TW",
}
"""Of a work item, as much as news needs."""


def told(world: World, username: str) -> list[tuple[str, int]]:
    """(kind, round) of somebody's notices, oldest first."""
    account = world.accounts[username]
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(
            select(Notice).where(Notice.account_id == account).order_by(Notice.id)
        )
        return [(row.kind, row.round) for row in rows]


def hand(world: World, item: str, to: str, by: str = "head", reason: str = "") -> None:
    assign(world.platform, world.actor(by), ItemCommand(item, to=to, reason=reason))


def on_leave(world: World, absent: str, substitute: str) -> None:
    leave = Leave(absent, substitute, date(2020, 1, 1), date(2099, 1, 1), "年休假")
    with world.platform.database.transaction(SYSTEM) as session:
        delegate(session, world.platform.ids, leave)


def test_whoever_is_handed_an_item_is_told_and_the_head_is_not(world: World) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    assert told(world, "mediator") == [("assigned", 2)]
    assert told(world, "head") == told(world, "mediator2") == []


def test_a_notice_has_number_and_task_and_nothing_of_the_matter(world: World) -> None:
    opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    with world.platform.database.reading(SYSTEM) as session:
        row = session.scalars(select(Notice)).one()
    assert (row.case_number, row.title) == (opened.number, dict(talk.title))
    assert (row.at, row.read_at, row.mail) == (world.clock.now(), None, 0)


def test_handing_it_on_tells_both(world: World) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    hand(world, talk.id, "mediator2")
    assert told(world, "mediator") == [("assigned", 2), ("taken", 3)]
    assert told(world, "mediator2") == [("assigned", 3)]


def test_handing_it_to_who_has_it_is_no_news(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    hand(world, talk.id, "mediator")
    assert told(world, "mediator") == []


def test_ones_own_claim_release_and_return_are_no_news(world: World) -> None:
    _opened, talk = world.at_talk()
    actor = world.actor("mediator")
    claim(world.platform, actor, ItemCommand(talk.id))
    release(world.platform, actor, ItemCommand(talk.id))
    claim(world.platform, actor, ItemCommand(talk.id))
    return_task(world.platform, actor, ItemCommand(talk.id, reason="回避"))
    assert told(world, "mediator") == []


@pytest.mark.parametrize("act", [release, return_task])
def test_what_the_head_takes_back_is_told(world: World, act) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    act(world.platform, world.actor("head"), ItemCommand(talk.id, reason="回避"))
    assert told(world, "mediator") == [("taken", 3)]


def test_restricted_work_is_told_without_its_title(world: World) -> None:
    opened, talk = world.at_talk()
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    hand(world, talk.id, "mediator")
    with world.platform.database.reading(SYSTEM) as session:
        assert session.scalars(select(Notice.title)).all() == [None]


def test_a_substitute_is_told_of_new_work(world: World) -> None:
    """As when the process gives work to somebody who is away."""
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    on_leave(world, "mediator", "mediator2")
    run_id, number = decode_item(talk.id)
    row = {**ROW, "run_id": run_id, "number": number, "assignee": "mediator"}
    with world.platform.database.transaction(SYSTEM) as session:
        news = given([row], SYSTEM, world.clock.now())
        tell(session, world.platform.ids, news, mails=False)
    assert told(world, "mediator2") == [("assigned", 7)]
    assert told(world, "mediator") == [("assigned", 2), ("assigned", 7)]


def test_a_closed_account_is_told_nothing(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["mediator"]).active = False
    release(world.platform, world.actor("head"), ItemCommand(talk.id))
    assert told(world, "mediator") == []


@pytest.mark.parametrize(
    ("email", "wants", "works", "mail"),
    [
        ("m@example.org", True, True, 1),
        ("m@example.org", True, False, 0),
        ("m@example.org", False, True, 0),
        (None, True, True, 0),
    ],
)
def test_an_email_follows_only_where_it_is_wanted_and_can_leave(
    world: World, email: str | None, wants: bool, works: bool, mail: int
) -> None:
    world.platform = replace(world.platform, mails=works)
    _opened, talk = world.at_talk()
    with world.platform.database.transaction(SYSTEM) as session:
        account = session.get_one(Account, world.accounts["mediator"])
        account.email, account.mail_notices = email, wants
    hand(world, talk.id, "mediator")
    with world.platform.database.reading(SYSTEM) as session:
        assert session.scalars(select(Notice.mail)).all() == [mail]


def test_everybody_sees_only_their_own_notices(world: World) -> None:
    _opened, talk = world.at_talk()
    hand(world, talk.id, "mediator")
    for username, count in (("mediator", 1), ("mediator2", 0), ("head", 0)):
        with world.platform.database.reading(world.actor(username)) as session:
            assert len(session.scalars(select(Notice)).all()) == count
