"""Service tasks: local ones answered at once, remote ones open until an answer comes."""

from __future__ import annotations

import pytest

from tests.factories.engine import (
    Case,
    Drawing,
    compiled,
    due_in,
    error_event,
    escalation_event,
    timer_event,
)
from workflows.cases.decision import Asked, CommandKind, Ports
from workflows.errors import AlreadyDoneError, ProcessFaultError, RuleError

NAMES = {"to": "string", "result": "context", "why": "context", "x": "number"}


def remote(code: str = "") -> Case:
    drawing = Drawing("p").start().service("send", "notify.send", "result", to="to", template='"t"')
    drawing.boundary("failed", "send", error_event(code)).user("byhand").user("after").end()
    drawing.flow("s > send > after > e").flow("failed > byhand > after")
    case = Case(compiled(drawing, names=NAMES, codes=(code,) if code else ()))
    case.start(to="13900000000")
    return case


def only(numbers: dict[int, object]) -> int:
    (number,) = numbers
    return number


def test_remote_call_stays_open_and_its_parameters_leave_in_the_decision_only():
    case = remote()
    (call,) = case.calls.values()
    assert (call.element, call.operation) == ("send", "notify.send")
    assert call.parameters == {"to": "13900000000", "template": "t"}
    assert case.open == []


def test_answer_goes_on_with_the_result():
    case = remote()
    decision = case.ask(CommandKind.ANSWER, item=only(case.calls), data={"sent": True})
    assert (decision.outcome, case.calls, case.open) == ("done", {}, ["after"])


def test_failed_call_goes_on_at_its_error_boundary():
    case = remote()
    decision = case.ask(CommandKind.ANSWER, item=only(case.calls), data={"error": "notify_failed"})
    assert (decision.outcome, case.calls, case.open) == ("done", {}, ["byhand"])
    assert [m.code for m in decision.happened] == ["engine.call_failed"]


def test_failed_call_that_nobody_catches_stays_open_as_an_incident():
    case = remote("other")
    decision = case.ask(CommandKind.ANSWER, item=only(case.calls), data={"error": "notify_failed"})
    assert (decision.outcome, len(case.calls), case.open) == ("incident", 1, [])
    decision = case.ask(CommandKind.ANSWER, item=only(case.calls), data={"sent": True})
    assert decision.outcome == "done"


def test_second_answer_is_late_and_changes_nothing():
    case = remote()
    number = only(case.calls)
    case.ask(CommandKind.ANSWER, item=number, data={})
    decision = case.ask(CommandKind.ANSWER, item=number, data={})
    assert (decision.outcome, case.open) == ("late", ["after"])


def test_answer_after_a_boundary_left_the_call_is_late():
    drawing = Drawing("p").start().service("send", "notify.send", "result", to="to", template='"t"')
    drawing.boundary("t", "send", timer_event('deadline("r", today)')).user("u").end("e").end("e2")
    drawing.flow("s > send > e").flow("t > u > e2")
    case = Case(compiled(drawing, names=NAMES), Ports(due_in({"r": 1}), {}))
    case.start(to="x")
    number = only(case.calls)
    decision = case.advance(5)
    assert decision.calls_closed == (number,)
    assert case.ask(CommandKind.ANSWER, item=number, data={}).outcome == "late"
    assert case.open == ["u"]


def test_two_calls_one_failure_leaves_the_other_open():
    drawing = Drawing("p").start().parallel("fork").parallel("join").end()
    for key in ("one", "two"):
        drawing.service(key, "notify.send", f"r_{key}", to='"x"', template='"t"')
        drawing.boundary(f"b_{key}", key, error_event()).user(f"u_{key}").choice(f"m_{key}")
        drawing.flow(f"fork > {key} > m_{key} > join").flow(f"b_{key} > u_{key} > m_{key}")
    drawing.flow("s > fork").flow("join > e")
    case = Case(compiled(drawing, names=NAMES))
    case.start()
    number = next(n for n, call in case.calls.items() if call.element == "one")
    case.ask(CommandKind.ANSWER, item=number, data={"error": "x"})
    assert case.open == ["u_one"]
    assert [call.element for call in case.calls.values()] == ["two"]
    case.ask(CommandKind.ANSWER, item=only(case.calls), data={})
    assert case.complete("u_one").ended == "e"


def local(operation) -> Case:
    drawing = Drawing("p").start().service("number", "number.issue", "issued", series='"a"')
    drawing.boundary("full", "number", error_event()).user("byhand").user("after").end("e").end(
        "e2"
    )
    drawing.flow("s > number > after > e").flow("full > byhand > e2")
    return Case(compiled(drawing, names=NAMES), Ports(due_in({}), {"number.issue": operation}))


def test_local_operation_is_answered_in_the_same_decision():
    seen: list[Asked] = []

    def issue(asked: Asked, /, series: str):
        seen.append(asked)
        return {"number": f"{series}-1"}

    case = local(issue)
    decision = case.start(x=1)
    assert (case.open, decision.calls_opened) == (["after"], ())
    assert decision.journal["answers"] == [
        {"operation": "number.issue", "result": {"number": "a-1"}}
    ]
    assert (seen[0].element, seen[0].data) == ("number", {"x": 1})


def test_local_refusal_goes_to_the_error_boundary():
    def issue(_asked: Asked, /, series: str):
        raise RuleError("number.full", series=series)

    case = local(issue)
    decision = case.start()
    assert case.open == ["byhand"]
    assert decision.journal["answers"] == [
        {"operation": "number.issue", "error": "number.full", "params": {"series": "a"}}
    ]


def test_local_operation_the_site_does_not_offer_is_a_fault():
    case = local(None)
    case.ports = Ports(due_in({}), {})
    with pytest.raises(ProcessFaultError) as caught:
        case.start()
    assert caught.value.message.code == "engine.operation_absent"


def test_error_end_leaves_the_called_process_by_the_nearest_boundary_at_once():
    ran: list[str] = []

    def note(asked: Asked, /, series: str):
        ran.append(asked.element)
        return {}

    deep = Drawing("deep").start("ds").end("de", error_event("broken")).flow("ds > de")
    inner = Drawing("inner").start("is").call("cd", "deep")
    inner.service("never", "number.issue", "r", series='"x"').end("ie")
    inner.flow("is > cd > never > ie")
    drawing = Drawing("p").start().call("ci", "inner").boundary("b", "ci", error_event("broken"))
    drawing.user("u").end("e").end("e2").flow("s > ci > e").flow("b > u > e2")
    version = compiled(drawing, inner, deep, names=NAMES, codes=("broken",))
    case = Case(version, Ports(due_in({}), {"number.issue": note}))
    case.start()
    assert (case.open, ran) == (["u"], [])


def test_error_is_caught_by_the_nearest_of_two_boundaries():
    inner = Drawing("inner").start("is").end("ie", error_event("bad")).flow("is > ie")
    middle = Drawing("middle").start("ms").call("mc", "inner")
    middle.boundary("near", "mc", error_event("bad")).user("u_near").end("me").end("me2")
    middle.flow("ms > mc > me").flow("near > u_near > me2")
    drawing = Drawing("p").start().call("c", "middle").boundary("far", "c", error_event("bad"))
    drawing.user("u_far").end("e").end("e2").flow("s > c > e").flow("far > u_far > e2")
    case = Case(compiled(drawing, middle, inner, codes=("bad",)))
    case.start()
    assert case.open == ["u_near"]
    assert case.complete("u_near").ended == "e"


def test_escalation_reports_and_the_activity_goes_on():
    inner = (
        Drawing("inner").start("is").throw("up", escalation_event("danger")).user("go").end("ie")
    )
    inner.flow("is > up > go > ie")
    drawing = Drawing("p").start().call("c", "inner")
    drawing.boundary("b", "c", escalation_event("danger"), interrupting=False)
    drawing.script("note", "x = 1").end("noted").end("e")
    drawing.flow("s > c > e").flow("b > note > noted")
    case = Case(compiled(drawing, inner, names=NAMES, codes=("danger",)))
    case.start()
    assert case.open == ["go"]
    assert case.complete("go").ended == "e"


def test_uncaught_error_is_a_fault_of_the_diagram():
    drawing = Drawing("p").start().user("u").end("e", error_event("a"))
    body = Drawing("x").start("xs").user("xu").end("xe").flow("xs > xu > xe")
    drawing.sub(body).boundary("b", "x", error_event("a")).end("e2").end("e3")
    drawing.flow("s > x > u > e").flow("b > e3")
    drawing.nodes = [n for n in drawing.nodes if n[1] != "e2"]
    case = Case(compiled(drawing, codes=("a",)))
    case.start()
    case.complete("xu")
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("u")
    assert caught.value.message.code == "engine.error_uncaught"


def test_commands_on_an_ended_run():
    case = remote()
    number = only(case.calls)
    case.ask(CommandKind.WITHDRAW)
    assert case.ended == "withdrawn"
    assert case.ask(CommandKind.ANSWER, item=number, data={}).outcome == "late"
    assert case.ended == "withdrawn"
    assert case.ask(CommandKind.WAKE).outcome == "stale"
    with pytest.raises(AlreadyDoneError) as caught:
        case.ask(CommandKind.WITHDRAW)
    assert caught.value.message.code == "run.ended"
    assert case.ask(CommandKind.VOID).ended == "voided"


def test_loop_of_local_calls_without_people_ends_with_a_fault():
    drawing = Drawing("p").start().choice("m").service("n", "number.issue", "r", series='"a"')
    drawing.choice("g").end().flow("s > m > n > g").flow("g > m", "x = 1").flow("g > e", "x = 2")
    version = compiled(drawing, names=NAMES)
    case = Case(version, Ports(due_in({}), {"number.issue": lambda _asked, /, series: {}}))
    with pytest.raises(ProcessFaultError) as caught:
        case.start(x=1)
    assert caught.value.message.code == "engine.endless"


def test_call_that_was_remote_when_it_was_asked_stays_remote():
    case = remote()
    case.ports = Ports(due_in({}), {"notify.send": lambda _asked, /, **_rest: {}})
    assert case.ask(CommandKind.CORRECT).calls_closed == ()
    assert case.ask(CommandKind.ANSWER, item=only(case.calls), data={}).outcome == "done"
