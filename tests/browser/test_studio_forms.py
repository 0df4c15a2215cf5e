"""A process owner designs forms and writes document texts in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE, RULES, Person, axe

ROOT = Path(__file__).parents[2]
KEY = "people_mediation"
FORMS = f"forms/{KEY}/"
QUIET_MS = 1200
"""The gate is asked a quarter of a second after the last change."""
CHOOSE_EACH = """() => [...document.querySelectorAll('.fq-q-main, .fq-column, .fq-qgroup .fq-link')]
  .map((one) => one.id).forEach((id) => document.getElementById(id).click())"""
SECONDS = 60
"""The first preview of a text compiles the package and walks a scenario."""


def schema(name: str) -> Any:
    return json.loads((ROOT / FORMS / f"{name}.schema.json").read_text("utf-8"))


def open_room(person: Person, tab: str, path: str = "", element: str = "") -> Page:
    person.page.set_default_timeout(SECONDS * 1000)
    parts = [tab, *(quote(one, safe="") for one in (path, element) if one)]
    person.page.goto(f"/studio/{KEY}#{'/'.join(parts)}")
    person.page.locator(f'.fq-studio-tab[data-room="{tab}"]').wait_for()
    return person.page


def open_form(person: Person, name: str, element: str = "") -> Page:
    page = open_room(person, "forms", f"{FORMS}{name}.schema.json", element)
    page.locator("#card-form").wait_for()
    return page


class Copy:
    """What the page tells the gate of its working copy: path → text of what is not saved."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.told: dict[str, str] = {}
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.url.endswith("/check") and request.post_data:
            self.told = json.loads(request.post_data)["changes"]

    def read(self, name: str) -> Any:
        """One file of the forms as JSON, once the page has fallen quiet."""
        self.page.wait_for_timeout(QUIET_MS)
        return json.loads(self.told[FORMS + name])


def look_at(person: Person) -> None:
    """No finding of the accessibility checker outside the editors, no sideways scrolling."""
    page = person.page
    page.evaluate(axe())
    around = {"exclude": [[".cm-editor"], [".fq-phone-screen"]]}
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    told = page.evaluate("([a, o]) => axe.run(a, o)", [around, options])["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in told] == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert person.problems == []


def phone(page: Page) -> Any:
    return page.frame_locator(".fq-phone-screen")


def nothing_changed(page: Page) -> None:
    expect(page.locator('[data-part="saved"]')).not_to_contain_text("有没保存的修改")


def test_looking_at_every_question_of_every_form_writes_nothing(enter: Enter) -> None:
    page = open_form(enter("owner"), "register")
    links = page.locator('[data-room="forms"] .fq-tree a')
    count = links.count()
    assert count > 20
    for index in range(count):
        links.nth(index).click()
        expect(links.nth(index)).to_have_attribute("aria-current", "true")
        page.evaluate(CHOOSE_EACH)
        nothing_changed(page)


def test_a_question_is_added_seen_on_the_phone_and_nothing_else_is_touched(enter: Enter) -> None:
    person = enter("owner")
    copy = Copy(person.page)
    page = open_form(person, "register", "risk")
    expect(phone(page).locator("[name=risk]").first).to_be_attached()
    page.click("#add-field")
    page.click('[data-kind="money"]')
    page.fill("#p-title", "押金")
    page.fill("#p-title-en", "Deposit")
    page.check("#p-required")
    expect(phone(page).get_by_text("押金")).to_be_visible()
    look_at(person)
    before, after = schema("register"), copy.read("register.schema.json")
    made = after["properties"].pop("amount_2")
    assert made == {
        "type": "string",
        "title": "押金",
        "x-widget": "money",
        "x-i18n": {"en": {"title": "Deposit"}},
    }
    assert after.pop("required") == [*before.pop("required"), "amount_2"]
    assert json.dumps(after) == json.dumps(before)
    order = copy.read("register.ui.json")["ui:order"]
    assert order.index("amount_2") == order.index("risk") + 1
    page.click("#drop-amount_2")
    expect(page.locator(".fq-formnote")).to_contain_text("已删去")
    expect(page.locator("#card-amount_2")).to_have_count(0)
    page.locator(".fq-formnote button").click()
    expect(page.locator("#card-amount_2")).to_be_visible()
    for _ in range(6):
        if page.locator("#form-undo").is_enabled():
            page.click("#form-undo")
    nothing_changed(page)


def test_questions_move_by_keyboard_and_over_the_border_of_a_section(enter: Enter) -> None:
    person = enter("owner")
    copy = Copy(person.page)
    page = open_form(person, "register")
    page.locator("#card-summary").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#card-summary")).to_be_focused()
    ui = copy.read("register.ui.json")
    assert ui["ui:groups"][1]["fields"] == ["parties", "summary"]
    assert ui["ui:order"][:7] == [
        *("title", "dispute_kind", "source", "applied_on", "place"),
        *("parties", "summary"),
    ]
    page.locator("#card-summary").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.click("#form-undo")
    page.click("#form-undo")
    nothing_changed(page)


def test_a_name_changes_with_its_conditions_and_says_who_else_uses_it(enter: Enter) -> None:
    person = enter("owner")
    copy = Copy(person.page)
    page = open_form(person, "hold_session", "session_result")
    page.get_by_text("名称和种类").click()
    page.fill("#p-name", "Result")
    expect(page.locator("#p-name-e")).to_contain_text("小写")
    page.fill("#p-name", "how_it_went")
    page.keyboard.press("Enter")
    expect(page.locator(".fq-formnote")).to_contain_text("session_result")
    visible = copy.read("hold_session.ui.json")["ui:visible"]
    assert any("how_it_went" in text for text in visible.values())
    assert not any("session_result" in text for text in visible.values())
    page.click("#form-undo")
    nothing_changed(page)


def test_broken_json_is_kept_and_names_its_line(enter: Enter) -> None:
    page = open_form(enter("owner"), "register")
    page.click("#form-source")
    editor = page.locator(".fq-source .cm-content").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type('{ "type" ')
    expect(page.locator(".fq-source .cm-lint-marker-error").first).to_be_visible()
    expect(page.locator(".fq-formnote .fq-wrong")).to_contain_text("行")
    page.locator('[data-room="forms"] .fq-tree a').first.click()
    expect(page.locator(".fq-source")).to_have_count(0)
    page.locator('[data-room="forms"] .fq-tree a', has_text="register").click()
    expect(page.locator(".fq-source .cm-line").first).to_contain_text('{ "type"')
    expect(page.locator(".fq-source .cm-content").first).to_contain_text("additionalProperties")


def test_a_form_is_made_and_taken_away(enter: Enter) -> None:
    person = enter("owner")
    page = open_form(person, "register")
    page.click("#new-form")
    look_at(person)
    page.fill("#new-title", "催告")
    page.fill("#new-name", "Register")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .fq-wrong")).to_contain_text("小写")
    page.fill("#new-name", "demand")
    page.keyboard.press("Enter")
    expect(page.locator(".fq-formbar h2")).to_have_text("催告")
    expect(phone(page).locator("[name=text]")).to_be_visible()
    page.locator(".fq-formbar").get_by_role("button", name="删去").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator('[data-room="forms"] .fq-tree')).not_to_contain_text("催告")
    nothing_changed(page)


def test_a_text_shows_its_pages_and_the_line_of_a_mistake(enter: Enter) -> None:
    person = enter("owner")
    page = open_room(person, "texts", f"{FORMS}documents/agreement.html")
    expect(page.locator(".fq-pages img")).to_have_count(2, timeout=SECONDS * 1000)
    expect(page.locator(".fq-paperside [role=status]")).to_contain_text("书面协议")
    look_at(person)
    first = page.locator(".fq-pages img").first.get_attribute("src")
    page.locator(".fq-textdesk .cm-content").click()
    page.keyboard.press("Control+Home")
    page.get_by_text("受理号", exact=True).click()
    expect(page.locator(".fq-pages img").first).not_to_have_attribute("src", str(first))
    page.keyboard.type("{{ nobody.name }}")
    expect(page.locator(".fq-pageproblems .is-bad")).to_contain_text("nobody")
    expect(page.locator(".fq-pages.is-old img")).to_have_count(2)
    expect(page.locator(".fq-textdesk .cm-lint-marker-error")).to_be_visible()
    while page.locator('[data-part="saved"]').filter(has_text="有没保存的修改").count():
        page.locator(".fq-textdesk").get_by_role("button", name="撤销").click()
    expect(page.locator(".fq-pageproblems li")).to_have_count(0)


def test_a_document_kind_is_made_with_its_text_and_its_setting(enter: Enter) -> None:
    person = enter("owner")
    page = open_room(person, "texts")
    page.click("#new-text")
    look_at(person)
    page.fill("#text-title", "催告函")
    page.fill("#text-title-en", "Demand")
    page.fill("#text-key", "demand")
    page.keyboard.press("Enter")
    expect(page.locator(".fq-textdesk h2")).to_have_text("催告函")
    expect(page.locator(".fq-pages img")).to_have_count(1, timeout=SECONDS * 1000)
    expect(page.locator('[data-tab="settings"] .fq-count')).to_be_hidden()
    page.locator(".fq-textdesk").get_by_role("button", name="删去").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator('[data-room="texts"] .fq-tree')).not_to_contain_text("催告函")
    nothing_changed(page)


@pytest.mark.parametrize("tab", ["forms", "texts"])
def test_both_rooms_speak_english_and_fit_a_phone(enter: Enter, tab: str) -> None:
    person = enter("owner", size=PHONE)
    person.speak("en")
    page = open_room(person, tab)
    page.locator(".fq-phone-screen, .fq-pages img").first.wait_for()
    look_at(person)
    spoken = page.locator(f'[data-room="{tab}"] button, [data-room="{tab}"] label')
    words = [text for text in spoken.all_inner_texts() if text.strip()]
    assert [text for text in words if any("\u3400" <= sign <= "\u9fff" for sign in text)] == []
    person.speak("zh-Hans")
