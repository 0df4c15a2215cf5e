"""A process owner begins a package: from a starting point by keyboard, or a foreign diagram."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE

FOREIGN = Path(__file__).parents[1] / "data" / "foreign" / "spiffarena.bpmn"
SECONDS = 60
"""Every scenario of the new package is walked before its studio comes."""


def test_a_starting_point_is_chosen_named_and_opened_by_keyboard(enter: Enter) -> None:
    person = enter("owner")
    page = person.page
    page.set_default_timeout(SECONDS * 1000)
    person.visit("/packages")
    page.get_by_role("link", name="新建流程").press("Enter")
    person.look()
    page.get_by_role("link", name="用这个起点 简单审批").press("Enter")
    person.look()
    expect(page.get_by_label("代号")).to_have_value("simple_approval")
    page.get_by_label("中文名称").press("Enter")
    person.look()
    expect(page.locator(".fq-err")).to_contain_text("请写流程的中文名称")
    page.get_by_label("中文名称").fill("小额救助审批")
    page.get_by_label("代号").fill("small_relief")
    page.get_by_label("代号").press("Enter")
    expect(page).to_have_url(f"{person.base}/studio/small_relief#diagram")
    drawn = page.locator('.djs-shape[data-element-id="decide"]')
    expect(drawn).to_be_visible(timeout=SECONDS * 1000)
    expect(page.locator(".fq-studio-bar")).to_contain_text("小额救助审批")
    assert person.problems == []


def test_a_foreign_diagram_is_brought_on_a_phone(enter: Enter) -> None:
    person = enter("owner", size=PHONE)
    page = person.page
    page.set_default_timeout(SECONDS * 1000)
    person.visit("/studio")
    page.set_input_files("#file", FOREIGN)
    page.get_by_label("代号").fill("brought")
    with page.expect_navigation():
        page.get_by_role("button", name="导入并打开工作室").click()
    expect(page).to_have_url(f"{person.base}/studio/brought#diagram")
    assert person.problems == []


def test_a_process_with_another_id_becomes_the_main_one_by_one_press(enter: Enter) -> None:
    person = enter("owner")
    page = person.page
    page.set_default_timeout(SECONDS * 1000)
    person.visit("/studio")
    page.set_input_files("#file", FOREIGN.with_name("camunda7.bpmn"))
    page.get_by_label("代号").fill("harvest_order")
    with page.expect_navigation():
        page.get_by_role("button", name="导入并打开工作室").click()
    told = page.get_by_text("没有找到编号为“harvest_order”的主流程")
    expect(told).to_be_visible(timeout=SECONDS * 1000)
    page.get_by_role("button", name="把“Harvest order”作为主流程").click()
    expect(told).to_have_count(0, timeout=SECONDS * 1000)
    assert person.problems == []
