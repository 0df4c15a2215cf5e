"""A running installation with its demo, and people at real browsers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.live_site import LiveSite
from tests.browser.person import DESK, Person

PATIENCE = 15_000
"""Milliseconds a page may take to show what is expected, on a machine busy with other tests."""
expect.set_options(timeout=PATIENCE)

Enter = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a machine that does other things may lose a moment: a test here that fails is
    tried once more, and the run tells how many were."""
    for item in items:
        if "live" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Server, worker and demo of this process; fails if either of them logged a failure."""
    site = LiveSite(Path(tmp_path_factory.mktemp("live")) / "data")
    site.start()
    yield site
    site.stop()
    assert site.errors() == []


@pytest.fixture
def enter(live: LiveSite, browser: Browser) -> Iterator[Enter]:
    """Signs a demo account in with a browser of its own."""
    people: list[Person] = []

    def sign_in(username: str, size: dict[str, int] = DESK, language: str = "zh-CN") -> Person:
        people.append(Person(browser, live.url, size=size, language=language))
        return people[-1].sign_in(username)

    yield sign_in
    for person in people:
        person.close()
