"""9. No date is presented as final for a year without a calendar: wherever a due day of such a
clock is shown, the same line says that it can still move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tests.factories.cases import World, build_world, rows
from tests.negatives.asking import address, ask, rules, surface
from tests.negatives.registry import asked
from tests.negatives.surfaces import ROOT, packages
from webapp.app import create_app
from webapp.settings import Settings
from workflows.cases.claim_task import ItemCommand, assign
from workflows.cases.clocks import ClockCommand, pause, resume
from workflows.cases.tables import ClockRow
from workflows.catalogue.source import read_folder
from workflows.jobs.reminders import ReminderSource
from workflows.notices.tables import Notice
from workflows.organisation.accounts import issue_token
from workflows.organisation.feeds import issue_feed
from workflows.organisation.tables import Account
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import encode_id, encode_item
from workflows.storage.vault import Vault

LATE = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)
"""A month from here ends in a year whose holidays nobody has announced."""
WORDS = ("暂定", "provisional")
READERS = ("mediator", "head", "watcher")
NEAR = 400
"""Characters around a date in which it has to be said; a row of a list or a field of JSON."""


@dataclass
class Late:
    """A small office at the end of a year, with one talk under a provisional clock."""

    world: World
    app: Flask
    things: dict[str, str]
    feed: str
    due: date

    def token(self, username: str) -> str:
        with self.world.platform.database.transaction(SYSTEM) as session:
            now = self.world.clock.now()
            return issue_token(session, self.world.platform.ids, username=username, now=now)


@pytest.fixture
def late(
    database: Database,
    clock: MovableClock,
    ids: IdSource,
    vault: Vault,
    files: FileStore,
    settings: Settings,
) -> Late:
    clock.advance(LATE - clock.now())
    world = build_world(database, clock, ids, vault, files)
    opened, talk = world.at_talk()
    command = ItemCommand(talk.id, to="mediator", reason="专业对口")
    assign(world.platform, world.actor("head"), command)
    row = next(one for one in rows(world, ClockRow) if one.rule == "mediation")
    held = encode_item(row.run_id, row.number)
    pause(world.platform, world.actor("head"), ClockCommand(held, "委托鉴定", "appraisal"))
    resume(world.platform, world.actor("head"), ClockCommand(held, "鉴定完成"))
    row = next(one for one in rows(world, ClockRow) if one.rule == "mediation")
    assert (row.status, row.due_on.year) == ("provisional", 2027)
    with database.transaction(SYSTEM) as session:
        feed = issue_feed(session, world.accounts["mediator"], clock.now())
    notice = encode_id(rows(world, Notice)[0].id)
    other = encode_id(ids.next())
    things = {"case": opened.case, "run": opened.run, "item": talk.id, "clock": held}
    things |= {name: other for name in ("document", "file", "letter", "other")}
    app = create_app(settings, world.platform)
    return Late(world, app, {**things, "notice": notice}, feed, row.due_on)


def written(due: date) -> list[str]:
    """Every way a due day is written somewhere."""
    return [
        due.isoformat(),
        (due + timedelta(days=1)).isoformat(),
        f"{due.year}年{due.month}月{due.day}日",
        f"{due.month}月{due.day}日",
        due.strftime("%Y%m%d"),
        due.strftime("%b ") + str(due.day),
        f"{due.day} " + due.strftime("%b"),
    ]


def faults(text: str, due: date) -> Iterator[str]:
    """Places where the day stands without the word."""
    for form in written(due):
        for found in re.finditer(re.escape(form), text):
            near = text[max(0, found.start() - NEAR) : found.end() + NEAR]
            if not any(word in near for word in WORDS):
                yield near[NEAR - 60 : NEAR + 60]


def addresses(late: Late) -> Iterator[tuple[str, str]]:
    """Every page and read, and the calendar feed with its real token."""
    for rule in rules(late.app, "GET"):
        path = address(late.app, rule, late.things)
        if rule.endpoint == "calendar.feed":
            path = f"/calendar/{late.feed}.ics"
        path = path.replace("/petition_head/", "/mediator/")
        yield surface(rule, "GET"), path


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_wherever_the_day_is_shown_it_can_still_move(late: Late, language: str) -> None:
    tokens = {name: late.token(name) for name in READERS}
    speak(late, language)
    wrong, shown = [], set()
    for name, path in addresses(late):
        for who, token in tokens.items():
            answer = ask(late.app, token, "GET", path)
            if any(form in answer.text for form in written(late.due)):
                shown.add(name)
            wrong += [f"{who} {name}: {fault}" for fault in faults(answer.text, late.due)]
    assert wrong == []
    assert shown >= SHOWS


def speak(late: Late, language: str) -> None:
    with late.world.platform.database.transaction(SYSTEM) as session:
        for name in READERS:
            session.get_one(Account, late.world.accounts[name]).language = language


SHOWS = {
    "route GET cases.case",
    "route GET cases.task",
    "route GET inbox.inbox",
    "route GET people.handover",
    "route GET calendar.feed",
    "route GET api.read_case",
    "route GET api.read_task",
    "route GET api.list_tasks",
    "route GET api.read_run",
    "route GET cases.timeline",
    "route GET api.read_timeline",
}
"""At least these do show it, so that the test above looks at something."""


def test_every_route_that_reads_was_asked(late: Late) -> None:
    routes = {name for name, _path in addresses(late)}
    assert {name for name in asked(9) if name.startswith("route ")} == routes


def test_a_reminder_names_no_day(late: Late) -> None:
    late.world.clock.advance(timedelta(days=29))
    ReminderSource(late.world.platform).run_due(50)
    told = [row for row in rows(late.world, Notice) if row.kind in ("soon", "over")]
    assert told != []
    assert [list(faults(str(vars(row)), late.due)) for row in told] == [[]] * len(told)


def test_no_text_of_a_document_counts_a_limit() -> None:
    """A paper shows days people entered. What a rule and a calendar make of them, it cannot ask."""
    asking = re.compile(r"\b(deadline|clock|clocks|due)\s*[(.]")
    wrong = [
        name
        for key in packages()
        for name, content in read_folder(ROOT, key).files.items()
        if "/documents/" in name and asking.search(content.decode())
    ]
    assert wrong == []
