"""Pruning changes what a state weighs, never what can happen to it."""

from __future__ import annotations

from random import Random
from statistics import median
from threading import Thread
from time import perf_counter
from typing import Any

import pytest

from tests.factories.engine import MORNING, Case, Drawing, compiled
from tests.factories.engine_walk import (
    facts_of,
    fill,
    full_case,
    full_version,
    long_walk,
    random_step,
)
from workflows.cases.decision import today_of
from workflows.engine.environment import World, element_id
from workflows.engine.live import Live, loaded, started
from workflows.engine.run import answer_call, complete_item, fail_call, wake
from workflows.engine.standing import instance_of
from workflows.engine.state import write_state
from workflows.errors import ProcessFaultError

NAMES = {"more": "boolean", "n": "number"}
FACTS = facts_of()
WORLD = World(FACTS.case, FACTS.parties, FACTS.unit, today_of(MORNING))
Place = tuple[str, str, tuple[Any, ...]]


class Walker:
    """Drives a run below `decide`, with or without pruning."""

    def __init__(self, *, pruning: bool) -> None:
        self.pruning = pruning
        self.state = b""
        with started(full_version(), WORLD, {"entry": "register"}) as live:
            self._settle(live)

    def places(self) -> dict[Place, Any]:
        """Everything that waits: kind, element, instance → process data there."""
        with loaded(full_version(), WORLD, self.state) as live:
            return {key: task.data for key, task in self._tasks(live).items()}

    def step(self, place: Place, data: dict[str, Any], failed: bool) -> None:
        with loaded(full_version(), WORLD, self.state) as live:
            task = self._tasks(live)[place]
            if place[0] == "item":
                complete_item(task, data)
            elif place[0] == "clock":
                wake(task)
            elif not (failed and fail_call(task, "failed", {})):
                answer_call(task, {"sent": True})
            self._settle(live)

    def _settle(self, live: Live) -> None:
        live.settle()
        while number := [
            task
            for task in live.standing().calls.values()
            if task.task_spec.operation_name == "number.issue"
        ]:
            answer_call(number[0], {"number": "1"})
            live.settle()
        if self.pruning:
            self.state = live.state(live.reached())
            return
        counter = live.counter[0]
        self.state = write_state(live.run, process="full", counter=counter, ended=live.reached())

    def _tasks(self, live: Live) -> dict[Place, Any]:
        now = live.standing()
        groups = {"item": now.items, "clock": now.clocks, "call": now.calls}
        return {
            (kind, element_id(task), instance_of(task)): task
            for kind, tasks in groups.items()
            for task in tasks.values()
        }


@pytest.mark.parametrize("seed", range(40))
def test_random_walk_pruned_and_unpruned_stand_in_the_same_place(seed: int):
    random = Random(seed)
    pruned, whole = Walker(pruning=True), Walker(pruning=False)
    for _ in range(40):
        places = pruned.places()
        assert places == whole.places()
        if not places:
            break
        weights = [1 if key[0] == "clock" else 6 for key in places]
        place = random.choices(list(places), weights)[0]
        data, failed = fill(place[1], random.randrange(4)), random.random() < 0.5
        pruned.step(place, data, failed)
        whole.step(place, data, failed)


@pytest.mark.parametrize("seed", range(10))
def test_random_commands_keep_the_rows_and_the_state_in_step(seed: int):
    random, case = Random(seed), full_case()
    case.start(entry="register")
    for _ in range(60):
        if random_step(case, random) is None:
            break
        with loaded(case.version, WORLD, case.state) as live:
            now = live.standing()
            assert set(now.items) == set(case.items)
            assert set(now.clocks) == set(case.clocks)
            assert set(now.calls) == set(case.calls)


def rounds_of(kind: str) -> Case:
    if kind == "plain":
        drawing = (
            Drawing("p").start().choice("m").user("a").script("c", "n = n + 1").choice("g").end()
        )
        drawing.flow("s > m > a > c > g").flow("g > m", "more").flow("g > e", "not(more)")
        return Case(compiled(drawing, names=NAMES))
    drawing = Drawing("p").start().choice("m").parallel("f").user("l").user("r").parallel("j")
    drawing.user("a").script("c", "n = n + 1").choice("g").end()
    drawing.flow("s > m > f > l > j > a > c > g").flow("f > r > j")
    drawing.flow("g > m", "more").flow("g > e", "not(more)")
    return Case(compiled(drawing, names=NAMES))


@pytest.mark.parametrize("kind", ["plain", "parallel"])
def test_round_200_weighs_and_costs_what_round_10_did(kind: str):
    case = rounds_of(kind)
    case.start(n=0)
    sizes: list[int] = []
    times: list[float] = []
    for _ in range(200):
        began = perf_counter()
        if kind == "parallel":
            case.complete("r")
            case.complete("l")
        case.complete("a", more=True)
        times.append(perf_counter() - began)
        sizes.append(len(case.state))
    assert max(sizes[150:]) <= sizes[10] + 24
    assert median(times[150:]) < 2 * median(times[5:50])
    assert case.complete("a" if kind == "plain" else "r", more=False) is not None


def test_long_automatic_loop_inside_one_step_is_no_trouble():
    drawing = Drawing("p").start().choice("m").script("c", "n = n + 1").choice("g").user("u").end()
    drawing.flow("s > m > c > g").flow("g > m", "n < 400").flow("g > u", "n >= 400").flow("u > e")
    case = Case(compiled(drawing, names=NAMES))
    case.start(n=0)
    assert case.open == ["u"]
    assert len(case.state) < 500


def test_loop_without_a_way_out_ends_with_a_fault():
    drawing = Drawing("p").start().choice("m").script("c", "n = n + 1").choice("g").end()
    drawing.flow("s > m > c > g").flow("g > m", "n > 0").flow("g > e", "n < 0")
    case = Case(compiled(drawing, names=NAMES))
    with pytest.raises(ProcessFaultError) as caught:
        case.start(n=1)
    assert caught.value.message.code == "engine.endless"


def test_finished_case_with_every_seam_stays_within_8_kib():
    case = long_walk(rounds=20)
    assert case.ended == "done"
    assert case.state is not None
    assert len(case.state) < 8 * 1024


def test_threads_sharing_one_version_do_not_disturb_each_other():
    expected = long_walk().state
    states: list[bytes | None] = []

    def walk() -> None:
        states.extend(long_walk().state for _ in range(5))

    threads = [Thread(target=walk) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == [expected] * 40
