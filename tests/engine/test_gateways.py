"""Exclusive choices and parallel joins, every step through state bytes."""

from __future__ import annotations

import pytest

from tests.factories.engine import Case, Drawing, compiled, due_in, timer_event
from tests.factories.engine_state import data_of
from workflows.cases.decision import Ports
from workflows.errors import ProcessFaultError

NAMES = {"x": "number", "flag": "boolean", "a": "number", "b": "number", "more": "boolean"}


def choosing(left: str, right: str, *, default: bool = False) -> Case:
    drawing = Drawing("p").start().user("ask").choice("g").end("e1").end("e2").user("u")
    drawing.flow("s > ask > g").flow("g > e1", left).flow("u > e2")
    if default:
        drawing.otherwise("g", "u")
    else:
        drawing.flow("g > u", right)
    case = Case(compiled(drawing, names=NAMES))
    case.start()
    return case


def test_choice_one_true_condition_is_taken():
    case = choosing("x = 1", "x = 2")
    assert case.complete("ask", x=1).ended == "e1"


def test_choice_money_text_is_compared_as_a_number():
    case = choosing("x > 1000", "x <= 1000")
    assert case.complete("ask", x="18600.00").ended == "e1"


def test_choice_two_true_conditions_are_a_fault():
    case = choosing("x > 0", "x > 1")
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", x=2)
    assert caught.value.message.code == "engine.two_exits"
    assert caught.value.message.params["element"] == "g"


def test_choice_null_condition_is_a_fault_not_false():
    case = choosing("flag", "x = 2")
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", x=3)
    assert caught.value.message.code == "engine.condition_not_boolean"
    assert caught.value.message.params["got"] == "null"


def test_choice_no_true_condition_is_a_fault():
    case = choosing("x = 1", "x = 2")
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", x=3)
    assert caught.value.message.code == "engine.no_exit"


def test_choice_default_is_taken_when_nothing_is_true():
    case = choosing("x = 1", "", default=True)
    case.complete("ask", x=3)
    assert case.open == ["u"]


def test_fault_leaves_the_run_as_it_was():
    case = choosing("x = 1", "x = 2")
    before = case.state
    with pytest.raises(ProcessFaultError):
        case.complete("ask", x=3)
    assert case.state == before
    assert case.complete("ask", x=1).ended == "e1"


def joining() -> Case:
    drawing = Drawing("p").start().parallel("fork").user("l").user("r").parallel("join")
    drawing.user("after").end()
    drawing.flow("s > fork > l > join > after > e").flow("fork > r > join")
    case = Case(compiled(drawing, names=NAMES))
    case.start(a=1, b=1)
    return case


@pytest.mark.parametrize("order", ["lr", "rl"])
def test_join_keeps_what_each_branch_wrote(order: str):
    case = joining()
    for key in order:
        case.complete(key, **({"a": 2} if key == "l" else {"b": 3}))
    decision = case.complete("after")
    assert decision.ended == "e"
    assert {"a": 2, "b": 3}.items() <= data_of(case).items()


def test_join_waits_for_both():
    case = joining()
    case.complete("l")
    assert case.open == ["r"]
    case.complete("r")
    assert case.open == ["after"]


def test_join_two_branches_writing_one_name_differently_is_a_fault():
    case = joining()
    case.complete("l", a=5)
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("r", a=6)
    assert caught.value.message.code == "engine.two_branches_wrote"
    assert caught.value.message.params["name"] == "a"


def looping() -> Case:
    drawing = Drawing("p").start().choice("again").parallel("fork").user("l").user("r")
    drawing.parallel("join").user("ask").choice("g").end()
    drawing.flow("s > again > fork > l > join > ask > g").flow("fork > r > join")
    drawing.flow("g > again", "more").flow("g > e", "not(more)")
    case = Case(compiled(drawing, names=NAMES))
    case.start(a=0, b=0)
    return case


@pytest.mark.parametrize("orders", [("lr", "lr"), ("lr", "rl"), ("rl", "lr"), ("rl", "rl")])
def test_join_in_a_loop_waits_for_both_branches_in_every_round(orders: tuple[str, str]):
    case = looping()
    for number, order in enumerate(orders, 1):
        first, second = order
        case.complete(first, **{"a" if first == "l" else "b": number})
        assert case.open == [second]
        case.complete(second, **{"a" if second == "l" else "b": number * 10})
        assert case.open == ["ask"]
        case.complete("ask", more=number < len(orders))
    assert case.ended == "e"


def test_join_in_a_loop_keeps_this_rounds_values_not_the_last_rounds():
    case = looping()
    for value in (1, 2):
        case.complete("l", a=value)
        case.complete("r", b=value)
        case.complete("ask", more=value < 2)
    assert {"a": 2, "b": 2}.items() <= data_of(case).items()


def test_boolean_and_number_are_different_values_at_a_join():
    case = joining()
    case.complete("l", a=True)
    case.complete("r", b=3)
    case.complete("after")
    assert {"a": True, "b": 3}.items() <= data_of(case).items()


def test_ends_of_side_branches_do_not_revert_the_main_way():
    body = Drawing("body").start("bs").user("work").end("be")
    body.flow("bs > work > be")
    drawing = (
        Drawing("p")
        .start()
        .sub(body)
        .boundary("remind", "body", timer_event('deadline("r", today)'), interrupting=False)
    )
    drawing.script("note", "b = 7").end("noted").user("after").end()
    drawing.flow("s > body > after > e").flow("remind > note > noted")
    case = Case(compiled(drawing, names=NAMES), Ports(due_in({"r": 1}), {}))
    case.start(a=1, b=1)
    case.advance(2)
    case.complete("work", a=2)
    decision = case.complete("after")
    assert decision.ended == "e"
    assert {"a": 2, "b": 7}.items() <= data_of(case).items()
