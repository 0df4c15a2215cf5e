"""A process owner brings a version, looks at what it changes by keyboard, and publishes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.person import PHONE
from workflows.catalogue.source import PackageSource, read_folder, to_zip

ROOT = Path(__file__).parents[2]
KEY = "people_mediation"
SECONDS = 60
"""Every scenario of the package is walked before the page comes."""


def changed() -> PackageSource:
    """Two tasks have other names, a box stands elsewhere, a text has a line more."""
    source = read_folder(ROOT, KEY)
    files = dict(source.files)
    intake = f"bpmn/{KEY}/pm_intake.bpmn"
    text = files[intake].decode()
    first = text.index("<bpmn:userTask")
    files[intake] = (text[:first] + text[first:].replace('name="', 'name="再', 1)).encode()
    letter = next(path for path in files if path.endswith(".html"))
    files[letter] += "<p>当事人可以随时查询办理情况。</p>\n".encode()
    return replace(source, files=files)


def test_a_version_is_brought_compared_and_published(enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "new.zip"
    file.write_bytes(to_zip(changed()))
    person = enter("owner")
    person.page.set_default_timeout(SECONDS * 1000)
    page = person.visit("/packages")
    person.look()
    page.set_input_files("#file", file)
    with page.expect_navigation():
        page.get_by_role("button", name="上传并检查").click()
    person.look()
    address = page.url
    page.get_by_role("link", name="看全部区别").click()
    person.look()
    page.get_by_role("button", name="下一处").click()
    before = page.locator(":focus").inner_text()
    page.keyboard.press("n")
    assert page.locator(":focus").inner_text() != before
    page.keyboard.press("p")
    assert page.locator(":focus").inner_text() == before
    compared = page.url
    phone = enter("owner", size=PHONE)
    phone.visit("/packages" + compared.partition("/packages")[2])
    phone.look()
    phone.page.locator("a.fq-main-link").first.click()
    phone.look()
    page.goto(address)
    page.get_by_label("改了什么、为什么").fill("统一名称")
    with page.expect_navigation():
        page.get_by_role("button", name="发布第 2 版").click()
    expect(page.locator("main")).to_contain_text("第 2 版已发布")
