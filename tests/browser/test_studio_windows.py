"""Several windows of one person on one package: each has its own unsaved work, none loses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.test_studio_parts import SIZE, SLOW, Parts
from tests.browser.test_studio_trouble import KEPT, name_in

KEY = "petition"
NAME = "() => sessionStorage.getItem('fengqiao-studio-window')"
BACK = "上次没有保存的修改已经放回这里"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Editors load and the gate answers in seconds where other tests run beside these."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def parts(enter: Enter) -> Iterator[Parts]:
    person = enter("owner", size=SIZE)
    parts = Parts(person, KEY)
    accept_leaving(parts.page)
    yield parts
    parts.page.goto("/inbox")
    parts.ask("restore", {"version": parts.ask("tree")["from_version"]})
    assert [one for one in person.problems if one.startswith("script")] == []


def accept_leaving(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())


def another(parts: Parts) -> Page:
    """A second window of the same browser."""
    page = parts.person.context.new_page()
    accept_leaving(page)
    page.goto(f"{parts.person.base}/studio/{KEY}#settings")
    expect(name_in(page)).to_be_visible()
    return page


def type_name(page: Page, name: str) -> None:
    name_in(page).fill(name)
    page.evaluate(KEPT, name)


def loaded_anew(page: Page, name: str) -> None:
    page.reload()
    expect(name_in(page)).to_have_value(name)
    expect(page.locator(".fq-note", has_text=BACK)).to_be_visible()


def test_two_windows_loaded_anew_have_each_their_own(parts: Parts) -> None:
    page = parts.open("settings")
    other = another(parts)
    type_name(page, "甲窗口改的")
    type_name(other, "乙窗口改的")
    loaded_anew(page, "甲窗口改的")
    expect(page.locator(".fq-note", has_text="另一个窗口也开着")).to_contain_text("设置。")
    loaded_anew(other, "乙窗口改的")
    loaded_anew(page, "甲窗口改的")
    parts.look("main")
    parts.save()
    other.reload()
    dialog = other.locator("dialog")
    expect(dialog).to_contain_text("甲窗口改的")
    expect(dialog).to_contain_text("乙窗口改的")
    dialog.get_by_role("button", name="先不保存").click()
    expect(name_in(other)).to_have_value("乙窗口改的")
    other.close(run_before_unload=False)


def test_a_duplicated_window_gets_a_name_of_its_own(parts: Parts) -> None:
    page = parts.open("settings")
    type_name(page, "原来的窗口")
    with page.expect_popup() as opened:
        page.evaluate("() => void window.open(location.href)")
    copied = opened.value
    expect(name_in(copied)).to_be_visible()
    own = page.evaluate(NAME)
    copied.wait_for_function(f"own => ({NAME})() !== own", arg=own)
    type_name(copied, "复制的窗口")
    copied.close(run_before_unload=False)
    loaded_anew(page, "原来的窗口")


def test_what_several_closed_windows_left_is_asked_about(parts: Parts) -> None:
    page = parts.open("settings")
    before = name_in(page).input_value()
    first, second = another(parts), another(parts)
    type_name(first, "头一个窗口")
    type_name(second, "第二个窗口")
    first.close(run_before_unload=False)
    second.close(run_before_unload=False)
    page.reload()
    question = page.locator(".fq-note", has_text="还有别的窗口没有保存的修改")
    expect(question.locator("li")).to_have_count(2)
    expect(name_in(page)).to_have_value(before)
    parts.look("main")
    question.get_by_role("button", name="放回来").first.click()
    expect(name_in(page)).to_have_value("第二个窗口")
    expect(question.locator("li")).to_have_count(1)
    question.get_by_role("button", name="扔掉").click()
    page.locator("dialog").get_by_role("button", name="留着").click()
    expect(question.locator("li")).to_have_count(1)
    question.get_by_role("button", name="放回来").click()
    expect(name_in(page)).to_have_value("头一个窗口")
    expect(question).to_have_count(0)
    page.locator('[data-room="settings"]').get_by_role("button", name="撤销").click()
    expect(name_in(page)).to_have_value("第二个窗口")
    parts.save()
    page.reload()
    expect(name_in(page)).to_have_value("第二个窗口")
    expect(page.locator(".fq-note", has_text=BACK)).to_have_count(0)
