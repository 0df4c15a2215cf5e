"""Clocks: pause, resume, extend, and the worker's query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.cases import World
from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.clocks import ClockCommand, extend, pause, resume
from workflows.cases.queries.case_page import load_case_page
from workflows.cases.queries.inbox import InboxQuery, list_inbox
from workflows.cases.queries.records import ClockView
from workflows.cases.tables import Run
from workflows.cases.wake import due_runs, put_off, wake_run
from workflows.errors import ForbiddenError, NotVisibleError, RuleError
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_id


def taken(world: World) -> tuple[str, ClockView]:
    """A case whose talk the mediator has taken, and its clock: 2026-09-03 + P1M, due 10-08."""
    opened, talk = world.at_talk()
    claim(world.platform, world.actor("mediator"), ItemCommand(talk.id))
    assert talk.clock is not None
    return opened.case, talk.clock


def due(world: World) -> tuple[int, ...]:
    with world.platform.database.reading(SYSTEM) as session:
        return due_runs(session, world.clock.now(), 10)


def test_pause_stops_time_for_the_task_too(world: World) -> None:
    _case, clock = taken(world)
    view = pause(world.platform, world.actor("mediator"), ClockCommand(clock.id, "送去鉴定"))
    assert (view.state, view.status, view.may) == ("paused", "paused", ("resume",))
    row = list_inbox(world.platform, world.actor("mediator"), InboxQuery()).rows[0]
    assert (row.due_at, row.group) == (None, "later")
    world.clock.advance(timedelta(days=60))
    assert due(world) == ()


def test_resume_moves_the_due_date_by_the_days_between(world: World) -> None:
    _case, clock = taken(world)
    mediator = world.actor("mediator")
    pause(world.platform, mediator, ClockCommand(clock.id, "送去鉴定", why="appraisal"))
    world.clock.advance(timedelta(days=10))
    view = resume(world.platform, mediator, ClockCommand(clock.id, "鉴定书到了"))
    # The day of the base does not count anyway: nine days more than 3 October.
    assert (view.due_on, view.state) == (date(2026, 10, 12), "ok")
    assert view.excluded == ((date(2026, 9, 3), date(2026, 9, 12), "appraisal"),)
    row = list_inbox(world.platform, mediator, InboxQuery()).rows[0]
    assert row.due_on == date(2026, 10, 12)


def test_resume_on_the_same_day_leaves_no_trace_in_the_count(world: World) -> None:
    _case, clock = taken(world)
    mediator = world.actor("mediator")
    pause(world.platform, mediator, ClockCommand(clock.id, "送去鉴定"))
    view = resume(world.platform, mediator, ClockCommand(clock.id, "点错了"))
    assert (view.due_on, view.excluded) == (date(2026, 10, 8), ())


def test_pause_needs_a_reason_the_rule_knows(world: World) -> None:
    _case, clock = taken(world)
    with pytest.raises(RuleError) as refusal:
        pause(world.platform, world.actor("mediator"), ClockCommand(clock.id, "x", why="holiday"))
    assert refusal.value.message.params == {"known": "appraisal"}


def test_a_clock_that_never_pauses(world: World) -> None:
    opened = world.open()
    clock = load_case_page(world.platform, world.actor("head"), opened.case).clocks[0]
    with pytest.raises(ForbiddenError) as refusal:
        pause(world.platform, world.actor("head"), ClockCommand(clock.id, "x"))
    assert refusal.value.message.code == "cases.clock_never_pauses"
    assert clock.may == ("extend",)


def test_resume_what_runs_is_refused(world: World) -> None:
    _case, clock = taken(world)
    with pytest.raises(ForbiddenError) as refusal:
        resume(world.platform, world.actor("mediator"), ClockCommand(clock.id, "x"))
    assert refusal.value.message.code == "cases.clock_runs"


def test_extend_needs_the_consent_of_every_party(world: World) -> None:
    case, clock = taken(world)
    mediator = world.actor("mediator")
    parties = [p.id for p in load_case_page(world.platform, mediator, case).parties]
    command = ClockCommand(clock.id, "双方同意延期", days=10, consents=(parties[0],))
    with pytest.raises(RuleError) as refusal:
        extend(world.platform, mediator, command)
    assert refusal.value.message.code == "cases.consents_missing"
    command = ClockCommand(clock.id, "双方同意延期", days=10, consents=tuple(parties))
    assert extend(world.platform, mediator, command).due_on == date(2026, 10, 13)


def test_extend_within_the_cap_only(world: World) -> None:
    opened = world.open()
    head = world.actor("head")
    clock = load_case_page(world.platform, head, opened.case).clocks[0]
    assert clock.due_on == date(2026, 9, 10)
    view = extend(world.platform, head, ClockCommand(clock.id, "材料在路上", days=2))
    assert view.due_on == date(2026, 9, 14)
    with pytest.raises(RuleError) as refusal:
        extend(world.platform, head, ClockCommand(clock.id, "还在路上", days=4))
    assert refusal.value.message.code == "deadline.extension_over_cap"


def test_clocks_are_for_whoever_handles_the_case(world: World) -> None:
    _case, clock = taken(world)
    with pytest.raises(ForbiddenError) as refusal:
        pause(world.platform, world.actor("watcher"), ClockCommand(clock.id, "x"))
    assert refusal.value.message.code == "cases.may_not_pause_clock"
    with pytest.raises(NotVisibleError):
        pause(world.platform, world.actor("stranger"), ClockCommand(clock.id, "x"))


def test_a_pause_with_the_same_key_happens_once(world: World) -> None:
    _case, clock = taken(world)
    command = ClockCommand(clock.id, "送去鉴定", idempotency_key="k")
    first = pause(world.platform, world.actor("mediator"), command)
    assert pause(world.platform, world.actor("mediator"), command) == first


def test_a_clock_that_only_reminds_leaves_the_task(world: World) -> None:
    opened = world.open()
    world.clock.advance(timedelta(days=10))
    assert len(wake_run(world.platform, decode_id(opened.run))) == 1
    row = list_inbox(world.platform, world.actor("head"), InboxQuery(tab="claimable")).rows[0]
    assert (row.name, row.group) == ("review", "over")
    world.complete("head", row, way="talk")


def test_a_run_that_cannot_be_woken_rests(world: World) -> None:
    opened, _talk = world.at_talk()
    world.clock.advance(timedelta(days=36))
    put_off(world.platform, decode_id(opened.run))
    assert due(world) == ()
    world.clock.advance(timedelta(minutes=11))
    assert due(world) == (decode_id(opened.run),)


def test_due_runs_come_the_longest_due_first(world: World) -> None:
    late, _talk = world.at_talk()
    world.clock.advance(timedelta(days=1))
    later, _talk = world.at_talk()
    world.clock.advance(timedelta(days=60))
    assert due(world) == (decode_id(late.run), decode_id(later.run))
    for run in due(world):
        wake_run(world.platform, run)
    with world.platform.database.reading(SYSTEM) as session:
        assert set(session.scalars(select(Run.end_state))) == {"e_late"}
