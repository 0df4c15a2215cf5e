"""Pictures of the studio for its guide: `python -m tests.browser.guide` renews docs/images/guide.

They are taken while an owner's day is lived on a site of its own, so that they show what is there.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import owners_day as day
from tests.browser.live_site import LiveSite
from tests.browser.person import Person

IMAGES = Path(__file__).parents[2] / "docs" / "images" / "guide"
SIZE = {"width": 1440, "height": 900}
COLOURS, MOST_BYTES = 128, 150_000
QUIET_MS = 4000
"""For what a page makes by itself: findings, pages of a text, the phone."""


def take(page: Page, name: str) -> None:
    """A picture in few colours, which a screen of text does not miss: a third of the bytes."""
    page.wait_for_timeout(QUIET_MS)
    with Image.open(BytesIO(page.screenshot())) as shot:
        few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    size = (IMAGES / f"{name}.png").stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{name}: {size} bytes, more than {MOST_BYTES}")


def live_the_day(owner: Person) -> None:
    """The parts of the day that have a picture."""
    page = owner.page
    page.goto(f"/studio/{day.KEY}#diagram/{quote(f'bpmn/{day.KEY}/pm_mediate.bpmn', safe='')}")
    expect(page.locator(".fq-side-head")).to_be_visible()
    take(page, "studio")
    choice, task = day.draw_step(owner)
    day.say_when(owner, choice)
    page.get_by_role("button", name="适合窗口").click()
    take(page, "condition")
    day.ask_two_questions(owner, task)
    take(page, "form")
    page.goto(f"/studio/{day.KEY}#decisions")
    take(page, "decision")
    text = f"forms/{day.KEY}/documents/agreement.html"
    page.goto(f"/studio/{day.KEY}#texts/{quote(text, safe='')}")
    expect(page.locator('[data-room="texts"] img').first).to_be_visible()
    take(page, "text")
    day.replay(owner)
    page.goto(f"/studio/{day.KEY}#diagram/{quote(f'bpmn/{day.KEY}/pm_inform.bpmn', safe='')}")
    take(page, "replay")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--site", help="address of a running site with the demo")
    asked = words.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=day.LONG)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        live = None if asked.site else LiveSite(Path(folder) / "data")
        if live:
            live.start()
        base = asked.site or live.url  # type: ignore[union-attr]
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        owner = Person(browser, base, size=SIZE).sign_in("owner")
        owner.page.set_default_timeout(day.LONG)
        live_the_day(owner)
        owner.close()
        browser.close()
        if live:
            live.stop()


if __name__ == "__main__":
    main()
