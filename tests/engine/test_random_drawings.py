"""Random block-structured drawings walked at random: nothing hangs, nothing written is lost."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories.engine import Case, Drawing, compiled, due_in, timer_event
from tests.factories.engine_state import data_of
from workflows.cases.decide import rerun
from workflows.cases.decision import CommandKind, Ports

PORTS = Ports(due_in({"r": 4}), {})


class Architect:
    """Draws blocks with one way in and one way out. `names`: what the tasks will write."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names: dict[str, str] = {}
        self.count = 0

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def process(self) -> Drawing:
        drawing = Drawing("p").start()
        first, last = self.block(drawing, 4)
        return drawing.end().flow(f"s > {first}").flow(f"{last} > e")

    def block(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        """Adds a block; its first and last node."""
        kinds = ["task"] if depth == 0 else ["task", "chain", "parallel", "loop", "body", "timed"]
        return getattr(self, self.random.choice(kinds))(drawing, depth - 1)

    def task(self, drawing: Drawing, _depth: int) -> tuple[str, str]:
        key = self.fresh("t")
        self.names[f"v_{key}"] = "number"
        drawing.user(key)
        return key, key

    def chain(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        first, middle = self.block(drawing, depth)
        second, last = self.block(drawing, depth)
        drawing.flow(f"{middle} > {second}")
        return first, last

    def parallel(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        fork, join = self.fresh("f"), self.fresh("j")
        drawing.parallel(fork).parallel(join)
        for _ in range(self.random.choice([2, 2, 3])):
            first, last = self.block(drawing, depth)
            drawing.flow(f"{fork} > {first}").flow(f"{last} > {join}")
        return fork, join

    def loop(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        merge, ask, choice, out = (self.fresh(p) for p in ("m", "ask", "x", "n"))
        self.names[f"more_{ask}"] = "boolean"
        drawing.choice(merge).user(ask).choice(choice).script(out, f"v_{out} = 1")
        self.names[f"v_{out}"] = "number"
        first, last = self.block(drawing, depth)
        drawing.flow(f"{merge} > {first}").flow(f"{last} > {ask} > {choice}")
        drawing.flow(f"{choice} > {merge}", f"more_{ask}")
        drawing.flow(f"{choice} > {out}", f"not(more_{ask})")
        return merge, out

    def body(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        key = self.fresh("b")
        inside = Drawing(key).start(f"{key}_s")
        first, last = self.block(inside, depth)
        inside.end(f"{key}_e").flow(f"{key}_s > {first}").flow(f"{last} > {key}_e")
        drawing.sub(inside)
        return key, key

    def timed(self, drawing: Drawing, depth: int) -> tuple[str, str]:
        """A body with a reminder on it that writes a name of its own."""
        key, _ = self.body(drawing, depth)
        timer, note, noted = self.fresh("c"), self.fresh("k"), self.fresh("e")
        self.names[f"v_{note}"] = "number"
        drawing.boundary(timer, key, timer_event('deadline("r", today)'), interrupting=False)
        drawing.script(note, f"v_{note} = 1").end(noted).flow(f"{timer} > {note} > {noted}")
        return key, key


def walk(case: Case, random: Random) -> dict[str, Any]:
    """Until the end; what people wrote last, by name."""
    wrote: dict[str, Any] = {}
    case.start()
    for step in range(400):
        if case.ended:
            return wrote
        assert case.items, f"nothing left to do after {step} steps"
        if case.clocks and random.random() < 0.1:
            case.advance(random.choice([1, 5]))
            continue
        item = random.choice(sorted(case.items.values(), key=lambda i: i.number))
        data: dict[str, Any] = {f"v_{item.element}": step}
        if item.element.startswith("ask"):
            data = {f"more_{item.element}": random.random() < 0.5}
        wrote.update(data)
        case.ask(CommandKind.COMPLETE, item=item.number, data=data)
    raise AssertionError("the walk did not end")


@pytest.mark.parametrize("seed", range(60))
def test_random_drawing_ends_and_keeps_what_was_written_last(seed: int):
    architect = Architect(seed)
    version = compiled(architect.process(), names=architect.names)
    case = Case(version, PORTS)
    wrote = walk(case, Random(seed + 1000))
    data = data_of(case)
    assert {name: data.get(name) for name in wrote} == wrote
    assert (case.items, case.clocks) == ({}, {})
    decision = rerun(version, case.facts_at.__getitem__, case.journal, PORTS.due)
    assert decision.state == case.state
