"""A process owner rehearses a version at a desk and on a phone, by keyboard where it matters."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.person import DESK, PHONE, Person

AT = "/packages/people_mediation/versions/1/rehearse"
REGISTER = {
    "title": "楼上漏水",
    "dispute_kind": "neighbourhood",
    "source": "application",
    "summary": "楼上水管漏水，泡了楼下的柜子，双方为赔多少吵了三次，社区请调委会来调解。",
    "risk": "middle",
    "parties.0.name": "上官芷珺",
    "parties.0.id_number": "990001198812249226",
    "parties.1.name": "戚万年",
    "parties.1.id_number": "990001195505065458",
}
REVIEW = {
    "civil_dispute": True,
    "crime_suspected": False,
    "already_handled": False,
    "materials_complete": True,
}


def press(person: Person, words: str) -> None:
    """Presses the first button that says so by keyboard, and looks at the page that comes."""
    button = person.page.locator("main").get_by_role("button", name=words).first
    with person.page.expect_navigation():
        button.focus()
        person.page.keyboard.press("Enter")
    person.look()


def walk(person: Person) -> Page:
    """From the start over two forms to a time limit that runs out, and a step back."""
    page = person.visit(AT)
    if page.get_by_role("button", name="清空，从头再走").count():
        press(person, "清空，从头再走")
    press(person, "填这张表")
    press(person, "提交这一步")
    expect(page.locator(".fq-errors")).to_contain_text("请填写纠纷名称")
    person.fill(REGISTER)
    press(person, "提交这一步")
    press(person, "办理")
    person.fill(REVIEW)
    press(person, "提交这一步")
    press(person, "到下一个期限")
    expect(page.locator("ol.fq-items")).to_contain_text("到期：征求对方意见的答复期限")
    press(person, "退回一步")
    expect(page.locator("ol.fq-items li")).to_have_count(2)
    return page


def test_a_version_is_rehearsed_at_a_desk(enter: Enter) -> None:
    person = enter("owner", size=DESK)
    page = walk(person)
    assert page.locator("img[src*='/rehearse/diagrams/']").first.evaluate("i => i.naturalWidth") > 0
    page.get_by_text("当事人撤回").first.click()
    press(person, "记下撤回")
    expect(page.locator("ol.fq-items li").first).to_contain_text("记下当事人撤回")


def test_a_version_is_rehearsed_on_a_phone(enter: Enter) -> None:
    walk(enter("owner", size=PHONE))
