"""An agreement is signed without paper: one party on her own phone, the other and the mediator on
the office's device; the head agrees to the seal, it lands, and anybody can check the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.live_site import LiveSite
from tests.browser.person import PHONE, Person
from tests.browser.test_story import BEFORE, CLAUSES, SESSION, advance, in_days, register, work

SEALED = 60_000
"""Milliseconds until the worker has sealed a file, on a busy machine."""


def draw(page: Page, pad: Locator, turn: int) -> None:
    """A name of a few strokes, each hand another one."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    left, top = box["x"] + 40, box["y"] + 40
    for stroke in range(3):
        page.mouse.move(left + stroke * 50, top + turn * 9)
        page.mouse.down()
        for step in range(1, 9):
            page.mouse.move(
                left + stroke * 50 + step * (4 + turn), top + (step * 13 * (turn + 2)) % 70
            )
        page.mouse.up()


def sign_here(person: Person, turn: int) -> None:
    """Reads the sheets, ticks that it was read, signs."""
    page = person.page
    sheets = page.locator(".fq-sheets img")
    expect(sheets.first).to_be_visible()
    assert sheets.first.evaluate("e => e.complete || new Promise(r => e.onload = () => r(true))")
    person.look()
    page.locator("#read").check()
    draw(page, page.locator(".fq-pad canvas"), turn)
    page.get_by_role("button", name="签名并提交").click()
    expect(page.locator(".fq-verdict h2")).to_have_text("已签名")
    person.look()


def show_code(mediator: Person) -> tuple[str, str]:
    """(link, code) as the mediator's screen shows them."""
    mediator.page.get_by_role("button", name="用本人手机签").click()
    expect(mediator.page.locator(".fq-qr")).to_be_visible()
    mediator.look()
    mediator.page.locator("details summary", has_text="扫不了码").click()
    link = mediator.page.locator("details bdi").inner_text()
    return link, mediator.page.locator(".fq-code-told").inner_text()


@pytest.fixture
def guest(browser: Browser, live: LiveSite) -> Iterator[Person]:
    """A party with a phone, signed in nowhere."""
    made = Person(browser, live.url, size=PHONE)
    yield made
    made.close()


def drafted(live: LiveSite, people: dict[str, Person]) -> str:
    """A case whose agreement is to be signed on a screen."""
    case = register(people["intake"])
    for who, title, values in BEFORE:
        work(people[who], case, title, values)
    advance(live, "P2D")
    agreed = {**SESSION, "session_result": "success", "outcome_form": "written"}
    work(people["mediator"], case, "召开会议并记录", agreed)
    mediator = people["mediator"]
    mediator.open_task(case, "起草协议书")
    mediator.fill(
        {**CLAUSES, "clauses.0.due_on": in_days(mediator, 20), "sign_method": "screen"}
    )
    mediator.submit()
    return case


def by_phone(mediator: Person, guest: Person, case: str) -> None:
    """The first party: link and code, a wrong code first; the mediator's page goes on by itself."""
    mediator.open_task(case, "当事人签字")
    link, code = show_code(mediator)
    guest.page.goto(link)
    guest.look()
    guest.page.fill("#code", "000000" if not code.startswith("000") else "111111")
    guest.page.get_by_role("button", name="打开文书").click()
    expect(guest.page.get_by_role("alert")).to_contain_text("验证码不对")
    guest.page.fill("#code", code)
    guest.page.get_by_role("button", name="打开文书").click()
    sign_here(guest, 1)
    expect(mediator.page.locator(".fq-sign")).to_contain_text("已签名")
    expect(mediator.page.locator("[name=signed_by][value=self]")).to_be_checked()
    mediator.look()
    mediator.submit()


def at_the_table(person: Person, case: str, title: str, turn: int) -> None:
    """On the office's device, and back."""
    person.open_task(case, title)
    person.page.get_by_role("button", name="在本机上签").click()
    sign_here(person, turn)
    person.page.get_by_role("link", name="调解员：回到这一步").click()
    expect(person.page.locator(".fq-sign-drawn")).to_be_visible()


def test_two_parties_and_the_mediator_sign_and_the_seal_lands(
    live: LiveSite, enter: Enter, guest: Person
) -> None:
    people = {name: enter(name) for name in ("intake", "head", "mediator")}
    case = drafted(live, people)
    mediator = people["mediator"]
    by_phone(mediator, guest, case)
    at_the_table(mediator, case, "当事人签字", 2)
    mediator.submit()
    at_the_table(mediator, case, "调解员签字", 3)
    mediator.submit()
    work(people["head"], case, "加盖印章", {"signatures_checked": True})
    check_sealed(mediator, guest, case)


def check_sealed(mediator: Person, guest: Person, case: str) -> None:
    """The file is sealed, and anybody who has it can check it; one changed byte is noticed."""
    page = mediator.visit(f"{case}/documents")
    row = page.get_by_role("link", name="人民调解协议书").first
    address = str(row.get_attribute("href")).removesuffix("/print")
    page.goto(f"{address}/print")
    for _ in range(30):
        if page.locator(".fq-tag", has_text="已盖印").count():
            break
        page.wait_for_timeout(SEALED / 30)
        page.reload()
    answer = page.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    sealed = answer.body()
    assert verdict(guest, sealed) == "真实，没有改动"
    middle = len(sealed) // 2
    changed = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    assert verdict(guest, changed) == "文件已被改动"


def verdict(guest: Person, content: bytes) -> str:
    """What the public page says of a file."""
    page = guest.visit("/verify")
    page.locator("#file").set_input_files(
        {"name": "协议书.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name=re.compile("上传并核对")).click()
    return page.locator(".fq-verdict h1").inner_text()
