"""The gate's checks along the ways: circles, dead ends, names nobody wrote, ways at one time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.engine.test_checks import check, errors, line, task, warnings
from tests.factories.engine import Drawing, bpmn, error_event, message_event, timer_event
from workflows.engine import read_files
from workflows.engine.compile import MAX_PARTS

LIMIT_S = 10
"""For the slowest drawing the limits let through; a tenth of it on an idle machine."""


def circle(*, out: bool) -> Drawing:
    """Two tasks after each other for ever, with or without a way out."""
    drawing = task(task(Drawing("p").start().choice("in"), "u"), "v").choice("g").end()
    drawing.flow("s > in > u > v > g").flow("g > in", "not(flag)" if out else "flag")
    return drawing.flow("g > e", "flag") if out else drawing


def test_a_circle_with_a_way_out_is_clean() -> None:
    assert errors(check(circle(out=True))) == []


def test_a_circle_without_a_way_out_is_an_error_at_its_first_element() -> None:
    found = check(circle(out=False))
    assert ("loop_without_exit", "in") in errors(found)
    (loop,) = [one for one in found if one.code == "engine.loop_without_exit"]
    assert loop.message.params["loop"] == "in、u、v、g"


def test_an_event_that_interrupts_is_a_way_out_and_one_that_does_not_is_none() -> None:
    expected = {True: [], False: [("loop_without_exit", "in")]}
    for interrupting, told in expected.items():
        drawing = task(Drawing("p").start().choice("in")).flow("s > in > u > in")
        timer = timer_event('deadline("mediation", today)')
        drawing.boundary("t", "u", timer, interrupting=interrupting).end().flow("t > e")
        assert errors(check(drawing)) == told


def test_a_circle_that_throws_an_error_may_be_left_by_it() -> None:
    body = Drawing("b").start("b_s").choice("b_in").end("b_e")
    body.flow("b_s > b_in").flow("b_in > b_e", "flag")
    body.node("intermediateThrowEvent", "b_out", "<bpmn:escalationEventDefinition/>")
    body.choice("b_back").flow("b_in > b_back", "not(flag)").flow("b_back > b_out > b_back")
    drawing = Drawing("p").start().sub(body).end().flow("s > b > e")
    assert "loop_without_exit" not in {code for code, _ in errors(check(drawing))}


def test_a_task_after_which_nothing_comes_is_a_dead_end() -> None:
    drawing = task(line().choice("g"), "v")
    drawing.flows.clear()
    drawing.flow("s > g").flow("g > u", "flag").flow("g > v", "not(flag)").flow("u > e")
    assert errors(check(drawing)) == [("leads_nowhere", "v")]


def test_a_branch_of_an_event_and_its_activity_may_not_write_one_name() -> None:
    drawing = Drawing("p").start().script("a", "n = 1").end()
    drawing.sub(Drawing("b").start("b_s").script("k", "n = 2").end("b_e").flow("b_s > k > b_e"))
    drawing.boundary("m", "b", message_event("m"), interrupting=False)
    drawing.script("l", "n = 3").end("e2").flow("s > a > b > e").flow("m > l > e2")
    found = check(drawing, messages=("m",))
    assert errors(found) == [("branches_write", "m")]


def test_a_lane_that_is_no_role_is_said_also_where_nobody_works_in_it() -> None:
    drawing = Drawing("p", role="木匠").start().script("k", "x = 1").end().flow("s > k > e")
    assert ("lane_unknown", "s") in warnings(check(drawing))
    assert ("lane_unknown", "s") not in warnings(check(line()))


def reads(drawing: Drawing, **form_names: Any) -> list[tuple[str, str | None]]:
    """Findings where the fields of forms have no value until somebody fills them in."""
    files = {"p.bpmn": bpmn(drawing)}
    names = {"flag": "boolean", "settled": "boolean"}
    found = read_files("p", files, {}, names, {}, form_names, given=("flag",)).findings
    return errors(found)


def test_a_field_is_read_only_after_a_task_with_its_form() -> None:
    forms = {"a.schema.json": {"settled"}}

    def drawn(first: str, second: str) -> Drawing:
        drawing = task(Drawing("p").start().choice("g").choice("m")).end()
        drawing.flow(f"s > {first}").flow("g > m", "settled").otherwise("g", second)
        return drawing

    late = drawn("g", "u").flow("u > m > e")
    assert reads(late, **forms) == [("used_before", "f_g_m")]
    early = drawn("u", "e").flow("u > g").flow("m > e")
    assert reads(early, **forms) == []


def test_a_field_of_a_form_no_task_opens_is_never_set() -> None:
    drawing = Drawing("p").start().script("k", "x = settled").end().flow("s > k > e")
    assert reads(drawing) == [("used_before", "k")]


def many_forks(count: int) -> Drawing:
    drawing, way = Drawing("p").start(), "s"
    for n in range(count):
        drawing.parallel(f"f{n}").script(f"l{n}", f"x{n}=1").script(f"r{n}", f"y{n}=x0")
        drawing.parallel(f"j{n}").flow(f"f{n} > r{n} > j{n}")
        way += f" > f{n} > l{n} > j{n}"
    return drawing.end().flow(way + " > e")


def one_wide_fork(count: int) -> Drawing:
    drawing = Drawing("p").start().parallel("f").parallel("j").end().flow("s > f").flow("j > e")
    for n in range(count):
        drawing.script(f"l{n}", f"x{n} = 1").flow(f"f > l{n} > j")
    return drawing


@pytest.mark.parametrize(("drawn", "count"), [(many_forks, 300), (one_wide_fork, 900)])
def test_the_largest_drawing_is_checked_within_seconds(drawn: Any, count: int) -> None:
    drawing = drawn(count)
    assert len(drawing.nodes) + len(drawing.flows) < MAX_PARTS
    begun = time.perf_counter()
    check(drawing)
    assert time.perf_counter() - begun < LIMIT_S


def test_a_drawing_of_ten_thousand_elements_is_refused_at_once() -> None:
    nodes = "".join(f'<bpmn:task id="t{n}"/>' for n in range(10_000))
    xml = bpmn(Drawing("p").start()).replace(b"</bpmn:process>", f"{nodes}</bpmn:process>".encode())
    begun = time.perf_counter()
    found = check(files={"p.bpmn": xml})
    assert time.perf_counter() - begun < LIMIT_S
    assert errors(found) == [("too_many_elements", None)]


def test_an_error_end_is_no_dead_end_where_it_is_caught() -> None:
    body = task(Drawing("b").start("b_s"), "u").end("b_e", error_event("x"))
    body.flow("b_s > u > b_e")
    drawing = Drawing("p").start().sub(body).end().boundary("x", "b", error_event("x")).end("e2")
    drawing.flow("s > b > e").flow("x > e2")
    assert errors(check(drawing, codes=("x",))) == []
