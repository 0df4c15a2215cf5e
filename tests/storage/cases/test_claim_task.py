"""Who has an item: claim, release, return, assign, many at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.claim_task import (
    BulkCommand,
    ItemCommand,
    assign,
    bulk,
    claim,
    list_assignable,
    release,
    return_task,
)
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.cases.tables import Participation
from workflows.errors import (
    AlreadyDoneError,
    ForbiddenError,
    InvalidInputError,
    KeyReusedError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.storage import SYSTEM


def inbox(world: World, username: str, tab: str = "mine") -> list[str]:
    page = list_inbox(world.platform, world.actor(username), InboxQuery(tab=tab))
    return [row.id for row in page.rows]


def test_claim_moves_the_item_to_its_claimer(world: World) -> None:
    _opened, talk = world.at_talk()
    row = claim(world.platform, world.actor("mediator"), ItemCommand(talk.id, talk.revision))
    assert (row.assignee, row.assignee_name, row.revision) == ("mediator", "mediator", 2)
    assert row.may == ("open", "release", "return", "complete")
    assert inbox(world, "mediator") == [talk.id]
    assert inbox(world, "mediator2", "claimable") == []


def test_claim_lets_the_claimer_see_the_whole_case(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    with world.platform.database.reading(SYSTEM) as session:
        part = session.scalars(
            select(Participation).where(Participation.account_id == world.accounts["mediator"])
        ).one()
    assert (part.level, part.why) == ("full", "claim")


@pytest.mark.parametrize(
    ("username", "error", "code"),
    [
        ("intake", ForbiddenError, "cases.other_role"),
        ("head", ForbiddenError, "cases.other_role"),
        ("watcher", ForbiddenError, "cases.other_role"),
        ("stranger", NotVisibleError, "cases.unknown_item"),
    ],
)
def test_claim_is_refused_to_others(world: World, username: str, error: type, code: str) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(error) as refusal:
        claim(world.platform, world.actor(username), ItemCommand(talk.id))
    assert refusal.value.message.code == code


def test_claim_what_somebody_has_is_refused(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    with pytest.raises(ForbiddenError) as refusal:
        claim(world.platform, world.actor("mediator2"), ItemCommand(talk.id))
    assert refusal.value.message.params == {"name": "mediator"}


def test_claim_with_a_stale_revision_is_refused(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(StaleRevisionError):
        claim(world.platform, world.actor("mediator"), ItemCommand(talk.id, 9))


def test_claim_what_is_done_is_refused(world: World) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="done")
    with pytest.raises(AlreadyDoneError):
        claim(world.platform, world.actor("mediator2"), ItemCommand(talk.id))


def test_claim_with_the_same_key_answers_the_same(world: World) -> None:
    _opened, talk = world.at_talk()
    command = ItemCommand(talk.id, idempotency_key="k")
    first = claim(world.platform, world.actor("mediator"), command)
    assert claim(world.platform, world.actor("mediator"), command) == first
    with pytest.raises(KeyReusedError):
        release(world.platform, world.actor("mediator"), command)


def test_release_gives_it_back_to_all(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    row = release(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    assert (row.assignee, row.revision) == (None, 3)
    assert inbox(world, "mediator2", "claimable") == [talk.id]


def test_release_of_somebody_elses_is_for_the_head(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    with pytest.raises(ForbiddenError):
        release(world.platform, world.actor("mediator2"), ItemCommand(talk.id))
    assert release(world.platform, world.actor("head"), ItemCommand(talk.id)).assignee is None


def test_return_needs_a_reason_and_keeps_it(world: World) -> None:
    opened, talk = world.at_talk()
    actor = world.actor("mediator")
    claim(world.platform, actor, ItemCommand(talk.id))
    with pytest.raises(RuleError):
        return_task(world.platform, actor, ItemCommand(talk.id, reason="  "))
    return_task(world.platform, actor, ItemCommand(talk.id, reason="和当事人是亲戚"))
    page = list_timeline(world.platform, world.actor("head"), TimelineQuery(opened.case))
    assert (page.entries[0].action, page.entries[0].detail) == ("return", "和当事人是亲戚")


def test_assign_is_for_the_head_and_to_a_candidate(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(ForbiddenError):
        assign(world.platform, world.actor("mediator"), ItemCommand(talk.id, to="mediator2"))
    with pytest.raises(RuleError) as refusal:
        assign(world.platform, world.actor("head"), ItemCommand(talk.id, to="stranger"))
    assert refusal.value.message.code == "cases.not_a_candidate"
    row = assign(world.platform, world.actor("head"), ItemCommand(talk.id, to="mediator2"))
    assert row.assignee == "mediator2"
    assert inbox(world, "mediator2") == [talk.id]


def test_assign_to_nobody_is_invalid(world: World) -> None:
    _opened, talk = world.at_talk()
    with pytest.raises(InvalidInputError):
        assign(world.platform, world.actor("head"), ItemCommand(talk.id))


def test_list_assignable_names_the_roles_holders(world: World) -> None:
    _opened, talk = world.at_talk()
    found = list_assignable(world.platform, world.actor("head"), talk.id)
    assert [person.username for person in found] == ["mediator", "mediator2"]
    with pytest.raises(NotVisibleError):
        list_assignable(world.platform, world.actor("mediator"), talk.id)


def test_bulk_answers_for_each_item(world: World) -> None:
    items = [world.at_talk()[1].id for _ in range(3)]
    actor = world.actor("mediator")
    claim(world.platform, world.actor("mediator2"), ItemCommand(items[1]))
    found = bulk(world.platform, actor, BulkCommand([*items, "nonsense"], "claim"))
    assert [answer.refusal.code if answer.refusal else "" for answer in found] == [
        "",
        "cases.item_of_other",
        "",
        "id.malformed",
    ]
    assert sorted(inbox(world, "mediator")) == sorted([items[0], items[2]])


@pytest.mark.parametrize("action", ["", "complete"])
def test_bulk_refuses_other_acts(world: World, action: str) -> None:
    with pytest.raises(InvalidInputError):
        bulk(world.platform, world.actor("mediator"), BulkCommand(["x"], action))


def test_the_assignee_of_the_diagram_is_kept(world: World) -> None:
    _opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    mine = list_inbox(world.platform, world.actor("mediator"), InboxQuery()).rows[0]
    done = world.complete("mediator", mine, outcome="again")
    assert done.tasks[0].assignee is None
