"""Double entry in one sitting: the province's list comes in, a case is copied out by keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE

NUMBER, OTHER = "GS6209022026030900017", "GS6209022026030900018"


def newest(page: Page) -> tuple[str, str]:
    """(address, 受理号) of the newest case."""
    page.goto("/cases")
    link = page.locator("a.fq-main-link").first
    return str(link.get_attribute("href")), page.locator(".c-what .fq-no").first.inner_text()


def test_list_is_taken_in_checked_and_written(enter: Enter, tmp_path: Path) -> None:
    person = enter("intake")
    case, number = newest(person.page)
    file = tmp_path / "省平台.csv"
    rows = f"案件编号,本地编号,申请人\n{NUMBER},{number},\n{OTHER},,钱多多\n"
    file.write_bytes(rows.encode("gb18030"))
    page = person.visit("/outside")
    page.set_input_files("#file", file)
    with page.expect_navigation():
        page.get_by_role("button", name="上传并核对").click()
    person.look()
    with page.expect_navigation():
        page.get_by_role("button", name="写入并收进清单").click()
    expect(page.locator("main")).to_contain_text("已写入")
    person.visit("/outside/rows")
    page.get_by_role("link", name=OTHER).click()
    person.look()
    expect(page.locator("main")).to_contain_text("钱多多")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="登记纠纷").click()
    expect(opened.value.locator("[name='parties.0.name']")).to_have_value("钱多多")
    person.visit(case)
    expect(page.locator("header.fq-case")).to_contain_text(NUMBER)


def test_a_case_is_copied_value_by_value_with_one_key(enter: Enter) -> None:
    person = enter("intake")
    case, number = newest(person.page)
    page = person.visit(f"{case}/copy/court")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("tr", has=page.get_by_text("调解组织案号")).locator("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#copied")).to_have_text("已复制 调解组织案号")
    assert page.evaluate("navigator.clipboard.readText()") == number
    assert page.locator(":focus").get_attribute("data-copies") != button.get_attribute(
        "data-copies"
    )
    page.get_by_role("button", name="复制整行").click()
    expect(page.locator("#copied")).to_contain_text("已复制")
    assert number in page.evaluate("navigator.clipboard.readText()").split("\t")


def test_a_value_is_selected_whole_by_one_touch_on_a_phone(enter: Enter) -> None:
    person = enter("intake", size=PHONE)
    case, number = newest(person.page)
    person.visit(f"{case}/copy/court")
    person.page.locator(".fq-copy-value", has_text=number).click()
    assert person.page.evaluate("getSelection() + ''").strip() == number
