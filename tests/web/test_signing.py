"""The pages of signing: who may open which, what they say, what is kept; without scripts but for
the strokes, which only a script can draw."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from tests.factories.organisation import PASSWORD
from tests.factories.signing import Table, drawn, sit_down
from tests.web.client import Page, Reader
from tests.web.conftest import hashed
from webapp.app import create_app
from webapp.pages import log
from webapp.pdf.answers import EXTENSION
from webapp.pdf.renderer import RendererPool
from webapp.security import access_rules
from webapp.settings import Settings
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database
from workflows.storage.vault import Vault

Guest = Callable[[], Reader]


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


@pytest.fixture
def table(database: Database, tmp_path: Path, vault: Vault, pool: RendererPool) -> Table:
    made = sit_down(database, tmp_path, vault, pool)
    with made.platform.database.transaction(SYSTEM) as session:
        for username in ("mediator", "head", "intake"):
            number = made.hall.actor(username).account_id
            session.get_one(Account, number).password_hash = hashed()
    return made


@pytest.fixture
def site(table: Table, tmp_path: Path, pool: RendererPool) -> Iterator[Flask]:
    settings = Settings(data=tmp_path, database_url="sqlite://", office="西峰镇综治中心")
    made = create_app(settings, table.platform)
    made.extensions[EXTENSION] = pool
    log.configure(io.StringIO())
    yield made
    structlog.reset_defaults()


@pytest.fixture
def mediator(site: Flask, table: Table) -> Reader:
    return enter(site, table, "mediator")


@pytest.fixture
def guest(site: Flask, table: Table) -> Guest:
    """Somebody with a device of their own, signed in nowhere."""
    return lambda: Reader(site, table.platform.database)


def enter(site: Flask, table: Table, who: str) -> Reader:
    reader = Reader(site, table.platform.database)
    reader.sign_in(who, PASSWORD)
    return reader


def begin(mediator: Reader, item: str, way: str, **typed: str) -> Page:
    """The mediator's page, and the button of a way to sign."""
    page = mediator.visit(f"/tasks/{item}")
    fields = {**dict(page.form(f"/tasks/{item}").form_values()), **typed}
    return mediator.post(f"/tasks/{item}/sign", {**fields, "_sign": f"{way}:party_signature"})


def send(reader: Reader, page: Page, path: str, *, status: int = 200, **typed: str) -> Page:
    """Posts a form of a page by its address."""
    form = page.all(f"//form[@action='{path}']")[0]
    return reader.post(path, {**dict(form.form_values()), **typed}, status=status)


def test_only_the_holder_s_pages_are_public(site: Flask) -> None:
    rules = {name: rule for name, rule in access_rules(site).items() if "signing." in name}
    assert {name for name, rule in rules.items() if rule == "public"} == {
        "signing.paper",
        "signing.picture",
        "signing.code",
        "signing.sign",
        "signing.refuse",
    }


def test_a_party_signs_on_a_phone_and_what_was_typed_is_kept(
    mediator: Reader, guest: Guest, table: Table
) -> None:
    item = table.tasks()[0].id
    page = begin(mediator, item, "phone", signed_by="agent")
    assert page.heading == "请上官芷珺扫码签名"
    address = page.words("//details//bdi")[0]
    path = address[address.index("/sign/") :]
    code = page.words("//*[@class='fq-code-told']")[0]
    phone = guest()
    shown = phone.visit(path)
    assert "上官芷珺" not in shown.text
    wrong = send(phone, shown, f"{path}/code", status=422, code="000000")
    assert "验证码不对" in wrong.text
    shown = send(phone, wrong, f"{path}/code", code=code.replace(" ", ""))
    assert "上官芷珺" in shown.text
    picture = phone.ask("GET", f"{path}/pages/1.png")
    assert (picture.status_code, picture.content_type) == (200, "image/png")
    assert phone.ask("GET", f"{path}/pages/99.png").status_code == 404
    unread = send(phone, shown, path, status=422, strokes=drawn(3))
    assert "请先确认已经看完全文" in unread.text
    assert unread.all("//input[@name='strokes']")[0].get("value") == drawn(3)
    dot = send(phone, shown, path, status=422, strokes="{}", read="yes")
    assert "没有收到签名的笔画" in dot.text
    done = send(phone, shown, path, strokes=drawn(3), read="yes")
    assert "已签名" in done.text
    again = mediator.visit(f"/tasks/{item}")
    assert again.words("//*[@class='fq-sign']//p")[0].startswith("上官芷珺已签名")
    assert again.all("//input[@name='signed_by'][@value='agent']")[0].get("checked") is not None


def test_a_forwarded_link_says_so_and_shows_nothing(
    mediator: Reader, guest: Guest, table: Table
) -> None:
    item = table.tasks()[0].id
    asked = table.ask(table.tasks()[0], "phone")
    path, first, second = f"/sign/{asked.token}", guest(), guest()
    send(first, first.visit(path), f"{path}/code", code=table.code(asked))
    stranger = second.ask("GET", path)
    assert stranger.status_code == 409
    assert "已经在另一台设备上打开" in stranger.text
    assert "上官芷珺" not in stranger.text
    assert second.ask("GET", f"{path}/pages/1.png").status_code == 409
    assert second.ask("GET", "/sign/nothing-like-it").status_code == 404
    assert mediator.visit(f"/tasks/{item}").heading.startswith("当事人签字")


def test_at_the_table_the_pad_opens_here_and_leads_back(mediator: Reader, table: Table) -> None:
    item = table.tasks()[0].id
    page = begin(mediator, item, "table")
    assert page.heading == "签署《人民调解协议书》"
    path = page.url.split("?")[0]
    done = send(mediator, page, path, strokes=drawn(4), read="yes")
    assert f"/tasks/{item}" in [link.get("href") for link in done.all("//main//a")]
    taken_back = begin(mediator, item, "again")
    assert taken_back.all("//button[@value='table:party_signature']") != []


def test_a_party_refuses(guest: Guest, mediator: Reader, table: Table) -> None:
    asked = table.ask(table.tasks()[0], "phone")
    path, phone = f"/sign/{asked.token}", guest()
    shown = send(phone, phone.visit(path), f"{path}/code", code=table.code(asked))
    told = send(phone, shown, f"{path}/refuse", reason="<b>数额</b>不对")
    assert "已记下：您不签" in told.text
    page = mediator.visit(f"/tasks/{table.tasks()[0].id}")
    assert page.words("//blockquote") == ["<b>数额</b>不对"]


def test_the_officer_s_pages_are_the_maker_s(site: Flask, mediator: Reader, table: Table) -> None:
    asked = table.ask(table.tasks()[0], "phone")
    head = enter(site, table, "head")
    for path in (f"/signing/{asked.id}", f"/signing/{asked.id}/state"):
        assert head.ask("GET", path).status_code == 404
    state = mediator.ask("GET", f"/signing/{asked.id}/state").json
    assert state == {"state": "open", "opened": False, "tries_left": 5}
    page = mediator.visit(f"/signing/{asked.id}")
    back = send(mediator, page, f"/signing/{asked.id}/withdraw")
    assert back.heading.startswith("当事人签字")


def test_the_head_looks_at_signals(site: Flask, table: Table) -> None:
    first, second = table.tasks()
    head = enter(site, table, "head")
    assert "没有需要核实的签名" in head.visit("/signing/doubts").text
    table.sign_on_phone(first, 7, "one-phone")
    asked = table.sign_on_phone(second, 7, "one-phone")
    page = head.visit("/signing/doubts")
    assert "可能是回放的" in page.text
    assert "同一部手机替不同的人签过名" in page.text
    wrong = send(head, page, f"/signing/doubts/{asked.id}", status=422, note=" ")
    assert "请写明核实的结果" in wrong.text
    done = send(head, page, f"/signing/doubts/{asked.id}", note="当面核实过")
    assert "当面核实过" in done.text
    assert enter(site, table, "mediator").ask("GET", "/signing/doubts").status_code == 403
