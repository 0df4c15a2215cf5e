"""A running state under another version: goes on as it was, or says why it cannot.

Long, because every kind of change has a pair of drawings and a run that stands in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.factories.engine import (
    Case,
    Drawing,
    compiled,
    due_in,
    many,
    message_event,
    timer_event,
)
from tests.factories.engine_walk import facts_of, fill, full_case, full_version
from workflows.cases.decision import CommandKind, Ports
from workflows.engine import ProcessVersion
from workflows.engine.environment import World
from workflows.engine.migrate import migrate_state
from workflows.engine.migrate_checks import Refusal
from workflows.messages import load_catalogue

NAMES = {
    "ids": "list",
    "one": "string",
    "outs": "list",
    "out": "string",
    "said": "context",
    "got": "context",
    "left": "string",
    "right": "string",
}
WORLD = World({}, (), {"code": "620902104-TW", "name": "西峰镇"}, date(2026, 3, 2))
DAYS = {"mediation": 30, "remind": 10}
Draw = Callable[[Drawing], None]


def version(draw: Draw, *more: Drawing) -> ProcessVersion:
    drawing = Drawing("p").start().end()
    draw(drawing)
    return compiled(drawing, *more, names=NAMES, messages=("m", "n"))


def running(old: ProcessVersion, *done: str, **data: Any) -> Case:
    """A case on `old` after these steps."""
    case = Case(old, Ports(due_in(DAYS), {}))
    case.start(**data)
    for element in done:
        case.complete(element)
    return case


def moved(case: Case, new: ProcessVersion) -> Case:
    """The same case on `new`; it must be allowed to go."""
    state = migrate_state(case.state or b"", case.version, new, WORLD)
    assert isinstance(state, bytes), state
    case.state, case.version = state, new
    return case


def refused(case: Case, new: ProcessVersion) -> tuple[str, str | None]:
    """Code and element of the refusal."""
    found = migrate_state(case.state or b"", case.version, new, WORLD)
    assert isinstance(found, Refusal), "the case was moved"
    assert found.message.code in load_catalogue()
    return found.message.code.removeprefix("engine.migrate_"), found.element


def line(*steps: str) -> Draw:
    """User tasks one after another."""

    def draw(drawing: Drawing) -> None:
        for step in steps:
            drawing.user(step)
        drawing.flow(" > ".join(("s", *steps, "e")))

    return draw


def watched(
    step: str, event: str, *after: str, interrupting: bool = True, on: str | None = None
) -> Draw:
    """`step`, then `after`, with an event on one of them that leads to an end of its own."""

    def draw(drawing: Drawing) -> None:
        line(step, *after)(drawing)
        drawing.boundary("due", on or step, event, interrupting=interrupting).end("late")
        drawing.flow("due > late")

    return draw


MEDIATION = timer_event('deadline("mediation", today)')
PLAIN = line("a", "b", "c")


@pytest.mark.parametrize("done", [(), ("a",), ("a", "b")], ids="|".join)
@pytest.mark.parametrize(
    "new",
    [
        line("a", "b", "extra", "c"),
        line("a", "b", "c", "extra"),
        line("extra", "a", "b", "c"),
    ],
    ids=["before c", "last", "first"],
)
def test_an_added_step_ahead_is_taken_and_one_behind_is_not(done: tuple[str, ...], new: Draw):
    case = moved(running(version(PLAIN), *done), version(new))
    while case.ended is None:
        (step,) = case.open
        case.complete(step)
    assert case.ended == "e"


def test_an_unchanged_version_gives_the_same_bytes():
    case = running(version(PLAIN), "a")
    assert migrate_state(case.state or b"", case.version, version(PLAIN), WORLD) == case.state


def test_every_step_of_a_long_walk_gives_the_same_bytes_and_goes_on():
    case = full_case()
    world = World(facts_of().case, facts_of().parties, facts_of().unit, date(2026, 3, 2))
    case.start()
    order = ["accept", "left_talk", "right_talk", "meeting", "left_talk", "right_talk", "meeting"]
    for step, element in enumerate([*order, "sign", "sign", "file"]):
        same = migrate_state(case.state or b"", case.version, full_version(), world)
        assert same == case.state, element
        case.complete(element, **fill(element, int(step < 4)))
    assert case.ended == "done"


def test_a_removed_step_that_was_passed_is_forgotten_with_what_it_wrote_kept():
    case = running(version(PLAIN))
    case.complete("a", left="x")
    moved(case, version(line("b", "c")))
    case.complete("b")
    assert case.open == ["c"]
    case.complete("c")
    assert case.ended == "e"


def test_a_passed_step_that_carried_a_clock_may_be_removed():
    case = running(version(watched("a", MEDIATION, "b", "c")), "a")
    moved(case, version(line("b", "c")))
    case.complete("b")
    case.complete("c")
    assert case.ended == "e"


def test_a_passed_step_may_lose_its_clock():
    case = running(version(watched("a", MEDIATION, "b", "c")), "a")
    moved(case, version(PLAIN)).complete("b")
    case.complete("c")
    assert case.ended == "e"


def test_a_passed_step_whose_clock_fired_may_lose_it():
    old = watched("a", MEDIATION, "b", "c", interrupting=False)
    case = running(version(old))
    case.advance(31)
    case.complete("a")
    moved(case, version(watched("a", MEDIATION, "b", "c", interrupting=False, on="c")))
    case.complete("b")
    case.complete("c")
    assert case.ended is not None


def test_a_fork_that_is_over_may_disappear_with_its_branches():
    case = running(version(forked("l", "r")), "l", "r")
    moved(case, version(line("after"))).complete("after")
    assert case.ended == "e"


def test_a_clock_moved_to_a_step_ahead_starts_when_that_step_does():
    old, new = watched("a", MEDIATION, "b", "c"), watched("a", MEDIATION, "b", "c", on="c")
    case = moved(running(version(old), "a"), version(new))
    assert not case.clocks
    case.complete("b")
    assert [clock.rule for clock in case.clocks.values()] == ["mediation"]
    case.advance(31)
    assert case.ended == "late"


def test_a_removed_step_ahead_is_not_asked():
    case = moved(running(version(PLAIN), "a"), version(line("a", "b")))
    case.complete("b")
    assert case.ended == "e"


def test_a_running_clock_keeps_its_number_rule_and_base_and_fires():
    old = watched("a", MEDIATION, "b")
    case = running(version(old))
    (clock,) = case.clocks.values()
    moved(case, version(watched("a", MEDIATION, "extra", "b")))
    case.advance(29)
    assert case.open == ["a"]
    fired = case.advance(2)
    assert fired.fired == (clock.number,)
    assert case.ended == "late"


def many_talks(collection: str = "ids", sequential: bool = False) -> Draw:
    def draw(drawing: Drawing) -> None:
        marker = many(collection, "one", output="outs", output_item="out", sequential=sequential)
        drawing.user("talk", many=marker).user("after").flow("s > talk > after > e")

    return draw


def alone(drawing: Drawing) -> None:
    drawing.user("talk").user("after").flow("s > talk > after > e")


@pytest.mark.parametrize("sequential", [False, True])
def test_instances_that_are_under_way_go_on(sequential: bool):
    def longer(drawing: Drawing) -> None:
        marker = many("ids", "one", output="outs", output_item="out", sequential=sequential)
        drawing.user("talk", many=marker).user("extra").user("after")
        drawing.flow("s > talk > extra > after > e")

    case = running(version(many_talks(sequential=sequential)), ids=["x", "y", "z"])
    case.ask(CommandKind.COMPLETE, item=min(case.items), data={"out": "1"})
    moved(case, version(longer))
    while "talk" in case.open:
        case.ask(CommandKind.COMPLETE, item=min(case.items), data={"out": "2"})
    assert case.open == ["extra"]
    case.complete("extra")
    case.complete("after")
    assert case.ended == "e"


def inner(*steps: str) -> Drawing:
    body = Drawing("body").start("bs").end("be")
    for step in steps:
        body.user(step)
    return body.flow(" > ".join(("bs", *steps, "be")))


def around(body: Drawing) -> Draw:
    def draw(drawing: Drawing) -> None:
        drawing.sub(body).user("after").flow("s > body > after > e")

    return draw


def calling(process: str) -> Draw:
    def draw(drawing: Drawing) -> None:
        drawing.call("phase", process).user("after").flow("s > phase > after > e")

    return draw


def phase(key: str, *steps: str) -> Drawing:
    drawing = Drawing(key).start(f"{key}_s").end(f"{key}_e")
    for step in steps:
        drawing.user(step)
    return drawing.flow(" > ".join((f"{key}_s", *steps, f"{key}_e")))


def test_a_step_added_inside_a_running_sub_process_is_taken():
    case = running(version(around(inner("x", "y"))), "x")
    moved(case, version(around(inner("x", "y", "z")))).complete("y")
    case.complete("z")
    case.complete("after")
    assert case.ended == "e"


def test_a_step_added_inside_a_running_called_process_is_taken():
    case = running(version(calling("q"), phase("q", "x", "y")), "x")
    moved(case, version(calling("q"), phase("q", "x", "y", "z"))).complete("y")
    case.complete("z")
    case.complete("after")
    assert case.ended == "e"


def test_a_called_process_that_is_over_may_disappear():
    case = running(version(calling("q"), phase("q", "x")), "x")
    moved(case, version(line("after"))).complete("after")
    assert case.ended == "e"


def either(drawing: Drawing, name: str = "m", rule: str = "mediation") -> None:
    drawing.node("eventBasedGateway", "g").catch("heard", message_event(name, variable="said"))
    drawing.catch("waited", timer_event(f'deadline("{rule}", today)')).choice("j")
    drawing.flow("s > g > heard > j > e").flow("g > waited > j")


def longer_either(drawing: Drawing) -> None:
    drawing.node("eventBasedGateway", "g").catch("heard", message_event("m", variable="said"))
    drawing.catch("waited", MEDIATION).choice("j").user("extra")
    drawing.flow("s > g > heard > j > extra > e").flow("g > waited > j")


def test_an_event_gateway_goes_on_waiting_for_both():
    by_message = moved(running(version(either)), version(longer_either))
    by_message.message("m", x=1)
    assert by_message.open == ["extra"]
    by_time = moved(running(version(either)), version(longer_either))
    by_time.advance(31)
    assert by_time.open == ["extra"]


def waiting(name: str, *after: str) -> Draw:
    def draw(drawing: Drawing) -> None:
        drawing.catch("heard", message_event(name, variable="said"))
        for step in after:
            drawing.user(step)
        drawing.flow(" > ".join(("s", "heard", *after, "e")))

    return draw


def test_a_place_that_waits_for_a_message_still_hears_it():
    case = moved(running(version(waiting("m", "a"))), version(waiting("m", "b")))
    case.message("m", x=1)
    assert case.open == ["b"]


def asking(operation: str, *after: str) -> Draw:
    def draw(drawing: Drawing) -> None:
        drawing.service("ask", operation, "got", to='"x"', template='"t"')
        for step in after:
            drawing.user(step)
        drawing.flow(" > ".join(("s", "ask", *after, "e")))

    return draw


def test_an_open_call_is_answered_under_the_new_version():
    case = running(version(asking("notify.send", "a")))
    (number,) = case.calls
    moved(case, version(asking("notify.send", "b")))
    case.ask(CommandKind.ANSWER, item=number, data={"ok": True})
    assert case.open == ["b"]


def forked(*branches: str, extra: str = "") -> Draw:
    def draw(drawing: Drawing) -> None:
        drawing.parallel("fork").parallel("join").user("after")
        drawing.flow("s > fork").flow("join > after > e")
        for branch in branches:
            way = f"{branch}" + (f" > {extra}" if extra and branch == branches[0] else "")
            drawing.user(branch).flow(f"fork > {way} > join")
        if extra:
            drawing.user(extra)

    return draw


def test_a_fork_whose_branches_came_together_may_change():
    case = running(version(forked("l", "r")), "l", "r")
    moved(case, version(forked("l", "r", "t"))).complete("after")
    assert case.ended == "e"


def test_a_branch_may_get_longer_before_it_arrives():
    case = running(version(forked("l", "r")), "r")
    moved(case, version(forked("l", "r", extra="l2"))).complete("l")
    case.complete("l2")
    case.complete("after")
    assert case.ended == "e"


def manual(drawing: Drawing) -> None:
    drawing.user("a").node("receiveTask", "b", "", ' messageRef="m_m"').user("c")
    drawing.flow("s > a > b > c > e")


REFUSED: list[tuple[str, Draw, tuple[str, ...], Draw, str, str]] = [
    ("live step gone", PLAIN, ("a",), line("a", "c"), "element_gone", "b"),
    ("live step renamed", PLAIN, (), line("a1", "b", "c"), "element_gone", "a"),
    ("kind changed", PLAIN, ("a",), manual, "kind_changed", "b"),
    ("clock added", PLAIN, (), watched("a", MEDIATION, "b", "c"), "boundary_changed", "a"),
    ("clock removed", watched("a", MEDIATION, "b", "c"), (), PLAIN, "boundary_changed", "a"),
    (
        "clock moved away",
        watched("a", MEDIATION, "b", "c"),
        (),
        watched("a", MEDIATION, "b", "c", on="b"),
        "boundary_changed",
        "a",
    ),
    (
        "clock reminds only",
        watched("a", MEDIATION, "b"),
        (),
        watched("a", MEDIATION, "b", interrupting=False),
        "boundary_changed",
        "a",
    ),
    (
        "other rule on a running clock",
        watched("a", MEDIATION, "b"),
        (),
        watched("a", timer_event('deadline("remind", today)'), "b"),
        "clock_changed",
        "due",
    ),
    ("branch added", forked("l", "r"), (), forked("l", "r", "t"), "fork_changed", "fork"),
    ("branch removed", forked("l", "r", "t"), ("l",), forked("l", "r"), "element_gone", "t"),
    (
        "arrived branch longer",
        forked("l", "r"),
        ("l",),
        forked("l", "r", extra="l2"),
        "join_changed",
        "join",
    ),
    ("other operation", asking("notify.send"), (), asking("http.call"), "operation_changed", "ask"),
    ("other message", waiting("m"), (), waiting("n"), "event_changed", "heard"),
    (
        "other message at an event gateway",
        either,
        (),
        lambda d: either(d, name="n"),
        "event_changed",
        "g",
    ),
    (
        "other rule at an event gateway",
        either,
        (),
        lambda d: either(d, rule="remind"),
        "clock_changed",
        "g",
    ),
]


@pytest.mark.parametrize(
    ("old", "done", "new", "code", "element"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_what_cannot_go_says_why(
    old: Draw, done: tuple[str, ...], new: Draw, code: str, element: str
):
    assert refused(running(version(old), *done), version(new)) == (code, element)


@pytest.mark.parametrize(
    "new",
    [many_talks(sequential=True), alone, many_talks(collection="outs")],
    ids=["sequential", "alone", "other_collection"],
)
def test_instances_under_way_that_are_divided_otherwise_stay(new: Draw):
    case = running(version(many_talks()), ids=["x", "y"])
    assert refused(case, version(new)) == ("many_changed", "talk")


def test_a_clock_that_is_waited_for_with_another_rule_stays():
    def wait(rule: str) -> Draw:
        def draw(drawing: Drawing) -> None:
            drawing.catch("w", timer_event(f'deadline("{rule}", today)')).flow("s > w > e")

        return draw

    case = running(version(wait("mediation")))
    assert refused(case, version(wait("remind"))) == ("clock_changed", "w")


def test_a_called_process_under_way_that_is_gone_or_another_stays():
    case = running(version(calling("q"), phase("q", "x")))
    assert refused(case, version(calling("r"), phase("r", "y")))[0] == "calls_other"
    assert refused(case, version(line("after"))) == ("element_gone", "phase")


def test_a_sub_process_under_way_that_is_gone_stays():
    case = running(version(around(inner("x"))))
    assert refused(case, version(line("x", "after"))) == ("element_gone", "body")


def test_a_run_that_has_ended_stays():
    case = running(version(PLAIN), "a", "b", "c")
    assert refused(case, version(PLAIN))[0] == "ended"


def test_another_process_is_no_version():
    other = compiled(Drawing("o").start().user("a").end().flow("s > a > e"))
    assert refused(running(version(PLAIN)), other)[0] == "other_process"
