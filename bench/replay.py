"""How many past cases a second are replayed, beside the raw engine on the very same walks.

The walks are the scenarios of people's mediation that come to an end by what people do and by
clocks. Each is replayed whole, through a draft whose mediation counts by another rule (both
versions are walked to the end) and through a draft of the same process (one walk is both).

The raw engine is that of `bench/reference.py`, without a database: it takes the same submissions
and the same clocks, reading its state before and writing it after each, and answers service tasks
with what was recorded. It knows no facts beside those of the moment, no journal, no work items and
compares nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.figures import Figure, interleave
from bench.raw_walk import RawStep, RawWalk, raw_steps
from tests.factories.rollout import KEY, ROOT, package, rehearsal
from workflows.catalogue.package import Package, compile_package
from workflows.catalogue.source import PackageSource, read_folder
from workflows.deadlines import RuleBook
from workflows.rollout.replay.walk import RecordedRun, replay

MOST_TIMES_RAW = 2.0
ROUNDS = 3
PROCESSES = 2
SECONDS = 3.0
DIAGRAM = "bpmn/people_mediation/pm_mediate.bpmn"
BEFORE, AFTER = b'deadline("mediation"', b'deadline("confirmation"'
LEFT_OUT = "thirty_parties"
"""Thirty signatures: three times as long as any other, and no case of every day."""
UNIT = "620902104-TW"


@dataclass(frozen=True, slots=True)
class Walked:
    """One case: its record, and what the raw engine is given of it."""

    name: str
    record: RecordedRun
    steps: Sequence[RawStep]


def measure() -> Iterator[Figure]:
    """Cases a second of one and of two processes, and the time of a case against the raw engine."""
    cases = list(walked())
    drafts: Mapping[str, Package] = {"changed": _changed(), "same": package()}
    timed: dict[str, Callable[[], float]] = {
        name: _timed(lambda draft=draft: _replay_all(cases, draft))
        for name, draft in drafts.items()
    }
    timed["raw"] = _timed(lambda: [RawWalk(package().process).run(one.steps) for one in cases])
    spread = interleave(ROUNDS, warm_up=1, **timed)
    lines = sum(len(one.record.entries) for one in cases)
    yield Figure(f"cases walked ({lines} lines in all)", len(cases), "")
    for name in drafts:
        what = f"replay through the {name} process"
        yield Figure(f"{what}, cases a second, 1 process", len(cases) / spread[name].median, "/s")
        yield Figure(
            f"{what}, cases a second, {PROCESSES} processes", _in_processes(name == "changed"), "/s"
        )
        yield spread[name].against(spread["raw"], f"{what} / raw engine", MOST_TIMES_RAW)


def walked() -> Iterator[Walked]:
    """The walks the raw engine can take to their end, too."""
    for walk in rehearsal().walks:
        run = walk.world.run if walk.world is not None else None
        if run is None or run.ended is None or walk.name == LEFT_OUT:
            continue
        lines = [json.loads(json.dumps(entry)) for entry in run.journal]
        record = RecordedRun(package(), lines, run.facts_by_revision.__getitem__, _due)
        steps = raw_steps(record)
        if steps and RawWalk(package().process).run(steps):
            yield Walked(walk.name, record, steps)


def _replay_all(cases: Sequence[Walked], draft: Package) -> None:
    for one in cases:
        found = replay(one.record, draft, _due)
        assert found.steps == len(one.record.entries), one.name


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def once() -> float:
        """Processor time: what else the machine does is not counted."""
        started = time.process_time()
        work()
        return time.process_time() - started

    return once


def _in_processes(changed: bool) -> float:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        done = list(pool.map(_work, [changed] * PROCESSES))
    return sum(done)


def _work(changed: bool) -> float:
    """Cases a second of processor time, while the others work, too."""
    cases, draft = list(walked()), _changed() if changed else package()
    _replay_all(cases, draft)
    started, count = time.process_time(), 0
    while time.process_time() - started < SECONDS:
        _replay_all(cases, draft)
        count += len(cases)
    return count / (time.process_time() - started)


def _changed() -> Package:
    source = read_folder(ROOT, KEY)
    files = {**source.files, DIAGRAM: source.files[DIAGRAM].replace(BEFORE, AFTER)}
    return compile_package(PackageSource(KEY, files))


def _due(rule: str, base: str) -> object:
    return RuleBook.built_in().due(rule, base, UNIT)
