"""Claim → do → done on both databases: poison, crashes, two workers, ten thousand other cases."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.factories.cases import World
from tests.factories.jobs import KilledError, crowd
from tests.factories.times import START
from workflows.cases.platform import Platform
from workflows.cases.tables import CaseRecord, ClockRow, JournalEntry, Run, TimelineAnchor
from workflows.cases.wake import RETRY
from workflows.jobs.heartbeat import FORGOTTEN, STALE, HeartbeatSource, list_beats
from workflows.jobs.sources import (
    CLOSED_BACK,
    LEASE_SECONDS,
    OUTBOX_BATCH,
    AnchorSource,
    ClockSource,
    Handler,
    OutboxSource,
)
from workflows.jobs.worker import Worker
from workflows.storage import SYSTEM, Database, Session, outbox
from workflows.storage.clock import MovableClock
from workflows.storage.tables import OutboxRow

SECOND = timedelta(seconds=1)


# --- clocks ---------------------------------------------------------------------------------------


def open_clocks(world: World) -> list[ClockRow]:
    with world.platform.database.reading(SYSTEM) as session:
        query = select(ClockRow).where(ClockRow.is_open == 1).order_by(ClockRow.run_id)
        return list(session.scalars(query))


def overdue(world: World, cases: int = 1) -> list[int]:
    """So many cases in a talk whose clock has just fallen due; their runs."""
    for _ in range(cases):
        world.at_talk()
    clocks = open_clocks(world)
    world.clock.advance(max(row.due_at for row in clocks) - world.clock.now() + SECOND)
    return [row.run_id for row in clocks]


def journal_length(world: World, run_id: int) -> int:
    with world.platform.database.reading(SYSTEM) as session:
        query = select(func.count()).select_from(JournalEntry).where(JournalEntry.run_id == run_id)
        return session.scalar(query) or 0


def test_due_clock_acts_and_is_not_found_again(world: World) -> None:
    overdue(world)
    assert ClockSource(world.platform).run_due(50) == 1
    assert open_clocks(world) == []
    assert ClockSource(world.platform).run_due(50) == 0


def test_run_that_cannot_be_woken_is_put_off_and_the_next_one_acts(world: World) -> None:
    """A state that cannot be read, because it is another run's."""
    broken, sound = overdue(world, 2)
    with world.platform.database.transaction(SYSTEM) as session:
        run, other = session.get_one(Run, broken), session.get_one(Run, sound)
        run.state = other.state
    assert ClockSource(world.platform).run_due(50) == 2
    (left,) = open_clocks(world)
    assert (left.run_id, left.fires_at) == (broken, world.clock.now() + RETRY)


def failing_rules(times: int, rules: Callable[[Session], Any]) -> Callable[[Session], Any]:
    """A rule book that breaks like a programming error, so many times."""
    left = [times]

    def load(session: Session) -> Any:
        if left[0]:
            left[0] -= 1
            raise KeyError("a mistake of ours")
        return rules(session)

    return load


def test_run_that_meets_a_mistake_of_ours_is_put_off_too(world: World) -> None:
    overdue(world, 2)
    platform = replace(world.platform, rules=failing_rules(2, world.platform.rules))
    assert ClockSource(platform).run_due(50) == 2
    assert len(open_clocks(world)) == 1
    world.clock.advance(RETRY)
    assert ClockSource(platform).run_due(50) == 1
    assert open_clocks(world) == []


def test_clock_of_a_run_that_ended_is_silenced(world: World) -> None:
    """Found again and again it would stand before all others for ever."""
    (run_id,) = overdue(world)
    with world.platform.database.transaction(SYSTEM) as session:
        session.execute(update(Run).where(Run.id == run_id).values(status="voided"))
    source = ClockSource(world.platform)
    assert (source.run_due(50), source.run_due(50)) == (1, 0)


def test_busy_run_is_left_for_the_next_turn(world: World) -> None:
    """Somebody holds the case; giving up for ten minutes would miss the moment."""
    overdue(world)
    impatient = Database(world.platform.database.url, wait_seconds=0.2)
    source = ClockSource(replace(world.platform, database=impatient))
    with world.platform.database.transaction(SYSTEM) as session:
        session.scalars(select(CaseRecord.id).with_for_update()).all()
        assert source.run_due(50) == 0
    assert source.run_due(50) == 1
    impatient.dispose()


def in_two_threads(work: Callable[[], None]) -> None:
    """Two workers at the same moment."""
    ready, failures = threading.Barrier(2), list[BaseException]()

    def begin() -> None:
        ready.wait()
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_two_workers_fire_a_clock_once(world: World) -> None:
    runs = overdue(world, 4)
    before = [journal_length(world, run) for run in runs]

    def work() -> None:
        second = Database(world.platform.database.url)
        Worker([ClockSource(replace(world.platform, database=second))]).run_until_idle()
        second.dispose()

    in_two_threads(work)
    assert open_clocks(world) == []
    assert [journal_length(world, run) for run in runs] == [count + 1 for count in before]


def test_clock_acts_within_two_seconds_beside_ten_thousand_open_cases(world: World) -> None:
    world.at_talk()
    (clock,) = open_clocks(world)
    crowd(world, 10_000)
    stop = threading.Event()
    worker = Worker([ClockSource(world.platform)])
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    begun = time.monotonic()
    world.clock.advance(clock.due_at - world.clock.now())
    while is_open(world, clock.run_id) and time.monotonic() - begun < 10:
        time.sleep(0.02)
    took = time.monotonic() - begun
    stop.set()
    thread.join()
    assert took < 2
    assert count_open(world) == 10_000


def count_open(world: World) -> int:
    with world.platform.database.reading(SYSTEM) as session:
        query = select(func.count()).select_from(ClockRow).where(ClockRow.is_open == 1)
        return session.scalar(query) or 0


def is_open(world: World, run_id: int) -> bool:
    with world.platform.database.reading(SYSTEM) as session:
        query = select(ClockRow.is_open).where(ClockRow.run_id == run_id)
        return 1 in session.scalars(query).all()


# --- outbox ---------------------------------------------------------------------------------------


def letters(world: World, *payloads: bytes, topic: str = "letter") -> list[int]:
    with world.platform.database.transaction(SYSTEM) as session:
        return [
            outbox.add(session, topic, payload=one, ids=world.platform.ids, now=world.clock.now())
            for one in payloads
        ]


def post(world: World, handler: Handler, **options: Any) -> OutboxSource:
    return OutboxSource(world.platform, {"letter": handler}, **options)


def left(world: World) -> list[OutboxRow]:
    with world.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


class Office:
    """Notes whose letters arrived; chokes on some."""

    def __init__(self, **trouble: BaseException) -> None:
        self.arrived: Counter[str] = Counter()
        self._trouble = trouble

    def __call__(self, _platform: Platform, payload: Mapping[str, Any]) -> None:
        self.arrived[payload["to"]] += 1
        if payload["to"] in self._trouble:
            raise self._trouble[payload["to"]]


def test_rows_are_done_and_go(world: World) -> None:
    letters(world, b'{"to":"a"}', b'{"to":"b"}')
    office = Office()
    assert post(world, office).run_due(50) == 2
    assert office.arrived == {"a": 1, "b": 1}
    assert left(world) == []


@pytest.mark.parametrize("poison", [b'{"to":"bad"}', b"not json", b"[]"])
def test_poison_row_is_put_off_and_the_others_arrive(world: World, poison: bytes) -> None:
    letters(world, b'{"to":"a"}', poison, b'{"to":"b"}')
    office = Office(bad=ZeroDivisionError("a mistake of ours"))
    assert post(world, office).run_due(50) == 3
    assert (office.arrived["a"], office.arrived["b"]) == (1, 1)
    (row,) = left(world)
    assert (row.state, row.attempts) == ("open", 1)
    assert row.available_at == world.clock.now() + outbox.FIRST_RETRY


def test_poison_row_dies_in_the_end_and_says_why(world: World) -> None:
    letters(world, b'{"to":"bad"}')
    source = post(world, Office(bad=ZeroDivisionError("13 号当事人的电话")))
    for _ in range(outbox.MAX_ATTEMPTS):
        assert source.run_due(50) == 1
        world.clock.advance(outbox.LONGEST_RETRY)
    assert source.run_due(50) == 0
    (row,) = left(world)
    assert (row.state, row.last_error) == ("dead", "ZeroDivisionError")


def test_worker_killed_between_claim_and_done_leaves_the_row_to_the_next(world: World) -> None:
    letters(world, b'{"to":"a"}', b'{"to":"b"}')
    with pytest.raises(KilledError):
        post(world, Office(a=KilledError())).run_due(50)
    office = Office()
    assert post(world, office).run_due(50) == 0
    world.clock.advance(outbox.LEASE)
    assert post(world, office).run_due(50) == 2
    assert office.arrived == {"a": 1, "b": 1}
    assert left(world) == []


def test_row_that_kills_every_worker_is_given_up(world: World) -> None:
    letters(world, b'{"to":"a"}')
    deadly = post(world, Office(a=KilledError()))
    for _ in range(outbox.MAX_ATTEMPTS):
        with pytest.raises(KilledError):
            deadly.run_due(50)
        world.clock.advance(outbox.LEASE)
    assert deadly.run_due(50) == 1
    assert [row.state for row in left(world)] == ["dead"]


def test_topic_nobody_handles_waits(world: World) -> None:
    letters(world, b"{}", topic="of a later version")
    assert post(world, Office()).run_due(50) == 0
    assert [row.attempts for row in left(world)] == [0]


def test_rows_of_a_slow_batch_are_left_before_their_lease_ends(world: World) -> None:
    """Begun late, a row could be under way when another worker may take it."""
    letters(world, *[b'{"to":"a"}'] * 4)
    moments = iter([0.0, 0.0, LEASE_SECONDS / 2, LEASE_SECONDS, LEASE_SECONDS])
    office = Office()
    post(world, office, monotonic=lambda: next(moments)).run_due(50)
    assert office.arrived == {"a": 2}
    assert len(left(world)) == 2


def test_two_workers_send_every_letter_once(world: World) -> None:
    names = [f"{n}" for n in range(5 * OUTBOX_BATCH)]
    letters(world, *[f'{{"to":"{name}"}}'.encode() for name in names])
    office = Office()

    def work() -> None:
        second = Database(world.platform.database.url)
        platform = replace(world.platform, database=second)
        Worker([OutboxSource(platform, {"letter": office})]).run_until_idle()
        second.dispose()

    in_two_threads(work)
    assert office.arrived == dict.fromkeys(names, 1)
    assert left(world) == []


# --- anchors and heartbeats -----------------------------------------------------------------------


def anchors(world: World) -> list[TimelineAnchor]:
    with world.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(TimelineAnchor).order_by(TimelineAnchor.until)))


def test_one_anchor_a_day_whatever_the_number_of_workers(world: World) -> None:
    world.open()
    world.clock.advance(timedelta(minutes=10))
    for _ in range(2):
        AnchorSource(world.platform).run_due(50)
    (first,) = anchors(world)
    assert (first.cases, first.until) == (1, world.clock.now() - CLOSED_BACK)
    world.clock.advance(timedelta(days=1))
    source = AnchorSource(world.platform)
    source.run_due(50)
    source.run_due(50)
    assert [row.cases for row in anchors(world)] == [1, 0]


class Ticks:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_worker_gives_a_sign_every_ten_seconds(database: Database, clock: MovableClock) -> None:
    ticks = Ticks()
    source = HeartbeatSource(database, worker="a:1", clock=clock, monotonic=ticks)
    for passed in (0, 9, 2):
        ticks.now += passed
        clock.advance(timedelta(seconds=passed))
        source.run_due(50)
    with database.reading(SYSTEM) as session:
        (beat,) = list_beats(session)
    assert (beat.worker, beat.at) == ("a:1", START + timedelta(seconds=11))
    assert not beat.is_stale(beat.at + STALE)
    assert beat.is_stale(beat.at + STALE + SECOND)


def test_worker_that_ends_properly_is_not_missed(database: Database, clock: MovableClock) -> None:
    ended, alive = (HeartbeatSource(database, worker=one, clock=clock) for one in ("a:1", "b:2"))
    ended.run_due(50)
    alive.run_due(50)
    ended.end()
    with database.reading(SYSTEM) as session:
        assert [beat.worker for beat in list_beats(session)] == ["b:2"]


def test_worker_that_died_long_ago_is_forgotten(database: Database, clock: MovableClock) -> None:
    HeartbeatSource(database, worker="dead:1", clock=clock).run_due(50)
    clock.advance(FORGOTTEN + SECOND)
    HeartbeatSource(database, worker="new:2", clock=clock).run_due(50)
    with database.reading(SYSTEM) as session:
        assert [beat.worker for beat in list_beats(session)] == ["new:2"]
