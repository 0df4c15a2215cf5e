"""One person at a real browser: signs in, fills in forms by their field names, and has every page
looked at: accessibility, sideways scroll, inline styles, console."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.live_site import PASSWORD

ROOT = Path(__file__).parents[2]
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BARS = "document.querySelectorAll('.fq-actions, .fq-rail')"


@cache
def axe() -> str:
    """The accessibility checker's source."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def type_over(editor: Locator, text: str) -> None:
    """Into an editor of code as somebody at the keyboard does it: what stood there is chosen by
    the editor's own key. (Choosing it from outside races with the editor's look at the focus.)"""
    editor.click()
    editor.press("Control+a")
    editor.page.keyboard.insert_text(text)
    editor.blur()


class Person:
    """Somebody with a browser of their own."""

    def __init__(
        self, browser: Browser, base: str, *, size: dict[str, int] = DESK, language: str = "zh-CN"
    ) -> None:
        self.base = base
        self.context = browser.new_context(
            base_url=base, viewport=size, locale=language, timezone_id="Asia/Shanghai"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "422" not in message.text:
            self.problems.append(f"console: {message.text}")

    def sign_in(self, username: str) -> Person:
        self.page.goto("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page).to_have_url(f"{self.base}/inbox")
        return self

    def speak(self, language: str) -> Person:
        """Chooses the account's language, which is kept."""
        self.page.goto("/account")
        self.page.select_option("main #language", language)
        with self.page.expect_navigation():
            self.page.locator("main form[action$='/language'] button").click()
        return self

    def visit(self, path: str) -> Page:
        """Opens an address and looks at the page."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.look()
        return self.page

    def open_task(self, case: str, title: str) -> None:
        """From the case page to the form of its open task, claiming it where nobody has."""
        self.visit(case)
        panel = self.page.locator("section.is-do", has=self.page.get_by_text(title))
        panel.locator(
            "a.btn-primary, button.btn-primary, a.btn-quiet, button.btn-quiet"
        ).first.click()
        expect(self.page.locator("h1")).to_contain_text(title)
        self.look()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Field name → what to type, choose, tick or attach, in this order."""
        for name, value in values.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        upload = self.page.locator(f'[name="{name}.upload"]')
        if upload.count():
            upload.set_input_files(value)
            field = self.page.locator(f'[data-files="{name}"]')
            expect(field.locator("[data-file-state]").last).to_contain_text("已上传")
            return
        control = self.page.locator(f'main [name="{name}"]:not([type=hidden])')
        kind = self._kind(control)
        if kind in ("radio", "checkbox"):
            self._tick(control, value)
        elif kind == "select":
            control.select_option(value)
        else:
            self._unfold(control)
            control.fill(value)

    def _tick(self, control: Locator, value: Any) -> None:
        if isinstance(value, bool):
            found = control if control.count() == 1 else None
            if found is not None:
                found.set_checked(value)
                return
            value = "true" if value else "false"
        for one in value if isinstance(value, list) else [value]:
            self.page.locator(
                f'[name="{control.first.get_attribute("name")}"][value="{one}"]'
            ).check()

    def _kind(self, control: Locator) -> str:
        first = control.first
        first.wait_for(state="attached")
        tag = first.evaluate("e => e.tagName.toLowerCase()")
        return "select" if tag == "select" else str(first.get_attribute("type") or tag)

    def _unfold(self, control: Locator) -> None:
        """Rare fields of a party stand in a folded part."""
        folded = control.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.locator("summary").click()

    def submit(self) -> None:
        """Presses the form's main button; the answer is another page without errors."""
        with self.page.expect_navigation():
            self.page.locator("form.fq-form .fq-actions button.btn-primary").click()
        assert self.page.locator(".fq-errors").count() == 0, self.page.locator("main").inner_text()
        self.look()

    def look(self) -> None:
        """Fails on anything a page must never have."""
        # What stays in place covers a control only until the page is moved.
        self.page.evaluate(f"{BARS}.forEach(e => e.style.position = 'static')")
        self.page.evaluate(axe())
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        self.page.evaluate(f"{BARS}.forEach(e => e.removeAttribute('style'))")
        broken = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
        width = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if width[0] > width[1]:
            broken.append(f"scrolls sideways: {width[0]} > {width[1]}")
        if self.page.locator("[style]:not(svg *, canvas)").count():
            broken.append("inline styles")
        assert not broken, f"{self.page.url}: {broken}"
        assert not self.problems, f"{self.page.url}: {self.problems}"

    def close(self) -> None:
        self.context.close()
