"""What people arrange for themselves: leave, e-mail, the calendar's address."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from tests.factories.cases import World
from tests.web.client import Reader
from tests.web.conftest import Enter
from workflows.cases.case_bonds import seal
from workflows.cases.case_commands import CaseCommand
from workflows.cases.claim_task import ItemCommand, claim
from workflows.organisation.accounts import issue_token
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM


def day(world: World, more: int = 0) -> str:
    return (world.clock.now().date() + timedelta(days=more)).isoformat()


def away(world: World, **changes: str) -> dict[str, str]:
    values = {
        "from_on": day(world, 1),
        "to_on": day(world, 5),
        "substitute": "mediator2",
        "leave_reason": "年休假",
    }
    return {**values, **changes}


# --- leave ----------------------------------------------------------------------------------------


def test_a_leave_is_entered_listed_and_cancelled(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = mediator.submit(mediator.visit("/account"), away(world), action="/account/leave")
    assert "已登记请假" in page.text
    assert "mediator2 代班" in page.text
    assert "代 mediator" in enter("mediator2").visit("/account").text
    page = mediator.submit(page, action="/end", button="取消请假")
    assert "这次请假已结束" in page.text
    assert "mediator2 代班" not in page.text


def test_whoever_is_back_early_ends_it(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    fields = away(world, from_on=day(world))
    page = mediator.submit(mediator.visit("/account"), fields, action="/account/leave")
    page = mediator.submit(page, action="/end", button="今天起回来上班")
    assert "mediator2 代班" not in page.text


def test_wrong_fields_are_named_all_at_once_and_kept(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    fields = away(world, from_on=day(world, -1), substitute="", leave_reason="")
    page = mediator.submit(mediator.visit("/account"), fields, action="/account/leave", status=422)
    assert page.words("//div[@class='fq-errors']//li") == [
        "请假最早从今天开始，请改开始日期。",
        "请选择一位本单位的同事代班。",
        "请写明请假事由。",
    ]
    assert page.all(f"//input[@name='to_on' and @value='{fields['to_on']}']")


@pytest.mark.parametrize("value", ["", "gestern", "2026-02-30"])
def test_a_day_that_is_none_is_named(enter: Enter, world: World, value: str) -> None:
    mediator = enter("mediator")
    page = mediator.submit(
        mediator.visit("/account"),
        away(world, to_on=value),
        action="/account/leave",
        status=422,
    )
    assert page.words("//div[@class='fq-errors']//li") == ["请填写一个日期。"]


def test_days_that_are_handed_over_already_are_refused(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    mediator.submit(mediator.visit("/account"), away(world), action="/account/leave")
    fields = {**away(world, substitute="intake"), "csrf_token": mediator.token()}
    page = mediator.post("/account/leave", fields, status=422)
    assert "这几天已经安排了代班" in page.text
    assert page.all("//option[@value='intake' and @selected]")


def test_nobody_ends_somebody_elses_leave(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    page = mediator.submit(mediator.visit("/account"), away(world), action="/account/leave")
    action = page.form("/end").get("action")
    other = enter("mediator2")
    assert not other.visit("/account").all("//form[contains(@action, '/end')]")
    other.post(action, {"csrf_token": other.token()}, status=403)
    assert "mediator2 代班" in mediator.visit("/account").text


def test_who_has_no_colleague_is_told_so(enter: Enter) -> None:
    page = enter("watcher").visit("/account")
    assert "本单位今天没有别的同事在岗" in page.text
    assert not page.all("//form[contains(@action, '/account/leave')]")


# --- e-mail ---------------------------------------------------------------------------------------


def stored(world: World) -> tuple[str | None, bool]:
    with world.platform.database.reading(SYSTEM) as session:
        row = session.get_one(Account, world.accounts["mediator"])
        return row.email, row.mail_notices


def test_an_address_and_the_wish_for_mail_are_kept(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    fields = {"email": "m@example.org", "mail_notices": "1"}
    page = mediator.submit(mediator.visit("/account"), fields, action="/account/email")
    assert "邮件提醒的设置已保存" in page.text
    assert stored(world) == ("m@example.org", True)
    page = mediator.submit(page, {"email": "", "mail_notices": ()}, action="/account/email")
    assert stored(world) == (None, False)


@pytest.mark.parametrize(
    ("email", "wants", "said"),
    [("m@", "1", "邮箱地址不完整"), ("", "1", "请先填写邮箱地址"), ("m", (), "邮箱地址不完整")],
)
def test_what_is_no_address_is_refused(
    enter: Enter, world: World, email: str, wants: object, said: str
) -> None:
    mediator = enter("mediator")
    fields = {"email": email, "mail_notices": wants}
    page = mediator.submit(mediator.visit("/account"), fields, action="/account/email", status=422)
    assert said in page.words("//div[@class='fq-errors']//li")[0]
    assert stored(world) == (None, False)


def test_without_a_mail_server_the_page_says_so(enter: Enter) -> None:
    assert "还没有接通邮件服务器" in enter("mediator").visit("/account").text


# --- calendar -------------------------------------------------------------------------------------


def has_talk(world: World) -> tuple[str, str]:
    """(case's number, item) of a talk the mediator has."""
    opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    return opened.number, talk.id


def renew(reader: Reader) -> str:
    fields = {"csrf_token": reader.token()}
    page = reader.post("/account/calendar", fields)
    return "/" + page.words("//code")[0].split("/", 3)[3]


def test_a_calendar_shows_dates_numbers_and_tasks_only(
    enter: Enter, reader: Reader, world: World
) -> None:
    number, item = has_talk(world)
    path = renew(enter("mediator"))
    answer = reader.ask("GET", path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    text = answer.get_data(as_text=True)
    assert not any(word in text for word in ("李玉梅", "王建国", "浇水", "mediator"))
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == f"调解 · {number}"
    assert str(event["url"]).endswith(f"/tasks/{item}")
    assert calendar["refresh-interval"].to_ical() == b"PT1H"
    assert "BEGIN:VEVENT" in text
    assert "\r\n" in text


def test_a_limit_that_ends_with_a_day_fills_that_day(
    enter: Enter, reader: Reader, world: World
) -> None:
    from sqlalchemy import update

    from workflows.cases.queries.inbox import InboxQuery, list_inbox
    from workflows.cases.tables import WorkItem

    has_talk(world)
    path = renew(enter("mediator"))
    row = list_inbox(world.platform, world.actor("mediator"), InboxQuery()).rows[0]
    (event,) = Calendar.from_ical(reader.ask("GET", path).data).walk("VEVENT")
    assert event["dtstart"].dt == row.due_on
    assert event["dtend"].dt == row.due_on + timedelta(days=1)
    moment = world.clock.now() + timedelta(hours=5, minutes=7)
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(WorkItem).values(due_at=moment))
    answer = reader.ask("GET", path)
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["dtstart"].dt == moment
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert b"BEGIN:VTIMEZONE" in answer.data


def test_of_a_restricted_case_only_the_number_is_shown(
    enter: Enter, reader: Reader, world: World
) -> None:
    opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    seal(world.platform, world.actor("head"), CaseCommand(opened.case, "涉及未成年人"))
    path = renew(enter("mediator"))
    (event,) = Calendar.from_ical(reader.ask("GET", path).data).walk("VEVENT")
    assert str(event["summary"]) == opened.number


def test_a_new_address_replaces_the_old_one_and_is_shown_once(
    enter: Enter, reader: Reader, world: World
) -> None:
    mediator = enter("mediator")
    first, second = renew(mediator), renew(mediator)
    assert reader.ask("GET", first).status_code == 404
    assert reader.ask("GET", second).status_code == 200
    page = mediator.visit("/account")
    assert second not in page.text
    assert "正在使用" in page.text


def test_a_stopped_address_leads_nowhere(enter: Enter, reader: Reader, world: World) -> None:
    mediator = enter("mediator")
    path = renew(mediator)
    page = mediator.submit(mediator.visit("/account"), action="/account/calendar/revoke")
    assert "日历地址已停用" in page.text
    assert reader.ask("GET", path).status_code == 404


def test_a_closed_account_and_an_unknown_secret_sound_the_same(
    enter: Enter, reader: Reader, world: World
) -> None:
    path = renew(enter("mediator"))
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["mediator"]).active = False
    for wanted in (path, "/calendar/x.ics", f"/calendar/{'a' * 43}.ics"):
        assert reader.ask("GET", wanted).status_code == 404


def test_the_secret_opens_nothing_else_and_a_token_opens_no_calendar(
    enter: Enter, reader: Reader, world: World
) -> None:
    secret = renew(enter("mediator")).split("/")[-1].removesuffix(".ics")
    with world.platform.database.transaction(SYSTEM) as session:
        token = issue_token(session, world.platform.ids, username="mediator", now=world.clock.now())
    headers = {"Authorization": f"Bearer {secret}"}
    assert reader.ask("GET", "/api/v1/me", headers=headers).status_code == 401
    assert reader.ask("GET", f"/calendar/{token}.ics").status_code == 404


def test_the_secret_is_in_no_log(
    enter: Enter, reader: Reader, world: World, lines: io.StringIO
) -> None:
    path = renew(enter("mediator"))
    reader.ask("GET", path)
    assert "/calendar/<token>.ics" in lines.getvalue()
    assert path.split("/")[-1][:-4] not in lines.getvalue()


def test_an_address_is_not_tried_without_end(site: Flask, reader: Reader) -> None:
    codes = {reader.ask("GET", f"/calendar/{number}.ics").status_code for number in range(130)}
    assert codes == {404, 429}


def test_the_page_speaks_english(enter: Enter, world: World) -> None:
    mediator = enter("mediator")
    mediator.visit("/account")
    page = mediator.submit(mediator.visit("/account"), away(world), action="/account/leave")
    fields = {"language": "en", "next": "/account", "csrf_token": mediator.token()}
    page = mediator.post("/language", fields)
    assert "Leave and substitutes" in page.text
    assert "mediator2 stands in" in page.text
