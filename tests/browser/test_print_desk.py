"""A court's liaison prints what waits for the courts, prints one packet again, and hands it in."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE

MADE = 60_000
"""Milliseconds until a job is put together, on a busy machine."""


def opened(page: Page) -> list[str]:
    """The text of each page of the job that is shown, blanks left out."""
    link = page.get_by_role("link", name="打开并打印")
    expect(link).to_be_visible(timeout=MADE)
    answer = page.context.request.get(str(link.get_attribute("href")))
    assert answer.status == 200
    with pdfplumber.open(BytesIO(answer.body())) as pdf:
        return ["".join((one.extract_text() or "").split()) for one in pdf.pages]


def test_a_liaison_prints_what_waits_in_one_go(enter: Enter) -> None:
    person = enter("liaison")
    page = person.visit("/desk")
    rows = page.locator("input[name=run]")
    count = rows.count()
    assert count >= 3
    page.get_by_role("button", name="打印选中的").is_hidden()
    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text(f"已选 {count} 件")
    person.look()
    page.get_by_role("button", name="打印选中的").click()
    expect(page.locator("h1")).to_have_text(f"打印 {count} 件")
    pages = opened(page)
    person.look()
    assert sum("法院核收" in one and "收件编号" in one for one in pages) == count
    page.locator(".fq-file a").first.click()
    person.look()
    page.get_by_role("button", name="打印这一套").click()
    again = opened(page)
    assert all("重印" in one for one in again[1:])
    page.set_viewport_size(PHONE)
    person.visit("/desk")
