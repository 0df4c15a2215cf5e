"""The desk of letters: lists, one letter, sending again, answers on paper; also for programs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.factories.cases import World, rows
from tests.factories.handoffs import TALKS, VILLAGE, Letters, add_package, talks_package
from tests.web import letters as fixtures
from tests.web.client import Page, counting
from tests.web.conftest import Enter
from workflows.cases.tables import StoredFile
from workflows.catalogue.tables import PackageVersion
from workflows.handoffs.tables import Handoff
from workflows.storage import SYSTEM
from workflows.storage.ids import encode_id

letters, world = fixtures.letters, fixtures.world
MOST_FOR_A_LIST = 4


def listed(page: Page) -> list[str]:
    return page.words("//main//tbody/tr/td[1]/a")


def row_of(letters: Letters) -> Handoff:
    return rows(letters.world, Handoff)[-1]


def kill(letters: Letters) -> None:
    """A letter that cannot be delivered."""
    letters.send()
    with letters.world.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(PackageVersion).where(PackageVersion.key == TALKS).values(state="retired")
        )
    letters.work()


def test_each_side_finds_the_letter_in_its_own_list(letters: Letters, enter: Enter) -> None:
    letters.send()
    letters.work()
    liaison, head = enter("liaison"), enter("head")
    sent = liaison.visit("/letters?box=out", most_statements=MOST_FOR_A_LIST)
    assert listed(sent) == ["委派调解函"]
    assert "丙调委" in sent.text
    assert sent.words("//main//tbody//td[2]") == ["丙调委丙调委受〔2026〕1号"]
    assert listed(liaison.visit("/letters")) == []
    received = head.visit("/letters", most_statements=MOST_FOR_A_LIST)
    assert listed(received) == ["委派调解函"]
    assert "乙法院" in received.text


def test_lists_are_filtered_by_state_and_kind_and_turned_round(
    letters: Letters, enter: Enter
) -> None:
    letters.send()
    letters.work()
    letters.world.clock.advance(timedelta(days=3))
    letters.send(VILLAGE)
    liaison = enter("liaison")
    assert listed(liaison.visit("/letters?box=out")) == ["委派调解函"] * 2
    page = liaison.visit("/letters?box=out&order=oldest")
    assert page.words("//main//tbody/tr/td[2]")[0].startswith("丙调委")
    assert "3 天前发出" in page.text
    assert listed(liaison.visit("/letters?box=out&state=received")) == ["委派调解函"]
    assert listed(liaison.visit("/letters?box=out&kind=nothing")) == []
    liaison.visit("/letters?box=everything", status=400)
    liaison.visit("/letters?state=lost", status=400)
    liaison.visit("/letters?cursor=xyz", status=400)


def test_pages_go_on_behind_the_last_row(letters: Letters, enter: Enter) -> None:
    for _ in range(31):
        letters.send()
    liaison = enter("liaison")
    first = liaison.visit("/letters?box=out", most_statements=MOST_FOR_A_LIST)
    second = liaison.visit(first.link("下一页"))
    assert (len(listed(first)), len(listed(second))) == (30, 1)
    numbers = [*first.classed("fq-case-link"), *second.classed("fq-case-link")]
    assert len(set(numbers)) == 31


def test_a_dead_letter_says_why_and_is_sent_again(letters: Letters, enter: Enter) -> None:
    kill(letters)
    liaison = enter("liaison")
    page = liaison.visit("/letters?box=dead")
    assert "没有送达" in page.text
    add_package(letters.world, talks_package())
    page = liaison.submit(page, action="/resend")
    assert "已重新发送" in page.text
    assert listed(page) == []
    letters.work()
    assert row_of(letters).state == "received"


def test_sending_again_what_arrived_is_a_sentence(letters: Letters, enter: Enter) -> None:
    letters.send()
    letters.work()
    liaison = enter("liaison")
    where = f"/letters/{encode_id(row_of(letters).id)}"
    liaison.visit(where)
    page = liaison.post(f"{where}/resend", {"csrf_token": liaison.token(), "next": where})
    assert "不用重新发送" in page.text


def test_a_scanned_number_opens_its_letter(letters: Letters, enter: Enter) -> None:
    letters.send()
    liaison = enter("liaison")
    number = encode_id(row_of(letters).id)
    page = liaison.visit(f"/letters/find?number=+{number.upper()}+")
    assert (page.url, page.heading) == (f"/letters/{number}", "委派调解函")
    liaison.visit("/letters/find?number=0123456789abc", status=404)
    liaison.visit("/letters/find?number=", status=400)


def test_the_case_page_shows_the_other_procedure_and_nothing_of_its_case(
    letters: Letters, enter: Enter
) -> None:
    opened = letters.send()
    letters.work()
    page = enter("liaison").visit(f"/cases/{opened.case}", most_statements=16)
    (panel,) = page.words("//section[@aria-labelledby='linked']")
    assert "《委派调解函》已送达丙调委" in page.text
    assert "受托调解" in panel
    assert "已送达" in panel
    other = encode_id(row_of(letters).to_case or 0)
    page = enter("head").visit(f"/cases/{other}", most_statements=16)
    (panel,) = page.words("//section[@aria-labelledby='linked']")
    assert "诉前委派" in panel
    assert "还剩" in panel
    assert "拟驳回" not in page.text


def test_an_answer_on_paper_is_written_down_with_its_scan(letters: Letters, enter: Enter) -> None:
    _, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    liaison = enter("liaison")
    where = f"/letters/{encode_id(row_of(letters).id)}"
    page = liaison.visit(where)
    refused = liaison.submit(page, action="/answer", status=422)
    assert refused.title.startswith("错误：")
    assert "答复没有写明结果" in refused.text
    wrong_day = {"outcome": "agreed", "_occurred_on": "2030-01-01"}
    refused = liaison.submit(refused, wrong_day, action="/answer", status=422)
    assert row_of(letters).state == "sent"
    scan = [(io.BytesIO(b"%PDF-1.7 a scan"), "回函.pdf")]
    done = liaison.submit(
        refused,
        {"outcome": "agreed", "reason": "自愿", "_occurred_on": "", "scan.upload": scan},
        action="/answer",
    )
    assert "已记下对方的答复" in done.text
    assert "达成协议" in done.words("//section[@aria-labelledby='answers']")[0]
    assert row_of(letters).state == "answered"
    (file,) = rows(letters.world, StoredFile)
    assert (file.name, file.case_id) == ("回函.pdf", row_of(letters).from_case)
    assert "登记对方的书面答复" not in done.text


def test_a_scan_uploaded_before_stays_until_it_is_taken_away(
    letters: Letters, enter: Enter
) -> None:
    _, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    liaison = enter("liaison")
    page = liaison.visit(f"/letters/{encode_id(row_of(letters).id)}")
    scan = [(io.BytesIO(b"%PDF-1.7 a scan"), "回函.pdf")]
    kept = liaison.submit(page, {"scan.upload": scan}, action="/answer", status=422)
    (file,) = rows(letters.world, StoredFile)
    assert kept.all("//input[@name='scan']/@value") == ["", encode_id(file.id)]
    gone = liaison.submit(kept, action="/answer", button="删除")
    assert gone.all("//input[@name='scan']/@value") == [""]
    foreign = {"outcome": "agreed", "scan": ["0123456789abc"]}
    refused = liaison.submit(gone, foreign, action="/answer", status=422)
    assert row_of(letters).state == "sent"
    assert refused.title.startswith("错误：")


def test_a_desk_that_answers_for_itself_has_no_form(letters: Letters, enter: Enter) -> None:
    letters.send()
    letters.work()
    liaison = enter("liaison")
    where = f"/letters/{encode_id(row_of(letters).id)}"
    assert "登记对方的书面答复" not in liaison.visit(where).text
    fields = {"csrf_token": liaison.token(), "outcome": "agreed"}
    liaison.post(f"{where}/answer", fields, status=403)


@pytest.mark.parametrize("path", ["/letters?box=out", "/letters?box=dead", "/letters", "letter"])
def test_pages_are_whole_in_english(letters: Letters, enter: Enter, path: str) -> None:
    kill(letters)
    liaison = enter("liaison")
    liaison.post("/language", {"language": "en", "csrf_token": liaison.token()})
    where = f"/letters/{encode_id(row_of(letters).id)}" if path == "letter" else path
    page = liaison.visit(where)
    assert page.heading in ("Letters", "Letter of delegation")


def test_programs_list_resend_and_answer(letters: Letters, enter: Enter, world: World) -> None:
    kill(letters)
    liaison = enter("liaison")
    headers = {"X-CSRFToken": liaison.token()}
    with counting(world.platform.database) as count:
        found = liaison.ask("GET", "/api/v1/handoffs?box=dead").get_json()["items"]
    assert count.statements <= MOST_FOR_A_LIST
    assert [(one["state"], one["may"]) for one in found] == [("dead", ["resend"])]
    add_package(letters.world, talks_package())
    answer = liaison.ask("POST", f"/api/v1/handoffs/{found[0]['id']}/resend", headers=headers)
    assert answer.get_json() == {"state": "sent"}
    letters.work()
    path = "/api/v1/handoffs?box=out&handoff_state=received&handoff_kind=delegate"
    (one,) = liaison.ask("GET", path).get_json()["items"]
    assert (one["other"], one["direction"], one["problem"]) == ("丙调委", "out", None)
    path = f"/api/v1/handoffs/{one['id']}/answer"
    refused = liaison.ask("POST", path, headers=headers, json={"outcome": "agreed"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "handoffs.answered_by_desk")


def test_a_program_writes_a_paper_answer_down_once(letters: Letters, enter: Enter) -> None:
    _, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    liaison = enter("liaison")
    headers = {"X-CSRFToken": liaison.token(), "Idempotency-Key": "one"}
    path = f"/api/v1/handoffs/{encode_id(row_of(letters).id)}/answer"
    for _ in range(2):
        answer = liaison.ask("POST", path, headers=headers, json={"outcome": "failed"})
        assert (answer.status_code, answer.get_json()) == (200, {"state": "answered"})
    assert row_of(letters).answers == 1


def test_the_answer_of_a_party_without_a_desk_may_come_as_a_message(
    letters: Letters, enter: Enter
) -> None:
    opened, choose = letters.file()
    letters.world.complete("liaison", choose, to_name="某仲裁委员会")
    liaison = enter("liaison")
    headers = {"X-CSRFToken": liaison.token()}
    path, body = f"/api/v1/cases/{opened.case}/messages", {"message_id": "m1", "payload": {}}
    unknown = liaison.ask("POST", path, headers=headers, json={**body, "name": "nobody.knows"})
    assert unknown.get_json()["code"] == "engine.message_unknown"
    payload = {"outcome": "failed", "reason": "absent", "data": {"days": 3}}
    body = {**body, "name": "delegate.answered", "payload": payload}
    for _ in range(2):
        answer = liaison.ask("POST", path, headers=headers, json=body)
        assert answer.get_json() == {"outcome": "delivered"}
    assert (row_of(letters).state, row_of(letters).outcome) == ("answered", "failed")
    assert row_of(letters).answers == 1


def test_a_message_for_a_letter_with_a_desk_is_no_answer(letters: Letters, enter: Enter) -> None:
    opened = letters.send()
    letters.work()
    liaison = enter("liaison")
    headers = {"X-CSRFToken": liaison.token()}
    body = {"message_id": "m1", "name": "delegate.answered", "payload": {"outcome": "agreed"}}
    path = f"/api/v1/cases/{opened.case}/messages"
    answer = liaison.ask("POST", path, headers=headers, json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cases.not_a_sender")
    assert row_of(letters).state == "received"
