"""Official numbers: gapless under concurrency, also when acts fail in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.numbers import Office, issue, void_numbers
from workflows.cases.tables import IssuedNumber, JournalEntry, TimelineEntry
from workflows.cases.timeline import verify
from workflows.errors import ConflictError, FengqiaoError, InvalidFormError, RuleError
from workflows.storage import SYSTEM

OFFICE = Office("111-TW", "丙调委")


def test_numbers_are_gapless_when_many_open_cases_at_once(world: World) -> None:
    actor = world.actor("intake")

    def open_one(number: int) -> str:
        if number % 3 == 0:
            with pytest.raises(InvalidFormError):
                world.open(raw={"dispute_kind": "?"})
        return world.open().number

    assert actor.username == "intake"
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(open_one, range(12)))
    assert sorted(numbers) == sorted(f"丙调委受〔2026〕{n}号" for n in range(1, 13))
    with world.platform.database.reading(SYSTEM) as session:
        issued = session.scalars(select(IssuedNumber.n).order_by(IssuedNumber.n)).all()
    assert issued == list(range(1, 13))


def test_numbers_count_by_office_kind_and_local_year(world: World) -> None:
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    with world.platform.database.transaction(SYSTEM) as session:
        written = [
            issue(session, series, "{unit}{year}-{n}", office=office, case_id=1, at=at)
            for series, office, at in (
                ("a", OFFICE, world.clock.now()),
                ("a", OFFICE, world.clock.now()),
                ("b", OFFICE, world.clock.now()),
                ("a", Office("1111-TW", "丁调委"), world.clock.now()),
                ("a", OFFICE, new_year),
            )
        ]
    assert written == [
        "丙调委2026-1",
        "丙调委2026-2",
        "丙调委2026-1",
        "丁调委2026-1",
        "丙调委2027-1",
    ]


def test_a_pattern_that_cannot_be_filled_in_uses_no_number(world: World) -> None:
    with pytest.raises(RuleError), world.platform.database.transaction(SYSTEM) as session:
        issue(session, "a", "{nothing}{n}", office=OFFICE, case_id=1, at=world.clock.now())
    with world.platform.database.transaction(SYSTEM) as session:
        assert issue(session, "a", "{n}", office=OFFICE, case_id=1, at=world.clock.now()) == "1"


def test_a_voided_number_stays_and_is_not_given_again(world: World) -> None:
    now = world.clock.now()
    with world.platform.database.transaction(SYSTEM) as session:
        issue(session, "a", "{n}", office=OFFICE, case_id=1, at=now)
    with world.platform.database.transaction(SYSTEM) as session:
        void_numbers(session, 1, at=now, reason="重复")
    with world.platform.database.transaction(SYSTEM) as session:
        assert issue(session, "a", "{n}", office=OFFICE, case_id=2, at=now) == "2"
    with world.platform.database.reading(SYSTEM) as session:
        rows = session.scalars(select(IssuedNumber).order_by(IssuedNumber.n)).all()
    assert [(row.n, row.void_reason) for row in rows] == [(1, "重复"), (2, None)]


def test_two_people_on_one_item_at_the_same_time_count_once(world: World) -> None:
    _opened, talk = world.at_talk()

    def complete(username: str) -> str:
        command = CompleteTask(talk.id, talk.revision, {"outcome": "again", "note": username})
        try:
            complete_task(world.platform, world.actor(username), command)
        except ConflictError as refusal:
            return refusal.message.code
        return "done"

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(complete, ("mediator", "mediator2")))
        assert outcomes == ["cases.item_done", "done"]
        from workflows.cases.queries.inbox import InboxQuery, list_inbox

        page = list_inbox(world.platform, world.actor("mediator"), InboxQuery(tab="claimable"))
        talk = page.rows[0]
    with world.platform.database.reading(SYSTEM) as session:
        numbers = session.scalars(select(JournalEntry.number).order_by(JournalEntry.number)).all()
        assert numbers == [1, 2, 3, 4, 5, 6, 7]
        assert list(verify(session)) == []


def test_claims_and_completions_of_one_case_stay_in_line(world: World) -> None:
    """Every act takes the case's lock, so the chain never forks."""
    _opened, talk = world.at_talk()

    def act(username: str) -> None:
        try:
            claim(world.platform, world.actor(username), ItemCommand(talk.id))
        except FengqiaoError:
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, ("mediator", "mediator2", "mediator", "mediator2")))
    with world.platform.database.reading(SYSTEM) as session:
        lines = session.scalars(select(TimelineEntry.action).order_by(TimelineEntry.seq)).all()
        assert lines == ["open", "complete", "claim"]
        assert list(verify(session)) == []
