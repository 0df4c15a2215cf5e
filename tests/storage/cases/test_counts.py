"""Statements and commits: few, and the same however old a case is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from tests.factories.cases import World
from tests.factories.storage import counted_statements
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.queries.cases_list import CasesQuery, list_cases
from workflows.cases.queries.inbox import TABS, InboxQuery, list_inbox
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.timeline import TimelineQuery, list_timeline
from workflows.storage import Database


@dataclass
class Commits:
    """How often the block committed."""

    count: int = 0


@contextmanager
def counted_commits(database: Database) -> Iterator[Commits]:
    found = Commits()

    def note(_connection: object) -> None:
        found.count += 1

    event.listen(database.engine, "commit", note)
    yield found
    event.remove(database.engine, "commit", note)


def step(world: World, talk: InboxRow, key: str | None = None) -> tuple[InboxRow, int, int]:
    """One more round of talking: (next item, statements with the actor's look-up, commits)."""
    database = world.platform.database
    with counted_statements(database) as seen, counted_commits(database) as commits:
        command = CompleteTask(
            talk.id, talk.revision, {"outcome": "again", "note": "谈了"}, idempotency_key=key
        )
        done = complete_task(world.platform, world.actor("mediator"), command)
    return done.tasks[0], len(seen), commits.count


def test_completing_takes_twelve_statements_and_one_commit_at_most(world: World) -> None:
    _opened, talk = world.at_talk()
    talk, first, commits = step(world, talk)
    talk, second, more = step(world, talk, key="k")
    # The first one also takes part from now on, and empties a fact the case is found by.
    assert (first, second) == (10, 9)
    assert (commits, more) == (1, 1)


def test_completing_costs_the_same_at_step_5_and_at_step_200(world: World) -> None:
    _opened, talk = world.at_talk()
    counts = {}
    for number in range(3, 201):
        talk, counts[number], _commits = step(world, talk)
    assert counts[5] == counts[200] == 8


@pytest.mark.parametrize("tab", TABS)
def test_an_inbox_takes_four_statements_at_most(world: World, tab: str) -> None:
    for _ in range(3):
        world.at_talk()
    for username in ("intake", "head", "mediator", "watcher"):
        with counted_statements(world.platform.database) as seen:
            list_inbox(world.platform, world.actor(username), InboxQuery(tab=tab, q="水渠"))
        assert len(seen) <= 4


def test_a_list_of_cases_takes_four_statements_at_most(world: World) -> None:
    for _ in range(3):
        world.open()
    with counted_statements(world.platform.database) as seen:
        found = list_cases(world.platform, world.actor("mediator"), CasesQuery())
    assert (len(found.rows), len(seen)) == (3, 2)


def test_a_record_takes_four_statements(world: World) -> None:
    opened = world.open()
    with counted_statements(world.platform.database) as seen:
        list_timeline(world.platform, world.actor("intake"), TimelineQuery(opened.case))
    assert len(seen) == 4
