"""Filling in a work item: what is known is there, what is typed is never lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from tests.factories.cases import World
from tests.web.client import Page, Reader
from tests.web.conftest import Enter

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def open_task(reader: Reader, world: World) -> Page:
    """The form of a task that waits for the mediator."""
    _opened, row = world.at_talk()
    return reader.visit(f"/tasks/{row.id}")


def test_a_task_is_completed_and_the_case_goes_on(enter: Enter, world: World) -> None:
    opened = world.open()
    head = enter("head")
    page = head.visit(f"/tasks/{opened.tasks[0].id}")
    assert page.heading == "受理审查"
    page = head.submit(page, {"way": "talk"}, action="/tasks/", button="提交：受理审查")
    assert page.url == f"/cases/{opened.case}"
    assert page.classed("fq-note") == ["已提交：受理审查。 办下一件"]
    assert page.words("//h2[@id='others']") == ["等别人办"]


def test_the_next_own_task_is_offered(enter: Enter, world: World) -> None:
    world.hire("both", "调委会主任@111-TW", "人民调解员@111-TW")
    from tests.web.conftest import give_password

    give_password(world, "both")
    opened = world.open()
    both = enter("both")
    page = both.visit(f"/tasks/{opened.tasks[0].id}")
    page = both.submit(page, {"way": "talk"}, action="/tasks/", button="提交：")
    assert page.classed("fq-note") == ["已提交：受理审查。 下一步：调解"]
    assert both.visit(page.link("调解")).heading == "调解"


def test_completing_costs_the_same_at_every_step(enter: Enter, world: World) -> None:
    _opened, row = world.at_talk()
    mediator = enter("mediator")
    costs = []
    for _ in range(4):
        page = mediator.visit(f"/tasks/{row.id}")
        fields = {**dict(page.form("/tasks/").form_values()), "outcome": "again"}
        from tests.web.client import counting

        with counting(world.platform.database) as count:
            answer = mediator.ask("POST", f"/tasks/{row.id}", data=fields)
        assert answer.status_code == 303
        costs.append((count.statements, count.commits))
        row = world.platform and _newest(world, mediator)
    assert len(set(costs[1:])) == 1
    assert costs[-1][1] == 1


def _newest(world: World, reader: Reader) -> object:
    from workflows.cases.queries.inbox import InboxQuery, list_inbox

    actor = world.actor("mediator")
    return list_inbox(world.platform, actor, InboxQuery(tab="claimable")).rows[0]


def test_wrong_fields_come_back_with_what_was_typed(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    page = mediator.submit(
        page, {"note": "双方还想再谈"}, action="/tasks/", button="提交：", status=422
    )
    assert page.title.startswith("错误：调解")
    links = page.all("//div[@class='fq-errors']//a")
    assert len(links) == 1
    target = links[0].get("href")[1:]
    assert page.all(f"//*[@id='{target}']")
    assert "双方还想再谈" in page.form("/tasks/").fields["note"]


def test_a_draft_is_kept_by_its_button_and_waits_for_its_author(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    page = mediator.submit(page, {"note": "先写一半"}, action="/tasks/", button="存为草稿")
    assert page.classed("fq-note") == ["草稿已保存，可以回头再填。"]
    assert "先写一半" in page.form("/tasks/").fields["note"]
    assert page.classed("fq-saved")[0].startswith("草稿已保存")


def test_a_script_saves_the_draft_and_hears_of_another_one(enter: Enter, world: World) -> None:
    mediator, other = enter("mediator"), enter("mediator2")
    page = open_task(mediator, world)
    url = f"{page.url}/draft"
    sent = {"data": {"note": "甲"}, "draft_revision": 0}
    headers = {"X-CSRFToken": mediator.token()}
    first = mediator.ask("PUT", url, json=sent, headers=headers)
    assert (first.status_code, first.get_json()["draft_revision"]) == (200, 1)
    headers = {"X-CSRFToken": other.token()}
    second = other.ask("PUT", url, json={**sent, "data": {"note": "乙"}}, headers=headers)
    assert second.status_code == 409
    conflict = second.get_json()
    assert conflict["code"] == "stale_revision"
    assert (conflict["theirs"], conflict["mine"]) == ({"note": "甲"}, {"note": "乙"})
    assert (conflict["by"], conflict["draft_revision"]) == ("mediator", 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data": [], "draft_revision": 0}',
        b'{"data": {}, "draft_revision": "0"}',
        b'{"data": {}, "draft_revision": true}',
        b'{"data": {"note": "\\u0000"}, "draft_revision": 0}',
        b'{"data": {"note": "\\ud800"}, "draft_revision": 0}',
        b'{"data": ' + b'{"a":' * 200 + b"1" + b"}" * 200 + b', "draft_revision": 0}',
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused(enter: Enter, world: World, body: bytes) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    answer = mediator.ask(
        "PUT", f"{page.url}/draft", data=body, headers={"X-CSRFToken": mediator.token()}
    )
    assert answer.status_code == 400


def test_a_draft_button_never_overwrites_unseen(enter: Enter, world: World) -> None:
    mediator, other = enter("mediator"), enter("mediator2")
    page = open_task(mediator, world)
    seen = other.visit(page.url)
    mediator.submit(page, {"note": "甲写的"}, action="/tasks/", button="存为草稿")
    came = other.submit(seen, {"note": "乙写的"}, action="/tasks/", button="存为草稿", status=409)
    assert came.words("//section[@role='alert']/h2") == ["草稿有两份"]
    assert "乙写的" in came.form("/tasks/").fields["note"]
    came = other.submit(came, action="/tasks/", button="存为草稿")
    assert "乙写的" in came.form("/tasks/").fields["note"]


def test_somebody_else_at_the_form_is_named(enter: Enter, world: World) -> None:
    mediator, other = enter("mediator"), enter("mediator2")
    page = open_task(mediator, world)
    mediator.submit(page, {"note": "甲"}, action="/tasks/", button="存为草稿")
    assert "mediator也打开了这张表" in " ".join(other.visit(page.url).classed("fq-note"))
    assert "也打开了这张表" not in mediator.visit(page.url).text
    presence = other.ask("GET", f"{page.url}/presence")
    assert "mediator" in presence.get_data(as_text=True)
    world.clock.advance(timedelta(minutes=11))
    assert "也打开了这张表" not in other.visit(page.url).text


def test_who_submits_second_keeps_the_text(enter: Enter, world: World) -> None:
    mediator, other = enter("mediator"), enter("mediator2")
    page = open_task(mediator, world)
    seen = other.visit(page.url)
    mediator.submit(page, {"outcome": "done"}, action="/tasks/", button="提交：")
    came = other.submit(
        seen, {"outcome": "again", "note": "乙"}, action="/tasks/", button="提交：", status=409
    )
    assert came.words("//section[@role='alert']/h2") == ["有人先办了一步"]
    assert came.words("//main//section[@class='fq-paper']/h2") == ["这件待办已经办完了"]


def test_a_task_claimed_meanwhile_can_be_sent_again_by_its_owner(
    enter: Enter, world: World
) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    mediator.submit(mediator.visit("/inbox?tab=claimable"), action="/inbox/bulk", button="认领")
    values = {"outcome": "done", "note": "写好了"}
    page = mediator.submit(page, values, action="/tasks/", button="提交：", status=409)
    assert page.words("//section[@role='alert']/h2") == ["这件待办刚刚变动过"]
    assert "写好了" in page.form("/tasks/").fields["note"]
    page = mediator.submit(page, values, action="/tasks/", button="提交：")
    assert page.url.startswith("/cases/")


def test_a_form_sent_twice_counts_once(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    fields = {**dict(page.form("/tasks/").form_values()), "outcome": "again"}
    first = mediator.ask("POST", page.url, data=fields)
    second = mediator.ask("POST", page.url, data=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


def test_the_officers_time_counts_and_the_future_is_refused(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    values = {"outcome": "again", "_occurred_on": "2026-09-30", "_occurred_at": "10:00"}
    page = mediator.submit(page, values, action="/tasks/", button="提交：", status=422)
    assert page.all("//details[@open]//*[@id='occurred-error']")
    assert page.form("/tasks/").fields["_occurred_on"] == "2026-09-30"
    values = {"outcome": "again", "_occurred_on": "2026-08-20", "_occurred_at": ""}
    page = mediator.submit(page, values, action="/tasks/", button="提交：", status=422)
    values["_late_reason"] = "当天没有网络"
    page = mediator.submit(page, values, action="/tasks/", button="提交：")
    assert "补记" in page.text
    assert "当天没有网络" in page.text


@pytest.mark.parametrize("typed", ["2026-02-30", "昨天"])
def test_a_day_that_is_none_is_said_beside_its_input(
    enter: Enter, world: World, typed: str
) -> None:
    mediator = enter("mediator")
    values = {"outcome": "again", "note": "在", "_occurred_on": typed}
    page = mediator.submit(
        open_task(mediator, world), values, action="/tasks/", button="提交：", status=422
    )
    assert page.words("//div[@class='fq-errors']//a") == [
        "日期或时间写得不对，请按 2026-10-09、9:30 这样写。"
    ]
    assert "在" in page.form("/tasks/").fields["note"]


def test_a_file_travels_with_the_form_and_stays_when_it_comes_back(
    enter: Enter, world: World
) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    fields = dict(page.form("/tasks/").form_values())
    fields["scan.upload"] = (io.BytesIO(PDF), "签字页.pdf")
    page = mediator.post(page.url, fields, status=422)
    assert page.words("//*[@data-file-name]") == ["签字页.pdf"]
    kept = page.form("/tasks/").fields["scan"]
    page = mediator.submit(page, {"outcome": "again"}, action="/tasks/", button="提交：")
    assert "签字页.pdf" in page.text
    assert kept in page.link("签字页.pdf")


def test_a_file_of_an_unknown_kind_is_named_and_nothing_is_lost(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = open_task(mediator, world)
    fields = {**dict(page.form("/tasks/").form_values()), "outcome": "done", "note": "在"}
    fields["scan.upload"] = (io.BytesIO(b"MZ\x90\x00"), "扫描.exe")
    page = mediator.post(page.url, fields, status=422)
    assert len(page.all("//div[@class='fq-errors']//a")) == 1
    assert "在" in page.form("/tasks/").fields["note"]


def test_a_script_sends_a_file_by_itself(enter: Enter) -> None:
    mediator = enter("mediator")
    answer = mediator.ask(
        "POST",
        "/files",
        data={"file": (io.BytesIO(PDF), "签字页.pdf"), "csrf_token": mediator.token()},
    )
    assert answer.status_code == 201
    assert answer.get_json() | {"id": ""} == {"id": "", "name": "签字页.pdf", "size": len(PDF)}


def test_a_task_of_another_post_says_whose_it_is(enter: Enter, world: World) -> None:
    opened = world.open()
    page = enter("intake").visit(f"/tasks/{opened.tasks[0].id}")
    assert page.words("//main//section[@class='fq-paper']/h2") == ["这件待办不归您的岗位办"]
    assert page.words("//main//section[@class='fq-paper']/p") == ["由调委会主任办理。"]


def test_a_task_is_given_back_with_a_reason(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    task = open_task(mediator, world)
    mediator.submit(mediator.visit("/inbox?tab=claimable"), action="/inbox/bulk", button="认领")
    page = mediator.visit(f"{task.url}/return")
    page = mediator.submit(page, {"reason": " "}, action="/return", status=422)
    assert page.words("//div[@class='fq-errors']//a") == ["请写明原因"]
    page = mediator.submit(page, {"reason": "与当事人是亲戚"}, action="/return")
    assert (page.url, page.classed("fq-note")) == ("/inbox", ["已退回。"])
