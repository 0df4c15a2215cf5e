"""The desk's pages: a form sent twice, a PDF that is made again, ticks on a phone, English."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import func, select

from tests.factories.organisation import PASSWORD
from tests.printdesk.conftest import LIAISON, Desk
from tests.web.client import Page, Reader
from tests.web.conftest import hashed
from webapp.app import create_app
from webapp.pages import log
from webapp.settings import Settings
from workflows.organisation.tables import Account
from workflows.printdesk.tables import PrintJob
from workflows.storage import SYSTEM


@pytest.fixture
def site(desk: Desk, tmp_path: Path) -> Iterator[Flask]:
    """The site over the desk, whose liaison knows a password."""
    platform, actor = desk.hall.platform, desk.hall.actor(LIAISON)
    with platform.database.transaction(SYSTEM) as session:
        session.get_one(Account, actor.account_id).password_hash = hashed()
    settings = Settings(data=tmp_path, database_url="sqlite://", office="肃州法院")
    log.configure(io.StringIO())
    yield create_app(settings, platform)
    structlog.reset_defaults()


@pytest.fixture
def reader(desk: Desk, site: Flask) -> Reader:
    """The liaison, signed in."""
    made = Reader(site, desk.hall.platform.database)
    made.sign_in(LIAISON, PASSWORD)
    return made


def send(reader: Reader, page: Page, runs: list[str]) -> str:
    """Sends the desk's form as it stands; where the answer leads."""
    path = "//main//form[@data-bulk]//input[@type='hidden']"
    fields = {field.get("name"): field.get("value") for field in page.all(path)}
    answer = reader.ask("POST", "/desk/print", data={**fields, "run": runs, "copies": "1"})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_double_click_makes_one_job(desk: Desk, reader: Reader) -> None:
    runs = [desk.ready(), desk.ready()]
    page = reader.visit("/desk")
    assert send(reader, page, runs) == send(reader, page, runs)
    fresh = reader.visit("/desk")
    assert send(reader, fresh, runs) != send(reader, page, runs)
    with desk.hall.platform.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(PrintJob)) == 2


def test_a_pdf_that_is_made_again_says_so(desk: Desk, reader: Reader) -> None:
    run = desk.ready()
    page = reader.visit("/desk")
    first, second = send(reader, page, [run]), send(reader, reader.visit("/desk"), [run])
    desk.work()
    assert "还没有打印" in reader.visit("/desk").text
    with closing(reader.ask("GET", f"{second}/pdf")) as answer:
        assert answer.data.startswith(b"%PDF-")
    assert "还没有打印" not in reader.visit("/desk").text
    again = reader.ask("GET", f"{first}/pdf")
    assert (again.status_code, again.headers["Location"]) == (303, first)
    assert "正在重新生成" in reader.visit(first).text


def test_packets_can_be_ticked_on_a_phone(desk: Desk, reader: Reader) -> None:
    desk.ready()
    page = reader.visit("/desk")
    assert page.all("//table[contains(@class, 'has-picks')]//tbody//input[@type='checkbox']")
    assert page.all("//div[contains(@class, 'fq-bulk') and contains(@class, 'has-picks')]")


def test_the_english_screen_says_that_sheets_are_chinese(
    desk: Desk, site: Flask, reader: Reader
) -> None:
    run = desk.ready()
    job = send(reader, reader.visit("/desk"), [run])
    sentence = "printed in Chinese"
    assert sentence not in reader.visit(job).text
    with desk.hall.platform.database.transaction(SYSTEM) as session:
        account = desk.hall.actor(LIAISON).account_id
        session.get_one(Account, account).language = "en"
    english = Reader(site, desk.hall.platform.database)
    english.sign_in(LIAISON, PASSWORD)
    assert sentence in english.visit(job).text
