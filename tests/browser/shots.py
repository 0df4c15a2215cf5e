"""Pictures of every page at desk and phone size, to be looked at: `python -m tests.browser.shots`.

They land in `tests/browser/shots/` (not kept). `--readme` renews the pictures of the README and
the docs in `docs/images/`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.live_site import LiveSite
from tests.browser.person import DESK, PHONE, Person

SHOTS = Path(__file__).parent / "shots"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZES = {"1280": DESK, "360": PHONE}
README = {"mediator-inbox": "inbox.png", "mediator-case": "case.png"}
LISTS = {
    "inbox": "/inbox",
    "inbox-claimable": "/inbox?tab=claimable",
    "inbox-soon": "/inbox?tab=soon",
    "inbox-overdue": "/inbox?tab=over",
    "cases": "/cases",
    "start": "/start",
    "letters": "/letters",
    "notices": "/notices",
    "outside": "/outside",
    "outside-rows": "/outside/rows",
    "outside-export": "/outside/export",
    "account": "/account",
    "nowhere": "/nowhere",
}
LOOKS_AFTER_PEOPLE = ("head", "director")
"""Demo accounts that hand out work."""


def links(person: Person, path: str, selector: str) -> Iterator[tuple[str, str]]:
    """(words, address) of links on a page, one of each kind of words."""
    person.page.goto(path)
    seen: set[str] = set()
    for link in person.page.locator(selector).all():
        words = (link.inner_text().strip() or str(link.get_attribute("href"))).splitlines()[0]
        if words not in seen:
            seen.add(words)
            yield words, str(link.get_attribute("href"))


def addresses(person: Person, username: str) -> dict[str, str]:
    """Name of the picture → address, for one account."""
    found = {f"{username}-{name}": path for name, path in LISTS.items()}
    for tab in ("mine", "claimable"):
        for words, href in links(person, f"/inbox?tab={tab}", "a.fq-main-link"):
            found[f"{username}-task-{words}"] = href
    cases = dict(links(person, "/inbox", "a.fq-case-link"))
    if cases:
        case = next(iter(cases.values()))
        found[f"{username}-case"] = case
        found[f"{username}-documents"] = f"{case}/documents"
        found[f"{username}-decisions"] = f"{case}/decisions"
        found[f"{username}-copy"] = f"{case}/copy/province"
        offered = {href for _words, href in links(person, case, "details.fq-menu a")}
        acts = ("withdraw", "merge")
        found |= {f"{username}-{a}": f"{case}/{a}" for a in acts if f"{case}/{a}" in offered}
        for words, href in links(person, f"{case}/documents", "main a[href*='/print']"):
            found[f"{username}-print-{words}"] = href
    if username in LOOKS_AFTER_PEOPLE:
        found[f"{username}-people"] = "/people"
        for _words, href in list(links(person, "/people", "a.fq-main-link"))[:1]:
            found[f"{username}-handover"] = href
            found[f"{username}-handover-back"] = f"{href}?to=-"
    for words, href in links(person, "/start", "main a[href^='/start/']"):
        found[f"{username}-start-{words}-{href.rsplit('/', 1)[1].split('?')[0]}"] = href
    return found


def take(browser: Browser, base: str, username: str, language: str) -> None:
    """All pictures of one account in one language."""
    person = Person(browser, base).sign_in(username).speak(language)
    pages = addresses(person, username)
    for size, viewport in SIZES.items():
        person.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for name, path in pages.items():
            person.page.goto(path)
            tail = "" if language.startswith("zh") else f"-{language[:2]}"
            file = SHOTS / f"{name.replace('/', '_')}-{size}{tail}.png"
            person.page.screenshot(path=file, full_page=True)
    person.close()


def take_signed_out(browser: Browser, base: str) -> None:
    """The page everybody begins at."""
    for size, viewport in SIZES.items():
        person = Person(browser, base, size=viewport)
        person.page.goto("/sign-in")
        person.page.screenshot(path=SHOTS / f"sign-in-{size}.png", full_page=True)
        person.close()


def renew_readme(browser: Browser, base: str) -> None:
    """Pictures for people who read before they run: the first screen of each page."""
    IMAGES.mkdir(exist_ok=True)
    person = Person(browser, base).sign_in("mediator")
    pages = addresses(person, "mediator")
    for name, file in README.items():
        person.page.goto(pages[name])
        person.page.screenshot(path=IMAGES / file)
    person.close()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("accounts", nargs="*", default=["intake", "head", "mediator", "recorder"])
    words.add_argument("--language", default="zh-Hans")
    words.add_argument("--readme", action="store_true")
    words.add_argument("--site", help="address of a running site with the demo")
    asked = words.parse_args()
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        live = None if asked.site else LiveSite(Path(folder) / "data", test_clock=False)
        if live:
            live.start()
        base = asked.site or live.url  # type: ignore[union-attr]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        if asked.readme:
            renew_readme(browser, base)
        else:
            take_signed_out(browser, base)
            for username in asked.accounts:
                take(browser, base, username, asked.language)
        browser.close()
        if live:
            live.stop()


if __name__ == "__main__":
    main()
