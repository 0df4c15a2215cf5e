"""Timers are clocks: opened with rule and base, woken by number, never read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.engine import MORNING, Case, Drawing, compiled, due_in, timer_event
from workflows.cases.decide import decide
from workflows.cases.decision import ClockEnd, Command, CommandKind, Facts, Ports, Snapshot
from workflows.errors import AlreadyDoneError, ProcessFaultError

FACTS = Facts({"on": "2026-03-01"}, (), {"code": "u"}, 1)
NAMES = {"due_on": "date", "x": "number"}


def watched(*, interrupting: bool = True, text: str = 'deadline("r", case.on)') -> Case:
    drawing = (
        Drawing("p")
        .start()
        .user("work")
        .boundary("late", "work", timer_event(text), interrupting=interrupting)
    )
    drawing.end("done").script("note", "x = 1").end("expired")
    drawing.flow("s > work > done").flow("late > note > expired")
    version = compiled(drawing, names=NAMES, case_names={"on": "date"})
    case = Case(version, Ports(due_in({"r": 5, "q": 5}), {}), facts=FACTS)
    case.start()
    return case


def test_clock_opens_with_rule_base_and_what_the_port_says():
    case = watched()
    (clock,) = case.clocks.values()
    assert (clock.rule, clock.base, clock.due_at) == (
        "r",
        "2026-03-01",
        datetime(2026, 3, 6, tzinfo=UTC),
    )


def test_opened_clock_names_its_event_and_the_activity_it_watches():
    drawing = (
        Drawing("p")
        .start()
        .user("work")
        .boundary("late", "work", timer_event('deadline("r", today)'))
    )
    drawing.end("done").end("expired").flow("s > work > done").flow("late > expired")
    case = Case(compiled(drawing), Ports(due_in({"r": 5}), {}))
    decision = case.start()
    (clock,) = decision.clocks_opened
    assert (clock.element, clock.watches, clock.interrupting) == ("late", "work", True)
    assert clock.base == "2026-03-02"
    assert decision.items_added[0].clock == clock.number


def test_clock_not_yet_due_stays_and_waking_is_stale():
    case = watched()
    decision = case.advance(1)
    assert (decision.outcome, decision.fired, case.open) == ("stale", (), ["work"])


def test_due_clock_fires_and_ends_the_activity():
    case = watched()
    number = next(iter(case.clocks))
    decision = case.advance(10)
    assert decision.fired == (number,)
    assert decision.clocks_closed[0].end is ClockEnd.FIRED
    assert decision.ended == "expired"
    assert [m.code for m in decision.happened] == ["engine.clock_fired", "engine.run_ended"]


def test_reminder_fires_and_leaves_the_activity():
    case = watched(interrupting=False)
    decision = case.advance(10)
    assert (case.open, decision.ended, case.clocks) == (["work"], None, {})
    assert case.complete("work").ended == "done"


def test_finished_activity_closes_its_clock_as_met():
    case = watched()
    decision = case.complete("work")
    assert decision.clocks_closed[0].end is ClockEnd.LEFT


def test_cancelled_surroundings_close_a_clock_as_cancelled():
    case = watched()
    decision = case.ask(CommandKind.VOID)
    assert decision.clocks_closed[0].end is ClockEnd.CANCELLED
    assert (decision.ended, case.open) == ("voided", [])


def test_paused_clock_never_fires():
    case = watched()
    case.pause(paused=True)
    assert case.advance(100).fired == ()
    case.pause(paused=False)
    assert case.advance(0).ended == "expired"


def test_uncomputable_clock_never_fires():
    case = watched()
    case.clocks = {n: replace(row, due_at=None) for n, row in case.clocks.items()}
    assert case.advance(1000).outcome == "stale"


def test_completion_after_the_due_date_is_overtaken():
    case = watched()
    case.now += timedelta(days=30)
    before = case.state
    with pytest.raises(AlreadyDoneError) as caught:
        case.complete("work", x=2)
    assert caught.value.message.code == "task.overtaken"
    assert case.state == before


def test_act_that_took_place_in_time_counts_although_typed_late():
    case = watched()
    number = next(iter(case.items))
    decision = case.ask(
        CommandKind.COMPLETE,
        item=number,
        at=MORNING + timedelta(days=30),
        occurred_at=MORNING + timedelta(days=1),
    )
    assert (decision.ended, decision.fired) == ("done", ())


def test_item_that_is_gone_without_a_clock_is_finished():
    case = watched(interrupting=False)
    number = next(iter(case.items))
    case.complete("work")
    with pytest.raises(AlreadyDoneError) as caught:
        case.ask(CommandKind.COMPLETE, item=number)
    assert caught.value.message.code == "task.finished"


def test_timer_without_a_base_is_a_fault_naming_the_event():
    with pytest.raises(ProcessFaultError) as caught:
        watched(text='deadline("r", due_on)')
    assert caught.value.message.code == "engine.timer_without_base"
    assert caught.value.message.params["element"] == "late"


def racing() -> Case:
    """Two parallel tasks with a clock each; the branch that expires first ends the run."""
    drawing = Drawing("p").start().parallel("fork").user("one").user("two")
    drawing.boundary("t1", "one", timer_event('deadline("slow", today)'))
    drawing.boundary("t2", "two", timer_event('deadline("fast", today)'))
    drawing.script("x1", "x = 1").script("x2", "x = 2")
    drawing.end("e1", "<bpmn:terminateEventDefinition/>")
    drawing.end("e2", "<bpmn:terminateEventDefinition/>").end("d1").end("d2")
    drawing.flow("s > fork > one > d1").flow("fork > two > d2")
    drawing.flow("t1 > x1 > e1").flow("t2 > x2 > e2")
    case = Case(compiled(drawing, names=NAMES), Ports(due_in({"slow": 9, "fast": 3}), {}))
    case.start()
    return case


def test_due_clocks_fire_by_due_date_each_settled_before_the_next():
    case = racing()
    decision = case.advance(30)
    assert decision.ended == "e2"
    assert len(decision.fired) == 1
    assert sorted(c.end for c in decision.clocks_closed) == [ClockEnd.CANCELLED, ClockEnd.FIRED]


def test_clocks_due_at_one_instant_fire_by_number():
    case = racing()
    same = MORNING + timedelta(days=1)
    case.clocks = {n: replace(row, due_at=same) for n, row in case.clocks.items()}
    assert case.advance(2).fired == (min(case.journal[-1]["fired"]),)
    assert case.ended == "e1"


def test_clock_opened_by_firing_another_fires_too_when_it_is_due():
    drawing = (
        Drawing("p").start().user("a").boundary("t1", "a", timer_event('deadline("r", case.on)'))
    )
    drawing.user("b").boundary("t2", "b", timer_event('deadline("q", case.on)'))
    drawing.end("e").end("e2").end("e3")
    drawing.flow("s > a > e").flow("t1 > b > e2").flow("t2 > e3")
    version = compiled(drawing, case_names={"on": "date"})
    case = Case(version, Ports(due_in({"r": 1, "q": 2}), {}), facts=FACTS)
    case.start()
    decision = case.advance(10)
    assert (decision.ended, len(decision.fired)) == ("e3", 2)


def test_loop_that_arms_a_past_clock_again_and_again_ends_with_a_fault():
    drawing = Drawing("p").start().choice("m").user("a")
    drawing.boundary("t", "a", timer_event('deadline("r", case.on)')).end()
    drawing.flow("s > m > a > e").flow("t > m")
    version = compiled(drawing, case_names={"on": "date"})
    case = Case(version, Ports(due_in({"r": 1}), {}), facts=FACTS)
    case.start()
    with pytest.raises(ProcessFaultError) as caught:
        case.advance(10)
    assert caught.value.message.code == "engine.endless_clocks"


def test_clock_in_a_loop_counts_from_the_new_base():
    drawing = Drawing("p").start().script("first", "due_on = case.on").choice("m").user("a")
    drawing.boundary("t", "a", timer_event('deadline("r", due_on)')).user("extend").end()
    drawing.flow("s > first > m > a > e").flow("t > extend > m")
    version = compiled(drawing, names=NAMES, case_names={"on": "date"})
    case = Case(version, Ports(due_in({"r": 5}), {}), facts=FACTS)
    case.start()
    case.advance(10)
    case.complete("extend", due_on="2026-03-20")
    (clock,) = case.clocks.values()
    assert clock.base == "2026-03-20"
    assert case.advance(1).fired == ()


def test_intermediate_timer_waits_for_its_clock():
    drawing = (
        Drawing("p").start().catch("wait", timer_event('deadline("r", today)')).user("u").end()
    )
    drawing.flow("s > wait > u > e")
    case = Case(compiled(drawing), Ports(due_in({"r": 30}), {}))
    case.start()
    assert case.open == []
    case.advance(31)
    assert case.open == ["u"]


def test_state_holds_rule_and_base_but_no_due_date():
    case, other = watched(), watched()
    command = Command(CommandKind.START, MORNING)
    late = Ports(due_in({"r": 500}), {})
    snapshot = Snapshot(other.version, 0, None, FACTS)
    assert decide(snapshot, command, late).state == case.state
