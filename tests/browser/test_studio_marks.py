"""Marks on the canvas: what is found and what was remarked on, changed in place and never in the
way of the hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Enter
from tests.browser.test_studio_diagram import KEY, SIZE, Drawing

SLOW = 40_000
"""Milliseconds until the gate has answered, on a busy machine."""
OLD = '() => document.querySelectorAll(".fq-pin").forEach((one) => { one.isOld = true; })'


@pytest.fixture
def drawing(enter: Enter) -> Iterator[Drawing]:
    drawing = Drawing(enter("owner", size=SIZE))
    yield drawing
    drawing.page.unroute_all(behavior="ignoreErrors")
    drawing.page.goto(f"/studio/{KEY}#versions")
    drawing.start_over()
    assert drawing.person.problems == []


def remove(page: Page) -> None:
    page.locator(".djs-container > svg").first.focus()
    page.keyboard.press("Delete")


def pin(page: Page, element: str, kind: str) -> str:
    return f'.djs-overlays[data-container-id="{element}"] .fq-pin.{kind}'


def test_an_open_remark_is_marked_and_leads_to_its_thread(drawing: Drawing) -> None:
    drawing.open("pm_inform", "inform_rights")
    page = drawing.page
    path = f"bpmn/{KEY}/pm_inform.bpmn"
    thread = drawing.group("remarks")
    drawing.unfold("remarks")
    thread.locator("textarea").fill("这一步能不能合并？")
    thread.get_by_role("button", name="写批注").click()
    mark = page.locator(pin(page, "inform_rights", "is-remark"))
    expect(mark).to_have_text("1")
    expect(mark).to_have_attribute("title", "1 条批注没有解决")
    expect(thread.locator("summary")).to_have_text("批注（1）")
    drawing.ask("comments", {"file": path, "element": "inform_rights", "text": "我看可以。"})
    page.reload()
    expect(mark).to_have_text("2")
    drawing.choose("n_ready")
    mark.click()
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text("inform_rights")
    expect(thread.locator("textarea")).to_be_focused()
    for left in (1, 0):
        thread.get_by_role("button", name="已解决", exact=True).first.click()
        expect(thread.get_by_role("button", name="已解决", exact=True)).to_have_count(left)
    expect(mark).to_have_count(0)


def test_a_line_is_drawn_while_marks_come_under_the_hand(drawing: Drawing) -> None:
    """“Drawing a line in the moment findings are marked anew loses the press.”"""
    drawing.open("pm_inform", "f_inform_rights_n_ready")
    page = drawing.page
    expect(page.locator(".fq-studio-foot")).to_contain_text("检查，用时", timeout=SLOW)
    held: list[Route] = []
    page.route("**/check", lambda route: held.append(route))
    remove(page)
    drawing.choose("inform_rights")
    with page.expect_request("**/check"):
        drawing.write("name", "告知")
    page.locator('.djs-context-pad .entry[data-action="connect"]').click()
    shape = page.locator('.djs-shape[data-element-id="n_ready"]')
    box = shape.locator(".djs-hit").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 5, box["y"] + box["height"] / 5
    page.mouse.move(*at, steps=6)
    expect(shape).to_have_class(re.compile("connect-ok"))
    released = held[-1]
    released.continue_()
    expect(page.locator(pin(page, "n_ready", "is-bad"))).to_be_visible(timeout=SLOW)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text("f_inform_rights_n_ready")
    for route in held:
        if route is not released:
            with suppress(PlaywrightError):
                route.abort()


def test_a_mark_that_stays_is_not_made_anew(drawing: Drawing) -> None:
    drawing.open("pm_inform", "f_inform_rights_n_ready")
    page = drawing.page
    remove(page)
    mark = page.locator(pin(page, "n_ready", "is-bad"))
    expect(mark).to_be_visible(timeout=SLOW)
    drawing.choose("inform_rights")
    page.evaluate(OLD)
    with page.expect_response("**/check", timeout=SLOW):
        drawing.nudge()
    expect(page.locator(".fq-studio-foot")).to_contain_text("检查，用时", timeout=SLOW)
    assert mark.evaluate("one => one.isOld === true")
