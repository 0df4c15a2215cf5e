"""Many due clocks: workers that step past each other, and papers that give way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.factories.cases import World, rows
from tests.factories.installation import check_run
from tests.factories.papers import PretendRenderer, build_papers, open_papers
from tests.factories.storage import counted_statements
from workflows.cases.tables import CaseRecord, ClockRow, Document, Run, TimelineAnchor
from workflows.cases.timeline import verify
from workflows.cases.wake import NotWokenError, TogetherError, is_any_due, wake_together
from workflows.jobs.sources import (
    CLOSED_BACK,
    WAY_SECONDS,
    AnchorSource,
    ClockSource,
    DocumentSource,
)
from workflows.storage import SYSTEM, Database, IdSource
from workflows.storage.clock import MovableClock
from workflows.storage.files import FileStore
from workflows.storage.ids import encode_id
from workflows.storage.vault import Vault

SECOND = timedelta(seconds=1)


@pytest.fixture
def papers(
    database: Database, clock: MovableClock, ids: IdSource, vault: Vault, files: FileStore
) -> World:
    return build_papers(database, clock, ids, vault, files)


@pytest.fixture
def impatient(world: World) -> Iterator[Database]:
    """The same database for somebody who does not wait."""
    other = Database(world.platform.database.url, wait_seconds=0.2)
    yield other
    other.dispose()


def overdue(world: World, cases: int) -> list[int]:
    """Runs whose clocks are due, one after another."""
    runs = []
    for _ in range(cases):
        world.at_talk()
        world.clock.advance(SECOND)
    clocks = [row for row in rows(world, ClockRow) if row.is_open]
    world.clock.advance(max(row.due_at for row in clocks) - world.clock.now() + SECOND)
    runs += [row.run_id for row in sorted(clocks, key=lambda row: (row.fires_at, row.run_id))]
    return runs


def left(world: World) -> list[int]:
    return [row.run_id for row in rows(world, ClockRow) if row.is_open]


def test_the_longest_due_runs_are_woken_first_and_none_at_the_end(world: World) -> None:
    runs = overdue(world, 3)
    assert (wake_together(world.platform, 2), left(world)) == (2, runs[2:])
    assert [wake_together(world.platform, 2) for _ in range(2)] == [1, 0]


def test_ten_runs_take_as_many_statements_as_two(world: World) -> None:
    """The clock that only reminds; a run that ends asks for its neighbours besides."""
    for _ in range(12):
        world.open()
    world.clock.advance(timedelta(days=10))
    counted = []
    for runs in (2, 10):
        with counted_statements(world.platform.database) as statements:
            assert wake_together(world.platform, runs) == runs
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_runs_woken_together_have_a_record_and_a_journal_of_their_own(world: World) -> None:
    runs = overdue(world, 3)
    assert wake_together(world.platform, 3) == 3
    assert [check_run(world.platform, encode_id(run))[-1] for run in runs] == ["wake"] * 3
    assert [run.end_state for run in rows(world, Run)] == ["e_late"] * 3
    with world.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []


def test_a_case_somebody_holds_does_not_hold_up_the_others(
    world: World, impatient: Database
) -> None:
    """SQLite has one writer: there everybody waits for the next turn."""
    first, second = overdue(world, 2)
    source = ClockSource(replace(world.platform, database=impatient))
    held = select(CaseRecord.id).join(Run, Run.case_id == CaseRecord.id).where(Run.id == first)
    with world.platform.database.transaction(SYSTEM) as session:
        session.scalars(held.with_for_update(of=CaseRecord)).all()
        woken = source.run_due(50)
    steps_past = world.platform.database.dialect == "postgresql"
    assert woken == int(steps_past)
    assert left(world) == ([first] if steps_past else [first, second])
    assert source.run_due(50) == 2 - woken


def with_another_state(world: World, broken: int, sound: int) -> None:
    """The state of another run cannot be read."""
    with world.platform.database.transaction(SYSTEM) as session:
        states = {run.id: run.state for run in session.scalars(select(Run))}
        session.execute(update(Run).where(Run.id == broken).values(state=states[sound]))


def test_a_run_that_cannot_go_on_says_which_and_is_put_off(world: World) -> None:
    broken, sound = overdue(world, 2)
    with_another_state(world, broken, sound)
    with pytest.raises(NotWokenError) as refused:
        wake_together(world.platform, 1)
    assert (refused.value.run_id, refused.value.__cause__ is not None) == (broken, True)
    assert (wake_together(world.platform, 1), left(world)) == (1, [broken])
    with world.platform.database.reading(SYSTEM) as session:
        assert not is_any_due(session, world.clock.now())


def test_a_run_that_cannot_go_on_leaves_those_beside_it_as_they_were(world: World) -> None:
    _first, broken, last = overdue(world, 3)
    with_another_state(world, broken, last)
    before = [(row.id, row.revision, row.state) for row in rows(world, Run)]
    with pytest.raises(TogetherError) as refused:
        wake_together(world.platform, 10)
    assert refused.value.runs == 3
    assert [(row.id, row.revision, row.state) for row in rows(world, Run)] == before
    assert ClockSource(world.platform).run_due(50) == 3
    assert left(world) == [broken]


def test_papers_give_way_to_due_clocks_but_do_not_starve(papers: World) -> None:
    """One paper, then a rest while clocks are due; without due clocks one after another."""
    for _ in range(3):
        open_papers(papers)
    waiting = [row.id for row in rows(papers, Document)]
    at = [100.0]
    source = DocumentSource(papers.platform, PretendRenderer(), monotonic=lambda: at[0])
    papers.clock.advance(SECOND)
    (due,) = _due_clock(papers)
    made = [source.run_due(50), source.run_due(50)]
    at[0] += WAY_SECONDS
    made.append(source.run_due(50))
    with papers.platform.database.transaction(SYSTEM) as session:
        session.execute(
            update(ClockRow)
            .where(ClockRow.run_id == due)
            .values(fires_at=papers.clock.now() + SECOND)
        )
    made.append(source.run_due(50))
    assert made == [1, 0, 1, 1]
    assert len(waiting) == 3
    assert {row.state for row in rows(papers, Document)} == {"ready"}


def _due_clock(world: World) -> list[int]:
    """A clock row that is due: papers have none of their own."""
    run = rows(world, Run)[0]
    now = world.clock.now()
    with world.platform.database.transaction(SYSTEM) as session:
        session.add(
            ClockRow(
                run_id=run.id, number=999, case_id=run.case_id, unit_code=run.unit_code,
                element="e", watches="e", interrupting=1, rule="mediation", base="2026-01-01",
                status="final", is_open=1, due_on=None, due_at=now, fires_at=now, warn_at=[],
                rolled=0, steps=[], rule_version="1", calendar_version="1", excluded=[],
                extended_days=0, opened_at=now, closed_at=None,
            )
        )  # fmt: skip
    return [run.id]


def test_two_workers_that_begin_at_once_write_one_anchor(world: World) -> None:
    """The second anchor did not know the first, and the chain of anchors was broken."""
    world.open()
    world.clock.advance(CLOSED_BACK + SECOND)
    ready, others = threading.Barrier(2), [Database(world.platform.database.url) for _ in range(2)]

    def work(database: Database) -> None:
        source = AnchorSource(replace(world.platform, database=database))
        ready.wait()
        source.run_due(1)

    threads = [threading.Thread(target=work, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
        world.clock.advance(SECOND)
    for thread in threads:
        thread.join()
    for one in others:
        one.dispose()
    assert len(rows(world, TimelineAnchor)) == 1
    with world.platform.database.reading(SYSTEM) as session:
        assert list(verify(session)) == []
