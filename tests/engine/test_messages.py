"""Messages: to one waiter, early, late, ambiguous; withdrawal; conditions that watch facts."""

from __future__ import annotations

import pytest

from tests.factories.engine import (
    Case,
    Drawing,
    compiled,
    condition_event,
    due_in,
    many,
    message_event,
    timer_event,
)
from workflows.cases.decision import ClockEnd, CommandKind, Facts, MessageOut, Ports
from workflows.errors import InvalidInputError, ProcessFaultError, RuleError

NAMES = {"reply": "context", "ids": "context", "x": "number", "why": "context"}


def waiting() -> Case:
    drawing = (
        Drawing("p").start().user("before").catch("wait", message_event("reply", variable="reply"))
    )
    drawing.user("after").end().flow("s > before > wait > after > e")
    case = Case(compiled(drawing, names=NAMES, messages=("reply",)))
    case.start()
    return case


def test_message_reaches_the_place_that_waits():
    case = waiting()
    case.complete("before")
    decision = case.message("reply", agreed=True)
    assert (decision.outcome, case.open) == ("done", ["after"])


def test_early_message_changes_nothing():
    case = waiting()
    decision = case.message("reply", agreed=True)
    assert (decision.outcome, case.open) == ("early", ["before"])


def test_message_after_the_end_is_late():
    case = waiting()
    case.complete("before")
    case.message("reply")
    case.complete("after")
    assert case.message("reply").outcome == "late"


def test_message_no_diagram_waits_for_is_refused():
    with pytest.raises(RuleError) as caught:
        waiting().message("other")
    assert caught.value.message.code == "engine.message_unknown"


def test_message_with_a_key_that_no_data_may_have_is_refused():
    case = waiting()
    with pytest.raises(InvalidInputError) as caught:
        case.message("reply", **{"a\x00": 1})
    assert caught.value.message.code == "engine.bad_key"


def test_thrown_message_leaves_with_its_payload():
    drawing = Drawing("p").start().throw("t", message_event("handoff", payload="reply")).end()
    drawing.flow("s > t > e")
    case = Case(compiled(drawing, names=NAMES, messages=("handoff",)))
    decision = case.start(reply={"a": 1})
    assert decision.messages_out == (MessageOut("handoff", {"a": 1}),)
    assert decision.ended == "e"


def test_message_end_event_leaves_too():
    drawing = Drawing("p").start().end("e", message_event("done", payload="reply")).flow("s > e")
    case = Case(compiled(drawing, names=NAMES, messages=("done",)))
    decision = case.start(reply={})
    assert (decision.messages_out, decision.ended) == ((MessageOut("done", {}),), "e")


def test_payload_that_is_no_context_is_a_fault():
    drawing = (
        Drawing("p").start().throw("t", message_event("m", payload="x")).end().flow("s > t > e")
    )
    case = Case(compiled(drawing, names=NAMES, messages=("m",)))
    with pytest.raises(ProcessFaultError) as caught:
        case.start(x=1)
    assert caught.value.message.code == "engine.payload_not_context"


def three_waiting() -> Case:
    body = Drawing("body").start("bs").catch("wait", message_event("reply", variable="reply"))
    body.user("go").end("be").flow("bs > wait > go > be")
    drawing = Drawing("p").start().sub(body, many("ids", "who")).end().flow("s > body > e")
    case = Case(compiled(drawing, names=NAMES, messages=("reply",)))
    case.start(ids={"甲": "1", "乙": "2", "丙": "3"})
    return case


def test_message_for_one_instance_leaves_the_others_waiting():
    case = three_waiting()
    case.message("reply", instance=("乙",), text="好")
    assert [(item.element, item.instance) for item in case.items.values()] == [("go", ("乙",))]


def test_message_that_several_places_wait_for_is_refused():
    with pytest.raises(RuleError) as caught:
        three_waiting().message("reply")
    assert caught.value.message.code == "engine.message_ambiguous"
    assert caught.value.message.params["count"] == 3


def withdrawable() -> Case:
    inner = (
        Drawing("p_work").start("ws").parallel("f").user("one").user("two").parallel("j").end("we")
    )
    inner.flow("ws > f > one > j > we").flow("f > two > j")
    drawing = Drawing("p").start().call("work", "p_work")
    drawing.boundary("out", "work", message_event("p.withdraw", variable="why"))
    drawing.boundary("t", "work", timer_event('deadline("r", today)'), interrupting=False)
    drawing.script("note", "x = 1").end("noted")
    drawing.user("file").end("e5").end("e")
    drawing.flow("s > work > e").flow("out > file > e5").flow("t > note > noted")
    version = compiled(drawing, inner, names=NAMES, messages=("p.withdraw",))
    case = Case(version, Ports(due_in({"r": 30}), {}))
    case.start()
    return case


def test_withdrawal_leaves_by_the_diagram():
    case = withdrawable()
    decision = case.ask(CommandKind.WITHDRAW, data={"reason": "和好"})
    assert (decision.ended, case.open) == (None, ["file"])
    assert decision.clocks_closed[0].end is ClockEnd.CANCELLED
    assert len(decision.items_removed) == 2
    assert case.complete("file").ended == "e5"


def test_withdrawal_where_the_diagram_does_not_wait_for_it_ends_everything():
    case = waiting()
    decision = case.ask(CommandKind.WITHDRAW)
    assert (decision.ended, case.open, decision.active) == ("withdrawn", [], ())


def test_stage_is_the_phase_that_is_open():
    case = withdrawable()
    assert case.ask(CommandKind.CORRECT).stage == "p_work"
    assert case.ask(CommandKind.WITHDRAW).stage is None


def test_active_names_every_waiting_element_with_its_diagram():
    case = withdrawable()
    active = case.ask(CommandKind.CORRECT).active
    assert set(active) == {
        ("p", "work"),
        ("p", "out"),
        ("p", "t"),
        ("p_work", "one"),
        ("p_work", "two"),
    }


def test_correction_changes_facts_and_wakes_conditions_that_watch_them():
    drawing = (
        Drawing("p").start().user("u").boundary("c", "u", condition_event('case.state = "dead"'))
    )
    drawing.user("stop").end("e").end("e2").flow("s > u > e").flow("c > stop > e2")
    case = Case(
        compiled(drawing, case_names={"state": "string"}), facts=Facts({"state": ""}, (), {}, 1)
    )
    case.start()
    assert case.correct(name="x").facts.case == {"state": "", "name": "x"}
    assert case.open == ["u"]
    decision = case.correct(state="dead")
    assert (case.open, decision.facts.revision) == (["stop"], 3)


def test_started_by_a_message():
    drawing = Drawing("p").node("startEvent", "s", message_event("handoff", variable="reply"))
    drawing.user("u").end().flow("s > u > e")
    case = Case(compiled(drawing, names=NAMES, messages=("handoff",)))
    decision = case.ask(CommandKind.START, name="handoff", data={"a": 1})
    assert (decision.outcome, case.open) == ("done", ["u"])


def test_event_gateway_takes_the_message_and_drops_the_clock():
    drawing = Drawing("p").start().node("eventBasedGateway", "g")
    drawing.catch("m", message_event("reply", variable="reply"))
    drawing.catch("t", timer_event('deadline("r", today)')).user("um").user("ut").end("e").end("e2")
    drawing.flow("s > g > m > um > e").flow("g > t > ut > e2")
    for days, expected in ((0, ["um"]), (40, ["ut"])):
        version = compiled(drawing, names=NAMES, messages=("reply",))
        case = Case(version, Ports(due_in({"r": 30}), {}))
        case.start()
        assert len(case.clocks) == 1
        if days:
            case.advance(days)
        else:
            case.message("reply", a=1)
        assert (case.open, case.clocks) == (expected, {})
