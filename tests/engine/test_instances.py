"""Multi-instance activities: by party, results in order, cancelled rests, boundaries."""

from __future__ import annotations

import pytest

from tests.factories.engine import Case, Drawing, compiled, due_in, many, message_event, timer_event
from tests.factories.engine_state import data_of
from workflows.cases.decision import CommandKind, Ports
from workflows.errors import ProcessFaultError

NAMES = {
    "ids": "context",
    "list": "list",
    "who": "string",
    "answer": "string",
    "answers": "any",
    "x": "number",
    "y": "number",
    "why": "context",
    "again": "boolean",
}
PARTIES = {"甲": "p1", "乙": "p2", "丙": "p3"}


def asking(marker: str) -> Case:
    drawing = Drawing("p").start().user("ask", many=marker).user("after").end()
    drawing.flow("s > ask > after > e")
    return Case(compiled(drawing, names=NAMES))


def instances(case: Case) -> list[object]:
    return [item.instance for item in case.items.values()]


def test_one_item_for_each_entry_with_its_key():
    case = asking(many("ids", "who"))
    case.start(ids=PARTIES)
    assert instances(case) == [("甲",), ("乙",), ("丙",)]


def test_results_of_a_map_come_by_key():
    case = asking(many("ids", "who", output="answers", output_item="answer"))
    case.start(ids=PARTIES)
    for key in ("丙", "甲", "乙"):
        case.complete("ask", (key,), answer=f"{key}同意")
    case.complete("after")
    assert data_of(case)["answers"] == {"丙": "丙同意", "甲": "甲同意", "乙": "乙同意"}


def test_results_of_a_list_are_in_the_order_of_the_list_not_of_completion():
    case = asking(many("list", "who", output="answers", output_item="answer"))
    case.start(list=["a", "b", "c"])
    for index in (2, 0, 1):
        case.complete("ask", (index,), answer=f"r{index}")
    case.complete("after")
    assert data_of(case)["answers"] == ["r0", "r1", "r2"]


def test_item_names_do_not_leak_out_of_the_activity():
    case = asking(many("ids", "who", output="answers", output_item="answer"))
    case.start(ids={"甲": "p1"})
    case.complete("ask", answer="y")
    case.complete("after")
    assert {"who", "answer"} & data_of(case).keys() == set()


def test_completion_condition_cancels_the_rest():
    case = asking(
        many("ids", "who", output="answers", output_item="answer", until='answer = "refused"')
    )
    case.start(ids=PARTIES)
    case.complete("ask", ("甲",), answer="agreed")
    assert len(case.items) == 2
    decision = case.complete("ask", ("丙",), answer="refused")
    assert (case.open, len(decision.items_removed)) == (["after"], 2)


def test_null_completion_condition_is_a_fault():
    case = asking(many("ids", "who", until="again"))
    case.start(ids=PARTIES)
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", ("甲",))
    assert caught.value.message.code == "engine.not_boolean"


def test_sequential_instances_come_one_after_the_other():
    case = asking(many("ids", "who", sequential=True))
    case.start(ids=PARTIES)
    seen = []
    while case.open == ["ask"]:
        seen += instances(case)
        case.complete("ask")
    assert seen == [("甲",), ("乙",), ("丙",)]


def test_empty_collection_goes_straight_on():
    case = asking(many("ids", "who"))
    case.start(ids={})
    assert case.open == ["after"]


@pytest.mark.parametrize("value", [None, "x", 3])
@pytest.mark.parametrize("sequential", [False, True])
def test_something_that_is_no_collection_is_a_fault(value: object, sequential: bool):
    case = asking(many("ids", "who", sequential=sequential))
    with pytest.raises(ProcessFaultError) as caught:
        case.start(ids=value)
    assert caught.value.message.code == "engine.no_collection"


def test_result_item_that_an_instance_does_not_give_is_a_fault():
    case = asking(many("ids", "who", output="answers", output_item="answer"))
    case.start(ids=PARTIES)
    with pytest.raises(ProcessFaultError) as caught:
        case.complete("ask", ("甲",))
    assert caught.value.message.code == "engine.no_output_item"


def test_item_name_that_is_taken_is_a_fault():
    case = asking(many("ids", "who"))
    with pytest.raises(ProcessFaultError) as caught:
        case.start(ids=PARTIES, who="x")
    assert caught.value.message.code == "engine.item_name_taken"


def test_instances_without_results_pass_on_only_what_they_changed():
    case = asking(many("ids", "who"))
    case.start(ids={"甲": "1", "乙": "2"}, x=0, y=0, list=[1, 2, 3])
    case.complete("ask", ("甲",), x=1)
    case.complete("ask", ("乙",), list=[9])
    case.complete("after")
    data = data_of(case)
    assert (data["x"], data["y"], data["list"]) == (1, 0, [9])
    assert "who" not in data


def test_second_pass_begins_with_empty_results():
    drawing = Drawing("p").start().choice("m")
    drawing.user("ask", many=many("ids", "who", output="answers", output_item="answer"))
    drawing.user("more").choice("g").end()
    drawing.flow("s > m > ask > more > g").flow("g > m", "again").flow("g > e", "not(again)")
    case = Case(compiled(drawing, names=NAMES))
    case.start(ids={"甲": "1", "乙": "2"})
    case.complete("ask", ("甲",), answer="1")
    case.complete("ask", ("乙",), answer="2")
    case.complete("more", again=True, ids={"丙": "3"})
    case.complete("ask", ("丙",), answer="3")
    case.complete("more", again=False)
    assert data_of(case)["answers"] == {"丙": "3"}


def bodies(first: bool) -> Case:
    body = Drawing("body").start("bs").user("a").end("be").flow("bs > a > be")
    drawing = Drawing("p").start().sub(body, many("ids", "who"))
    drawing.boundary("out", "body", message_event("p.withdraw"))
    drawing.boundary("t", "body", timer_event('deadline("r", today)'))
    drawing.user("after").user("late").end("e").end("e2").end("e3")
    drawing.flow("s > body > e").flow("out > after > e2").flow("t > late > e3")
    version = compiled(drawing, names=NAMES, messages=("p.withdraw",))
    case = Case(version, Ports(due_in({"r": 3}), {}))
    case.start(ids=PARTIES)
    if first:
        case.complete("a", ("甲",))
    return case


@pytest.mark.parametrize("first", [False, True])
def test_interrupting_boundary_on_instances_leaves_nothing_behind(first: bool):
    case = bodies(first)
    case.ask(CommandKind.WITHDRAW)
    assert case.open == ["after"]
    assert case.complete("after").ended == "e2"


@pytest.mark.parametrize("first", [False, True])
def test_due_clock_on_instances_leaves_nothing_behind(first: bool):
    case = bodies(first)
    case.advance(10)
    assert case.open == ["late"]
    assert case.complete("late").ended == "e3"


def test_instances_of_a_called_process_with_clocks_of_their_own():
    inner = (
        Drawing("p_ask")
        .start("is")
        .user("a")
        .boundary("t", "a", timer_event('deadline("r", today)'))
    )
    inner.user("b").end("ie").end("ie2").flow("is > a > ie").flow("t > b > ie2")
    drawing = Drawing("p").start().call("c", "p_ask", many("ids", "who")).end().flow("s > c > e")
    case = Case(compiled(drawing, inner, names=NAMES), Ports(due_in({"r": 3}), {}))
    case.start(ids=PARTIES)
    assert len(case.clocks) == 3
    case.complete("a", ("乙",))
    case.advance(5)
    assert sorted(instances(case)) == [("丙",), ("甲",)]
    assert case.open == ["b", "b"]
    case.complete("b", ("甲",))
    assert case.complete("b", ("丙",)).ended == "e"


def test_nested_instances_carry_keys_from_outside_in():
    body = Drawing("body").start("bs").user("ask", many=many("list", "answer")).end("be")
    body.flow("bs > ask > be")
    drawing = Drawing("p").start().sub(body, many("ids", "who")).end().flow("s > body > e")
    case = Case(compiled(drawing, names=NAMES))
    case.start(ids={"甲": "1", "乙": "2"}, list=["a", "b"])
    assert instances(case) == [("甲", 0), ("甲", 1), ("乙", 0), ("乙", 1)]
    for key in list(case.items):
        decision = case.ask(CommandKind.COMPLETE, item=key)
    assert decision.ended == "e"
