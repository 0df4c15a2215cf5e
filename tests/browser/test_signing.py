"""An agreement is signed without paper: one party on her own phone, the other and the mediator on
the office's device; the head agrees to the seal, it lands, and anybody can check the file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pdfplumber
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.live_site import LiveSite
from tests.browser.person import PHONE, Person
from tests.browser.test_story import (
    BEFORE,
    CLAUSES,
    SCANS,
    SESSION,
    advance,
    in_days,
    register,
    work,
)

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
    mediator.fill({**CLAUSES, "clauses.0.due_on": in_days(mediator, 20), "sign_method": "screen"})
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


def test_an_agreement_is_signed_sealed_checked_printed_for_the_court_and_filed(
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
    to_court(people, case, enter("liaison"))


SCAN = SCANS / "notice_signed.jpg"
Steps = tuple[tuple[str, str, dict[str, object]], ...]
CONFIRMING: Steps = (
    ("intake", "送达协议", {"delivery_way": "in_person"}),
    ("mediator", "询问司法确认", {"confirm_choice": "together", "confirm_via": "desk"}),
)
APPLYING: Steps = (
    (
        "mediator",
        "征求各方意愿",
        {"consent": "all", "apply_way": "written", "consent_scan": SCAN},
    ),
    (
        "mediator",
        "审查协议",
        {"agreement_form": "written", "body_lawful": True, "terms_clear": True},
    ),
    (
        "mediator",
        "选择法院",
        {
            "mediated_for": "own",
            "court_ground": "body",
            "major": False,
            "court_level": "basic",
            "court_name": "肃州区人民法院",
        },
    ),
    (
        "intake",
        "备齐材料",
        {
            "papers": ["agreement", "statement", "identity", "contact"],
            "property_needed": False,
            "identity_scan": SCAN,
        },
    ),
    ("mediator", "当事人签署", {"signing_result": "signed", "signed_by": "self"}),
    ("mediator", "当事人签署", {"signing_result": "signed", "signed_by": "self"}),
)
FILED = {"submit_way": "counter", "receipt_number": "（2026）立收0187", "receipt_scan": SCAN}


def to_court(people: dict[str, Person], case: str, liaison: Person) -> None:
    """Both apply together; the liaison prints everything that waits and hands this one in."""
    for who, title, values in CONFIRMING:
        work(people[who], case, title, values)
    application = opened_there(people["mediator"])
    for who, title, values in APPLYING:
        work(people[who], application, title, values)
    page = liaison.visit("/desk")
    rows = page.locator("input[name=run]")
    count = rows.count()
    assert count >= 5
    page.locator("[data-pick-all]").check()
    page.get_by_role("button", name="打印选中的").click()
    expect(page.locator("h1")).to_have_text(f"打印 {count} 件")
    link = page.get_by_role("link", name="打开并打印")
    expect(link).to_be_visible(timeout=SEALED)
    answer = page.context.request.get(str(link.get_attribute("href")))
    with pdfplumber.open(io.BytesIO(answer.body())) as pdf:
        text = ["".join((one.extract_text() or "").split()) for one in pdf.pages]
    assert sum("法院核收" in one and "收件编号" in one for one in text) == count
    assert any("西坝村两家浇水渗塌地窖" in one for one in text)
    work(liaison, application, "递交法院", FILED)
    liaison.visit("/desk")
    assert liaison.page.locator("input[name=run]").count() == count - 1


def opened_there(mediator: Person) -> str:
    """The case of the application, which the worker opens."""
    page = mediator.page
    for _ in range(30):
        page.goto("/inbox?tab=claimable")
        found = page.get_by_role("link", name="征求各方意愿")
        if found.count():
            found.first.click()
            break
        page.wait_for_timeout(SEALED / 30)
    return str(page.locator(".fq-crumb a[href^='/cases/']").get_attribute("href"))


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
