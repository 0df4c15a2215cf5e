"""The outbox: claim → do → done, leases, retries, dead letters."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.times import START
from workflows.storage import SYSTEM, Database, IdSource, outbox
from workflows.storage.outbox import Claimed
from workflows.storage.tables import OutboxRow

SECOND = timedelta(seconds=1)


def _add(database: Database, ids: IdSource, *topics: str) -> list[int]:
    with database.transaction(SYSTEM) as session:
        return [
            outbox.add(session, topic, payload=topic.encode(), ids=ids, now=START)
            for topic in topics
        ]


def _claim(database: Database, moment=START, limit=10, **options) -> tuple[Claimed, ...]:
    with database.transaction(SYSTEM) as session:
        return outbox.claim(session, moment, limit, worker="w1", **options)


def _fail(database: Database, claimed: Claimed, moment=START) -> str:
    with database.transaction(SYSTEM) as session:
        return outbox.fail(session, claimed, now=moment, error="no answer")


def test_claim_takes_due_rows_oldest_first_up_to_the_limit(
    database: Database, ids: IdSource
) -> None:
    first, second, _third = _add(database, ids, "a", "b", "c")
    claimed = _claim(database, limit=2)
    assert claimed == (Claimed(first, "a", b"a", 1), Claimed(second, "b", b"b", 1))


def test_claimed_rows_are_not_claimed_again_before_the_lease_ends(
    database: Database, ids: IdSource
) -> None:
    _add(database, ids, "a")
    assert len(_claim(database)) == 1
    assert _claim(database, START + outbox.LEASE - SECOND) == ()
    again = _claim(database, START + outbox.LEASE)
    assert [row.attempt for row in again] == [2]


def test_row_for_later_waits(database: Database, ids: IdSource) -> None:
    later = START + timedelta(hours=1)
    with database.transaction(SYSTEM) as session:
        outbox.add(session, "a", payload=b"", ids=ids, now=START, available_at=later)
    assert _claim(database, later - SECOND) == ()
    assert len(_claim(database, later)) == 1


def test_claim_by_topic_leaves_the_others(database: Database, ids: IdSource) -> None:
    _add(database, ids, "mail", "call")
    assert [row.topic for row in _claim(database, topics=["call"])] == ["call"]
    assert [row.topic for row in _claim(database)] == ["mail"]


def test_done_removes_the_row(database: Database, ids: IdSource) -> None:
    _add(database, ids, "a")
    (claimed,) = _claim(database)
    with database.transaction(SYSTEM) as session:
        assert outbox.done(session, claimed) is True
    with database.reading(SYSTEM) as session:
        assert session.get(OutboxRow, claimed.id) is None


def test_done_after_the_lease_went_to_somebody_else_is_refused(
    database: Database, ids: IdSource
) -> None:
    _add(database, ids, "a")
    (slow,) = _claim(database)
    (quick,) = _claim(database, START + outbox.LEASE)
    with database.transaction(SYSTEM) as session:
        assert outbox.done(session, slow) is False
        assert outbox.fail(session, slow, now=START, error="late") == "lost"
        assert outbox.give_up(session, slow, error="late") is False
    with database.transaction(SYSTEM) as session:
        assert outbox.done(session, quick) is True


def test_fail_puts_the_row_back_after_a_growing_pause(database: Database, ids: IdSource) -> None:
    (row_id,) = _add(database, ids, "a")
    (claimed,) = _claim(database)
    assert _fail(database, claimed) == "open"
    assert _claim(database, START + timedelta(seconds=4)) == ()
    moment = START + timedelta(seconds=5)
    (claimed,) = _claim(database, moment)
    _fail(database, claimed, moment)
    with database.reading(SYSTEM) as session:
        row = session.get_one(OutboxRow, row_id)
    assert (row.last_error, row.available_at) == ("no answer", moment + timedelta(seconds=10))


def test_row_is_dead_after_the_last_attempt(database: Database, ids: IdSource) -> None:
    (row_id,) = _add(database, ids, "a")
    moment, states = START, []
    for _ in range(outbox.MAX_ATTEMPTS):
        (claimed,) = _claim(database, moment)
        states.append(_fail(database, claimed, moment))
        moment += outbox.LONGEST_RETRY
    assert states == ["open"] * (outbox.MAX_ATTEMPTS - 1) + ["dead"]
    assert _claim(database, moment + timedelta(days=365)) == ()
    with database.transaction(SYSTEM) as session:
        assert outbox.revive(session, row_id, now=moment) is True
        assert outbox.revive(session, row_id, now=moment) is False
    assert [row.attempt for row in _claim(database, moment)] == [1]


def test_give_up_makes_a_row_dead_at_once(database: Database, ids: IdSource) -> None:
    (row_id,) = _add(database, ids, "a")
    (claimed,) = _claim(database)
    with database.transaction(SYSTEM) as session:
        assert outbox.give_up(session, claimed, error="x" * 5000) is True
    with database.reading(SYSTEM) as session:
        row = session.get_one(OutboxRow, row_id)
    assert (row.state, len(row.last_error or "")) == ("dead", outbox.MAX_ERROR_CHARACTERS)


def test_next_due_at_is_the_earliest_open_row(database: Database, ids: IdSource) -> None:
    with database.reading(SYSTEM) as session:
        assert outbox.next_due_at(session) is None
    _add(database, ids, "a")
    with database.reading(SYSTEM) as session:
        assert outbox.next_due_at(session) == START


def test_row_is_not_there_when_its_transaction_rolls_back(
    database: Database, ids: IdSource
) -> None:
    with database.transaction(SYSTEM) as session:
        outbox.add(session, "a", payload=b"", ids=ids, now=START)
        session.rollback()
    assert _claim(database) == ()


def test_postgres_workers_skip_rows_another_one_is_taking(
    database: Database, ids: IdSource
) -> None:
    """SQLite has one writer at a time, so there the second worker simply comes later."""
    _add(database, ids, "a", "b")
    if database.dialect == "sqlite":
        assert len(_claim(database, limit=1)) == len(_claim(database, limit=1)) == 1
        return
    second = Database(database.url)
    with database.transaction(SYSTEM) as one, second.transaction(SYSTEM) as other:
        mine = outbox.claim(one, START, 1, worker="w1")
        yours = outbox.claim(other, START, 10, worker="w2")
    second.dispose()
    assert [row.topic for row in (*mine, *yours)] == ["a", "b"]


def test_retry_pause_doubles_up_to_an_hour() -> None:
    pauses = [outbox.retry_after(attempt).total_seconds() for attempt in (1, 2, 3, 10, 40)]
    assert pauses == [5, 10, 20, 2560, 3600]
