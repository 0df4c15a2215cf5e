"""Undo over what the editor's own stack cannot know, and expressions that take several lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.test_studio_diagram import CHECKED, KEY, SIZE, Drawing

AT = """([id]) => document.querySelector(`.djs-shape[data-element-id="${id}"]`)
    .getAttribute("transform")"""
SHAPE = "hold_session"
READING_MS = 150
"""Nobody takes an offer in the moment it appears; the editor does not let them."""


@pytest.fixture
def drawing(enter: Enter) -> Iterator[Drawing]:
    drawing = Drawing(enter("owner", size=SIZE))
    yield drawing
    drawing.page.goto(f"/studio/{KEY}#versions")
    drawing.start_over()
    assert drawing.person.problems == []


def place(page: Page) -> str:
    return str(page.evaluate(AT, [SHAPE]))


def becomes(page: Page, wanted: str) -> None:
    shape = page.locator(f'.djs-shape[data-element-id="{SHAPE}"]')
    expect(shape).to_have_attribute("transform", wanted)


def test_a_layout_that_was_undone_is_redone_with_the_steps_around_it(drawing: Drawing) -> None:
    drawing.open("pm_session", SHAPE)
    page = drawing.page
    undo = page.get_by_role("button", name="撤销（Ctrl+Z）")
    redo = page.get_by_role("button", name="重做（Ctrl+Y）")
    places = [place(page)]
    drawing.nudge()
    places.append(place(page))
    page.get_by_role("button", name="整理布局").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator(f'.djs-shape[data-element-id="{SHAPE}"]')).not_to_have_attribute(
        "transform", places[1]
    )
    places.append(place(page))
    drawing.choose(SHAPE)
    page.locator(".fq-canvas .djs-container > svg").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'.djs-shape[data-element-id="{SHAPE}"]')).not_to_have_attribute(
        "transform", places[2]
    )
    places.append(place(page))
    for wanted in places[2::-1]:
        undo.click()
        becomes(page, wanted)
    expect(undo).to_be_disabled()
    for wanted in places[1:]:
        redo.click()
        becomes(page, wanted)
    expect(redo).to_be_disabled()
    undo.click()
    becomes(page, places[2])
    drawing.choose(SHAPE)
    drawing.nudge()
    expect(redo).to_be_disabled()


def test_a_script_completes_names_and_underlines_the_line_that_is_wrong(drawing: Drawing) -> None:
    drawing.open("pm_session", "note_alarm")
    page = drawing.page
    expect(page.locator(".fq-studio-foot")).to_contain_text("检查，用时", timeout=CHECKED)
    field = drawing.field("script")
    drawing.write("script", "halves = 2\ntogether = halves + nobody")
    expect(field.locator(".fq-feel-told")).to_contain_text("nobody")
    assert field.locator(".cm-line", has=page.locator(".cm-lintRange-error")).count() == 1
    expect(field.locator(".cm-lintRange-error")).to_have_text("nobody")
    drawing.write("script", "halves = 2\n")
    content = field.locator(".cm-content")
    content.click()
    content.press("Control+End")
    for key in "t = ha":
        content.press(key)
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.first).to_contain_text("halves")
    page.wait_for_timeout(READING_MS)
    content.press("Tab")
    expect(field.locator(".fq-feel-told")).to_contain_text("t = 2")
    content.press("Enter")
    for key in "u = case.amou":
        content.press(key)
    expect(offered.first).to_have_text("amount数")
    page.wait_for_timeout(READING_MS)
    content.press("Tab")
    drawing.save()
    script = drawing.node("pm_session", "note_alarm").findtext(
        "{http://www.omg.org/spec/BPMN/20100524/MODEL}script"
    )
    assert script == "halves = 2\nt = halves\nu = case.amount"
