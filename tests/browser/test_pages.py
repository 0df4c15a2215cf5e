"""Lists and forms in a real browser: widths, keyboard, large text, English without Chinese words
of ours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.person import DESK, PHONE
from tests.browser.shots import addresses

HAN = re.compile(r"[\u4e00-\u9fff]")
REFUSALS = (403, 404)
"""A page that says no is looked at like any other; the browser notes its status."""
WIDTHS = (320, 360, 768, 1024, 1366, 1920)


@pytest.mark.parametrize("path", ["/inbox", "/cases", "/start/people_mediation/register"])
def test_nothing_scrolls_sideways_at_any_width(enter: Enter, path: str) -> None:
    person = enter("mediator")
    person.page.goto(path)
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 860})
        found = person.page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, (path, width, found)


def test_the_inbox_bears_text_twice_as_large(enter: Enter) -> None:
    person = enter("mediator")
    person.page.goto("/inbox")
    person.page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = person.page.evaluate("document.documentElement.scrollWidth")
    assert found <= 1280


def test_a_task_is_found_and_opened_by_keyboard_alone(enter: Enter) -> None:
    person = enter("mediator")
    page = person.visit("/inbox")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "fq-main-link" in (page.locator(":focus").get_attribute("class") or ""):
            break
    words = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(words.split("\n", maxsplit=1)[0])
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_english_pages_mark_every_chinese_word_as_data(enter: Enter) -> None:
    person = enter("mediator2").speak("en")
    pages = addresses(person, "mediator2")
    for path in pages.values():
        person.page.goto(path)
        assert person.page.locator("html").get_attribute("lang") == "en", path
        loose = person.page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter(
                e => !e.closest('[lang^=zh], [aria-hidden], script, textarea, template, .fq-hint')
                && !e.closest('select')
                && [...e.childNodes].some(n => n.nodeType === 3 && /[\\u4e00-\\u9fff]/.test(n.data))
            ).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert loose == [], path


@pytest.mark.parametrize("username", ["intake", "head", "mediator", "recorder"])
def test_every_page_of_every_account_is_sound_on_desk_and_phone(
    enter: Enter, username: str
) -> None:
    person, wrong = enter(username), []
    pages = addresses(person, username)
    person.problems.clear()
    for path in pages.values():
        answer = person.page.goto(path)
        assert answer is not None
        if answer.status in REFUSALS:
            person.problems.clear()
        for size in (DESK, PHONE):
            person.page.set_viewport_size(size)  # type: ignore[arg-type]
            try:
                person.look()
            except AssertionError as fault:
                wrong.append(f"{size['width']}: {fault}")
            person.problems.clear()
    assert not wrong, "\n".join(wrong)
