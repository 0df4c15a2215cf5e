"""The day of an owner who never programmed: a new step with its form, tried, approved, published;
new cases take it, old ones go on as they began, one is led over. No code, no restart."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import owners_day as day
from tests.browser.live_site import LiveSite
from tests.browser.person import Person
from tests.browser.test_story import BEFORE, REGISTRATION, work
from tests.factories import many_cases
from tests.factories.many_cases import CASES, over_the_limit

SIZE = {"width": 1440, "height": 900}
BIG = {**REGISTRATION, "amount": "80000"}
ALL = CASES + 2
"""Cases there are, and those that are begun here: one that goes on, one that is led over."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    """An installation of its own, since what counts in it changes; always two persons."""
    made = LiveSite(tmp_path / "data")
    made.fill(many_cases.__name__)
    made.start()
    subprocess.run(
        made.command("packages", "second-person", "always"),
        env=made.environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    yield made
    made.stop()
    assert made.errors() == []


class People:
    """Everybody at a browser of their own."""

    def __init__(self, browser: Browser, site: LiveSite) -> None:
        self._browser, self._site = browser, site
        self._known: dict[str, Person] = {}

    def __getitem__(self, username: str) -> Person:
        if username not in self._known:
            person = Person(self._browser, self._site.url, size=SIZE).sign_in(username)
            person.page.set_default_timeout(day.LONG)
            self._known[username] = person
        return self._known[username]

    def close(self) -> list[str]:
        """Everything that went wrong in the browsers."""
        problems = [one for person in self._known.values() for one in person.problems]
        for person in self._known.values():
            person.close()
        return problems


@pytest.fixture
def people(browser: Browser, site: LiveSite) -> Iterator[People]:
    made = People(browser, site)
    yield made
    assert made.close() == []


def begin(intake: Person) -> str:
    """A case about much money, up to the question to the other party; its address."""
    page = intake.visit("/start")
    page.locator("main a[href^='/start/people_mediation/register']").first.click()
    intake.fill(BIG)
    intake.submit()
    case = page.url.removeprefix(intake.base)
    go_on(intake, case, 0, 1)
    return case


def go_on(intake: Person, case: str, first: int, end: int) -> None:
    """The steps of the story from `first` to before `end`."""
    for _who, title, values in BEFORE[first:end]:
        work(intake, case, title, values)


def has_new_step(intake: Person, case: str) -> bool:
    """Whether the case waits in the step that was drawn."""
    page = intake.visit(case)
    waiting = page.locator("main section").first.inner_text()
    assert "征求村委会意见" in waiting or "指定调解员" in waiting
    return "征求村委会意见" in waiting


def test_a_step_is_drawn_tried_published_and_taken(people: People) -> None:
    owner, intake = people["owner"], people["intake"]
    old, moved = begin(intake), begin(intake)
    choice, task = day.draw_step(owner)
    day.say_when(owner, choice)
    day.ask_two_questions(owner, task)
    day.expect_no_error(owner)
    day.rehearse(owner, day.save_and_hand_in(owner, "大额纠纷先问村委会"))
    day.take_back(owner)
    day.mend_scenario(owner, "thirty_parties", task)
    assert day.replay(owner) == ALL == 200
    parted = over_the_limit()
    assert day.counts(owner) == {"与原来相同": ALL - parted, "走向不同": parted}
    assert day.painted(owner, task) == parted
    version = day.newest_version(owner)
    day.approve(people["approver"], version)
    day.publish(owner, version)
    new = begin(intake)
    go_on(intake, new, 1, 3)
    assert has_new_step(intake, new)
    clock = intake.visit(moved).locator(".fq-clock").first.inner_text()
    day.migrate(owner, version, moved)
    assert intake.visit(moved).locator(".fq-clock").first.inner_text() == clock
    go_on(intake, moved, 1, 3)
    assert has_new_step(intake, moved)
    go_on(intake, old, 1, 3)
    assert not has_new_step(intake, old)
