"""Completing a work item: what follows, and everything that may be wrong with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from tests.factories.cases import World, rows
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.sealing import open_json
from workflows.cases.tables import (
    CaseKeyRow,
    CaseRecord,
    CaseSearch,
    ClockRow,
    IdempotencyRow,
    JournalEntry,
    Participation,
    Run,
    TimelineEntry,
    WorkItem,
)
from workflows.cases.wake import due_runs, wake_run
from workflows.errors import (
    AlreadyDoneError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    KeyReusedError,
    NotVisibleError,
    RuleError,
    StaleRevisionError,
)
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id, decode_item


def test_complete_goes_on_with_the_diagram(world: World) -> None:
    opened = world.open()
    done = world.complete("head", opened.tasks[0], way="talk")
    assert [(row.name, row.role, row.stage["zh"]) for row in done.tasks] == [
        ("talk", "人民调解员", "调解")
    ]
    assert (done.revision, done.pending_calls) == (2, 0)
    states = {row.element: row.state for row in rows(world, WorkItem)}
    assert states == {"review": "done", "talk": "open"}


def test_complete_gives_the_item_the_due_date_of_its_clock(world: World) -> None:
    _opened, talk = world.at_talk()
    assert talk.clock is not None
    assert (talk.due_on, talk.due_at) == (talk.clock.due_on, talk.clock.due_at)
    assert (talk.clock.left, talk.clock.unit, talk.clock.state) == (35, "d", "ok")
    assert (talk.clock.rolled, talk.due_on.isoformat()) == (True, "2026-10-08")


def test_complete_closes_the_clock_that_watched_the_task(world: World) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again")
    clocks = sorted(rows(world, ClockRow), key=lambda row: row.number)
    assert [(clock.rule, clock.status, clock.is_open) for clock in clocks] == [
        ("supplement", "met", 0),
        ("mediation", "met", 0),
        ("mediation", "final", 1),
    ]


def test_complete_to_the_end_closes_run_and_case(world: World) -> None:
    _opened, talk = world.at_talk()
    done = world.complete("mediator", talk, outcome="done")
    run, case = rows(world, Run)[0], rows(world, CaseRecord)[0]
    assert done.tasks == ()
    assert (run.status, run.end_state, run.number) == (
        "completed",
        "e_done",
        "丙调委调字〔2026〕第1号",
    )
    assert (case.status, case.closed_at) == ("closed", world.clock.now())


def test_complete_changes_facts_and_what_the_case_is_found_by(world: World) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again", summary="双方同意修水渠")
    case, search = rows(world, CaseRecord)[0], rows(world, CaseSearch)[0]
    assert (case.facts["summary"], case.facts_revision) == ("双方同意修水渠", 2)
    assert "水渠" in str(search.words)


def test_complete_writes_journal_and_record(world: World) -> None:
    opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again", note="第一次没谈拢")
    journal = sorted(rows(world, JournalEntry), key=lambda row: row.number)
    assert [(row.number, row.kind) for row in journal] == [
        (1, "start"),
        (2, "complete"),
        (3, "complete"),
    ]
    with world.platform.database.reading(SYSTEM) as session:
        wrapped = session.get_one(CaseKeyRow, decode_id(opened.case)).wrapped
    key = world.platform.vault.open_key(wrapped)
    entry = open_json(key, journal[2].entry, f"journal/{decode_id(opened.run)}/3")
    assert entry["data"]["note"] == "第一次没谈拢"
    assert [row.action for row in rows(world, TimelineEntry)] == ["open", "complete", "complete"]


def test_complete_lets_whoever_did_it_take_part(world: World) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again")
    persons = {row.account_id for row in rows(world, Participation)}
    took_part = {world.accounts[name] for name in ("intake", "head", "mediator")}
    assert persons == {0, *took_part}


def test_complete_another_roles_item_is_refused(world: World) -> None:
    opened = world.open()
    with pytest.raises(ForbiddenError) as refusal:
        world.complete("mediator", opened.tasks[0], way="talk")
    assert refusal.value.message.code == "cases.other_role"
    assert rows(world, Run)[0].revision == 1


def test_complete_an_item_of_another_unit_is_not_visible(world: World) -> None:
    opened = world.open()
    with pytest.raises(NotVisibleError):
        world.complete("otherhead", opened.tasks[0], way="talk")


def test_complete_what_somebody_else_has_is_refused(world: World) -> None:
    from workflows.cases.claim_task import ItemCommand, claim

    _opened, talk = world.at_talk()
    mine = claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    with pytest.raises(ForbiddenError) as refusal:
        world.complete("mediator2", mine, outcome="done")
    assert refusal.value.message.code == "cases.item_of_other"


@pytest.mark.parametrize("item", ["", "x", "0000000000000", "0000000000000-", "é-1"])
def test_complete_a_malformed_id_is_invalid(world: World, item: str) -> None:
    with pytest.raises(InvalidInputError):
        complete_task(world.platform, world.actor("head"), CompleteTask(item, 1, {}))


def test_complete_an_unknown_item_is_not_visible(world: World) -> None:
    opened = world.open()
    command = CompleteTask(f"{opened.run}-9999", 1, {})
    with pytest.raises(NotVisibleError):
        complete_task(world.platform, world.actor("head"), command)


def test_complete_with_wrong_fields_tells_all_and_writes_nothing(world: World) -> None:
    opened = world.open()
    with pytest.raises(InvalidFormError) as refusal:
        world.complete("head", opened.tasks[0], way=["talk"], extra="x", more={})
    assert {error.path for error in refusal.value.errors} == {"/way", "/extra", "/more"}
    assert rows(world, Run)[0].revision == 1
    assert len(rows(world, TimelineEntry)) == 1


def test_complete_with_a_stale_revision_is_refused_with_both(world: World) -> None:
    opened = world.open()
    command = CompleteTask(opened.tasks[0].id, 7, {"way": "talk"})
    with pytest.raises(StaleRevisionError) as refusal:
        complete_task(world.platform, world.actor("head"), command)
    assert refusal.value.message.params == {"expected": 7, "found": 1}


def test_complete_twice_is_refused_the_second_time(world: World) -> None:
    opened = world.open()
    world.complete("head", opened.tasks[0], way="talk")
    with pytest.raises(AlreadyDoneError) as refusal:
        world.complete("head", opened.tasks[0], way="refuse")
    assert refusal.value.message.code == "cases.item_done"
    assert rows(world, Run)[0].revision == 2


def test_complete_by_two_people_counts_the_first(world: World) -> None:
    _opened, talk = world.at_talk()
    world.complete("mediator", talk, outcome="again")
    with pytest.raises(AlreadyDoneError):
        world.complete("mediator2", talk, outcome="done")


def test_complete_with_the_same_key_answers_the_same_once(world: World) -> None:
    _opened, talk = world.at_talk()
    command = CompleteTask(talk.id, talk.revision, {"outcome": "again"}, idempotency_key="k")
    first = complete_task(world.platform, world.actor("mediator"), command)
    assert complete_task(world.platform, world.actor("mediator"), command) == first
    assert rows(world, Run)[0].revision == 3
    assert len(rows(world, IdempotencyRow)) == 1


def test_complete_with_the_same_key_and_another_body_is_refused(world: World) -> None:
    _opened, talk = world.at_talk()
    actor = world.actor("mediator")
    first = CompleteTask(talk.id, talk.revision, {"outcome": "again"}, idempotency_key="k")
    other = CompleteTask(talk.id, talk.revision, {"outcome": "done"}, idempotency_key="k")
    complete_task(world.platform, actor, first)
    with pytest.raises(KeyReusedError):
        complete_task(world.platform, actor, other)


def test_complete_in_the_future_is_refused(world: World) -> None:
    opened = world.open()
    command = CompleteTask(
        opened.tasks[0].id, 1, {"way": "talk"}, world.clock.now() + timedelta(days=1)
    )
    with pytest.raises(RuleError):
        complete_task(world.platform, world.actor("head"), command)


def test_complete_keeps_both_times(world: World) -> None:
    opened = world.open()
    happened = world.clock.now()
    world.clock.advance(timedelta(days=2))
    command = CompleteTask(opened.tasks[0].id, 1, {"way": "talk"}, happened)
    complete_task(world.platform, world.actor("head"), command)
    line = max(rows(world, TimelineEntry), key=lambda row: row.seq)
    assert (line.occurred_at, line.recorded_at) == (happened, world.clock.now())


def test_complete_after_the_clock_is_overtaken_and_writes_nothing(world: World) -> None:
    _opened, talk = world.at_talk()
    world.clock.advance(timedelta(days=36))
    with pytest.raises(AlreadyDoneError) as refusal:
        world.complete("mediator", talk, outcome="done")
    assert refusal.value.message.code == "task.overtaken"
    assert rows(world, Run)[0].revision == 2


def test_complete_late_but_done_in_time_is_taken(world: World) -> None:
    _opened, talk = world.at_talk()
    in_time = world.clock.now() + timedelta(days=6)
    world.clock.advance(timedelta(days=36))
    command = CompleteTask(talk.id, talk.revision, {"outcome": "done"}, in_time, "停电")
    complete_task(world.platform, world.actor("mediator"), command)
    assert rows(world, Run)[0].end_state == "e_done"


def test_complete_crash_between_flush_and_commit_leaves_nothing(world: World) -> None:
    opened = world.open()

    class DyingError(Exception):
        pass

    def die(_connection: object) -> None:
        raise DyingError

    engine = world.platform.database.engine
    actor = world.actor("head")
    command = CompleteTask(opened.tasks[0].id, 1, {"way": "talk"})
    event.listen(engine, "commit", die)
    try:
        with pytest.raises(DyingError):
            complete_task(world.platform, actor, command)
    finally:
        event.remove(engine, "commit", die)
    assert rows(world, Run)[0].revision == 1
    assert {row.state for row in rows(world, WorkItem)} == {"open"}
    assert len(rows(world, JournalEntry)) == len(rows(world, TimelineEntry)) == 1
    complete_task(world.platform, actor, command)
    assert rows(world, Run)[0].revision == 2


def test_a_due_clock_wakes_its_run(world: World) -> None:
    opened, _talk = world.at_talk()
    world.clock.advance(timedelta(days=36))
    with world.platform.database.reading(SYSTEM) as session:
        found = due_runs(session, world.clock.now(), 10)
    assert found == (decode_id(opened.run),)
    fired = wake_run(world.platform, found[0])
    assert len(fired) == 1
    run = rows(world, Run)[0]
    assert (run.status, run.end_state) == ("completed", "e_late")
    states = {(row.rule, row.status, row.is_open) for row in rows(world, ClockRow)}
    assert states == {("supplement", "met", 0), ("mediation", "missed", 0)}
    with world.platform.database.reading(SYSTEM) as session:
        assert due_runs(session, world.clock.now(), 10) == ()
    assert wake_run(world.platform, found[0]) == ()


def test_the_items_left_behind_are_gone_not_done(world: World) -> None:
    opened, talk = world.at_talk()
    world.clock.advance(timedelta(days=36))
    wake_run(world.platform, decode_id(opened.run))
    with world.platform.database.reading(SYSTEM) as session:
        state = session.scalar(
            select(WorkItem.state).where(WorkItem.number == decode_item(talk.id)[1])
        )
        assert session.scalar(select(func.count()).select_from(WorkItem)) == 2
    assert state == "gone"
    with pytest.raises(AlreadyDoneError) as refusal:
        world.complete("mediator", talk, outcome="done")
    assert refusal.value.message.code == "cases.item_gone"
