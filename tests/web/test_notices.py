"""The bell, the page behind it, and the same for programs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.cases import World, small_package
from tests.web.client import Reader, counting
from tests.web.conftest import Enter, give_password
from tests.web.test_budgets import MOST_FOR_A_LIST, MOST_TO_COMPLETE
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, assign
from workflows.cases.open_case import Opened
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.notices import NoticesQuery, list_notices
from workflows.catalogue.versions import add_draft, publish
from workflows.organisation.accounts import issue_token
from workflows.organisation.delegations import Leave, delegate
from workflows.storage import SYSTEM


def give(world: World, to: str = "mediator") -> tuple[Opened, str]:
    """A new case whose talk the head hands to somebody; the talk's id."""
    opened, talk = world.at_talk()
    assign(world.platform, world.actor("head"), ItemCommand(talk.id, to=to))
    return opened, talk.id


def bell(reader: Reader, path: str = "/inbox") -> str:
    return reader.visit(path).classed("fq-bell")[0]


def test_the_bell_counts_what_is_not_read(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    assert bell(mediator) == "通知"
    for _ in range(3):
        give(world)
    assert bell(mediator) == "通知3未读"


def test_the_bell_costs_no_statement(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    mediator.visit("/inbox")
    before = mediator.visit("/inbox").statements
    give(world)
    assert mediator.visit("/inbox").statements == before


def test_a_notice_says_number_and_task_and_leads_to_the_task(enter: Enter, world: World) -> None:
    opened, item = give(world)
    mediator = enter("mediator")
    page = mediator.visit("/notices", most_statements=MOST_FOR_A_LIST)
    (row,) = page.classed("fq-told-row")
    assert "交给您办" in row
    assert opened.number in row
    assert not any(name in page.text for name in ("李玉梅", "王建国", "浇水", "head"))
    task = mediator.visit(page.link("调解"))
    assert task.url == f"/tasks/{item}"
    assert bell(mediator) == "通知"


def test_what_was_taken_leads_to_the_case(enter: Enter, world: World) -> None:
    opened, item = give(world)
    assign(world.platform, world.actor("head"), ItemCommand(item, to="mediator2"))
    mediator = enter("mediator")
    page = mediator.visit("/notices")
    assert [row.split()[0] for row in page.classed("fq-told-row")] == ["不再由您办", "交给您办"]
    assert mediator.visit(page.link("调解")).status == 200
    assert opened.number in mediator.visit(f"/cases/{opened.case}").text


def test_of_a_restricted_case_the_task_is_not_named(enter: Enter, world: World) -> None:
    opened, _item = give(world)
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    page = enter("mediator").visit("/notices")
    (row,) = page.classed("fq-told-row")
    assert "限制查看的案件里的一项待办" in row
    assert opened.number in row


def test_all_are_marked_read_but_those_that_came_since(enter: Enter, world: World) -> None:
    give(world)
    mediator = enter("mediator")
    page = mediator.visit("/notices")
    world.clock.advance(timedelta(minutes=1))
    give(world)
    after = mediator.submit(page, action="/notices/read")
    assert "全部通知都已标为已读" in after.text
    assert len(after.classed("is-unread")) == 1
    assert len(mediator.visit("/notices?unread=1").classed("fq-told-row")) == 1


def test_days_are_groups_and_the_newest_comes_first(enter: Enter, world: World) -> None:
    first, _ = give(world)
    world.clock.advance(timedelta(days=1))
    second, _ = give(world)
    page = enter("mediator").visit("/notices")
    assert len(page.all("//main//section")) == 2
    assert page.text.index(second.number) < page.text.index(first.number)


def test_pages_follow_each_other(enter: Enter, world: World) -> None:
    for _ in range(32):
        give(world)
    mediator = enter("mediator")
    page = mediator.visit("/notices")
    assert len(page.classed("fq-told-row")) == 30
    rest = mediator.visit(page.link("下一页"), most_statements=MOST_FOR_A_LIST)
    assert len(rest.classed("fq-told-row")) == 2
    assert mediator.visit(rest.link("回到第一页")).url == "/notices"


def test_an_empty_page_says_what_will_stand_here(enter: Enter) -> None:
    watcher = enter("watcher")
    assert "还没有通知" in watcher.visit("/notices").text
    assert "没有未读的通知" in watcher.visit("/notices?unread=1").text


def test_nobody_follows_somebody_elses_notice(enter: Enter, world: World) -> None:
    give(world)
    row = list_notices(world.platform, world.actor("mediator"), NoticesQuery()).rows[0]
    enter("mediator2").visit(f"/notices/{row.id}", status=404)
    assert list_notices(world.platform, world.actor("mediator"), NoticesQuery()).unread == 1


@pytest.mark.parametrize("path", ["/notices/x", "/notices?cursor=x"])
def test_nonsense_in_an_address_is_refused(enter: Enter, path: str) -> None:
    assert enter("mediator").ask("GET", path).status_code in (400, 404, 422)


@pytest.mark.parametrize("until", ["", "gestern", "2026-09-03"])
def test_nonsense_in_the_form_is_refused(enter: Enter, until: str) -> None:
    mediator = enter("mediator")
    fields = {"until": until, "csrf_token": mediator.token()}
    assert mediator.ask("POST", "/notices/read", data=fields).status_code in (400, 422)


def test_the_page_speaks_english(enter: Enter, world: World) -> None:
    give(world)
    mediator = enter("mediator")
    page = mediator.visit("/notices")
    fields = {"language": "en", "next": "/notices", "csrf_token": mediator.token()}
    page = mediator.post("/language", fields)
    assert page.heading == "Notices"
    assert "Given to you" in page.text


def rounds(enter: Enter, world: World, talker: str, by: str) -> list[int]:
    """Statements of each of three rounds of talking, each of which gives the next one to the
    same person."""
    with world.platform.database.transaction(SYSTEM) as session:
        row = add_draft(
            session,
            small_package(f'"{talker}"'),
            version_id=world.platform.ids.next(),
            author="test",
            now=world.clock.now(),
        )
        session.flush()
        publish(session, row, now=world.clock.now())
    world.at_talk()
    reader, costs = enter(by), []
    for _ in range(3):
        row = list_inbox(world.platform, world.actor(by), InboxQuery()).rows[0]
        fields = {
            "outcome": "again",
            "_revision": str(row.revision),
            "csrf_token": reader.token(),
        }
        with counting(world.platform.database) as count:
            answer = reader.ask("POST", f"/tasks/{row.id}", data=fields)
        assert (answer.status_code, count.commits) == (303, 1)
        costs.append(count.statements)
    return costs


def test_telling_somebody_costs_one_statement_and_telling_nobody_none(
    enter: Enter, world: World
) -> None:
    """As when a substitute does a round and the next one belongs to who is away."""
    alone = rounds(enter, world, "mediator", "mediator")
    page = list_notices(world.platform, world.actor("mediator"), NoticesQuery())
    assert (page.unread, len(page.rows)) == (0, 1)
    world.hire("helper", "记录人@111-TW")
    give_password(world, "helper")
    leave = Leave("mediator2", "helper", date(2020, 1, 1), date(2099, 1, 1), "年休假")
    with world.platform.database.transaction(SYSTEM) as session:
        delegate(session, world.platform.ids, leave)
    told = rounds(enter, world, "mediator2", "helper")
    page = list_notices(world.platform, world.actor("mediator2"), NoticesQuery())
    assert (page.unread, len(page.rows)) == (1, 4)
    assert [cost - alone[-1] for cost in told[1:]] == [1, 1]
    assert told[-1] <= MOST_TO_COMPLETE


# --- the same for programs ------------------------------------------------------------------------


def ask(reader: Reader, world: World, method: str, path: str, **options):
    with world.platform.database.transaction(SYSTEM) as session:
        token = issue_token(session, world.platform.ids, username="mediator", now=world.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    return reader.ask(method, f"/api/v1{path}", headers=headers, **options)


def test_a_program_lists_them(reader: Reader, world: World) -> None:
    opened, item = give(world)
    answer = ask(reader, world, "GET", "/notices?unread=true").json
    (row,) = answer["items"]
    assert (row["kind"], row["number"], row["title"]) == ("assigned", opened.number, "调解")
    assert (row["task"], row["case"], row["is_unread"]) == (item, opened.case, True)
    assert (answer["unread"], answer["next"]) == (1, None)


def test_a_program_marks_them_read_one_by_one_or_all(reader: Reader, world: World) -> None:
    for _ in range(3):
        give(world)
    items = ask(reader, world, "GET", "/notices").json["items"]
    one = ask(reader, world, "POST", "/notices/read", json={"notices": [items[0]["id"]]})
    assert one.json == {"unread": 2}
    rest = ask(reader, world, "POST", "/notices/read", json={"until": items[0]["at"]})
    assert rest.json == {"unread": 0}


def test_a_list_for_a_program_takes_four_statements_at_most(reader: Reader, world: World) -> None:
    give(world)
    ask(reader, world, "GET", "/notices")
    with world.platform.database.transaction(SYSTEM) as session:
        token = issue_token(session, world.platform.ids, username="mediator", now=world.clock.now())
    with counting(world.platform.database) as count:
        reader.ask("GET", "/api/v1/notices", headers={"Authorization": f"Bearer {token}"})
    assert count.statements <= MOST_FOR_A_LIST
