"""In and out of the site: passwords, locks, sessions that end, addresses to go back to."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories.cases import World
from tests.factories.organisation import PASSWORD
from tests.web.client import Reader
from tests.web.conftest import Enter


def test_the_root_leads_to_sign_in_and_then_to_the_inbox(reader: Reader) -> None:
    page = reader.visit("/")
    assert (page.url, page.title) == ("/sign-in?next=/inbox", "登录")
    page = reader.submit(page, {"username": "intake", "password": PASSWORD}, action="/sign-in")
    assert (page.url, page.heading) == ("/inbox", "待办")


def test_after_sign_in_the_wanted_page_comes(reader: Reader, world: World) -> None:
    opened = world.open()
    page = reader.visit(f"/cases/{opened.case}?x=1")
    page = reader.submit(page, {"username": "intake", "password": PASSWORD}, action="/sign-in")
    assert page.url == f"/cases/{opened.case}?x=1"


def test_a_foreign_address_is_not_gone_to(reader: Reader) -> None:
    page = reader.visit("/sign-in?next=https://example.org/")
    page = reader.submit(page, {"username": "intake", "password": PASSWORD}, action="/sign-in")
    assert page.url == "/inbox"


@pytest.mark.parametrize("typed", [("intake", "wrong password"), ("nobody", PASSWORD), ("", "")])
def test_wrong_credentials_come_back_with_the_name(reader: Reader, typed: tuple[str, str]) -> None:
    page = reader.visit("/sign-in")
    values = {"username": typed[0], "password": typed[1]}
    page = reader.submit(page, values, action="/sign-in", status=422)
    assert page.title == "错误：登录"
    assert page.classed("fq-note") == ["用户名或密码不对，请重新输入。"]
    assert page.form("/sign-in").fields["username"] == typed[0]
    assert page.form("/sign-in").fields["password"] in (None, "")


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    reader: Reader, world: World
) -> None:
    for _ in range(5):
        page = reader.submit(
            reader.visit("/sign-in"),
            {"username": "intake", "password": "wrong"},
            action="/sign-in",
            status=422,
        )
    assert page.classed("fq-note") == ["密码连续输错，账号已暂停登录，请 15 分钟后再试。"]
    right = {"username": "intake", "password": PASSWORD}
    reader.submit(page, right, action="/sign-in", status=422)
    world.clock.advance(timedelta(minutes=15, seconds=1))
    page = reader.submit(reader.visit("/sign-in"), right, action="/sign-in")
    assert page.url == "/inbox"


def test_too_many_tries_from_one_place_are_told_to_wait(reader: Reader) -> None:
    fields = {"csrf_token": reader.token(), "username": "nobody", "password": "wrong"}
    for _ in range(20):
        assert reader.ask("POST", "/sign-in", data=fields).status_code == 422
    page = reader.post("/sign-in", fields, status=429)
    assert page.heading == "请等一会儿"


def test_signing_out_ends_the_session(enter: Enter) -> None:
    intake = enter("intake")
    page = intake.visit("/inbox")
    token = page.form("/sign-out") if page.all("//main//form[@action='/sign-out']") else None
    assert token is None
    page = intake.submit(intake.visit("/account"), action="/sign-out")
    assert page.url == "/sign-in"
    assert intake.visit("/inbox").url == "/sign-in?next=/inbox"


def test_a_session_prepared_by_somebody_else_is_not_kept(reader: Reader) -> None:
    before = reader.token()
    reader.sign_in("intake", PASSWORD)
    assert reader.token() != before
    old = reader.ask("POST", "/language", data={"csrf_token": before, "language": "en"})
    assert old.status_code == 400


def test_a_new_password_ends_every_other_session(enter: Enter) -> None:
    here, there = enter("intake"), enter("intake")
    values = {"present": PASSWORD, "new": "another long sentence", "again": "another long sentence"}
    page = here.submit(here.visit("/account"), values, action="/account/password")
    assert page.classed("fq-note") == ["密码已修改。其他电脑和手机上的登录都已退出。"]
    assert there.visit("/inbox").url == "/sign-in?next=/inbox"
    assert here.visit("/inbox").url == "/inbox"


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({}, ["请填写密码", "请填写密码", "请填写密码"]),
        (
            {"present": PASSWORD, "new": "a longer sentence", "again": "another sentence"},
            ["两次输入的新密码不一样，请重新输入"],
        ),
        (
            {"present": PASSWORD, "new": "short", "again": "short"},
            ["新密码至少 10 个字符，可以用一句好记的话。"],
        ),
        (
            {"present": "wrong", "new": "a longer sentence", "again": "a longer sentence"},
            ["用户名或密码不对，请重新输入。"],
        ),
    ],
)
def test_a_bad_new_password_changes_nothing(
    enter: Enter, values: dict[str, str], sentences: list[str]
) -> None:
    intake = enter("intake")
    page = intake.submit(intake.visit("/account"), values, action="/account/password", status=422)
    assert page.title == "错误：账户与密码"
    assert page.words("//div[@class='fq-errors']//li") == sentences
    enter("intake")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(reader: Reader) -> None:
    cookie = reader.ask("GET", "/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_log_holds_no_password_and_no_name(reader: Reader, lines: io.StringIO) -> None:
    reader.sign_in("intake", PASSWORD)
    text = lines.getvalue()
    assert '"route": "/sign-in"' in text
    assert PASSWORD not in text
    assert "intake" not in text


def test_closed_account_is_signed_out_at_the_next_request(
    enter: Enter, world: World, site: Flask
) -> None:
    from workflows.organisation.tables import Account
    from workflows.storage import SYSTEM

    intake = enter("intake")
    with world.platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, world.accounts["intake"]).active = False
    assert intake.visit("/inbox").url == "/sign-in?next=/inbox"
