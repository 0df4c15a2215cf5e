"""Rehearsal: somebody walks a version in memory, and what was walked is a scenario in the making.

What is kept between two requests is the scenario's own JSON so far; every request walks it anew in
a fresh world. So a step is taken back by dropping it, and keeping the walk is writing it down.
Nothing here stores or sends. Start at `walk_again`; forms are in `rehearsal_forms.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import orjson
from typing_extensions import override

from workflows.cases.decision import NewItem
from workflows.catalogue.package import Package
from workflows.errors import FengqiaoError, RuleError
from workflows.rollout.scenarios.rehearsal_files import made_up_files
from workflows.rollout.scenarios.rehearsal_tasks import waited_for
from workflows.rollout.scenarios.run_scenario import WITHDRAW, Walking
from workflows.rollout.scenarios.scenario import (
    AdvanceStep,
    MessageStep,
    Step,
    parse_scenario,
)
from workflows.rollout.world.pure_run import PureRun
from workflows.rollout.world.pure_world import PureWorld

Json: TypeAlias = Any
Content: TypeAlias = Mapping[str, Json]
"""A scenario's JSON whose end is not known yet."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_STEPS = 120
"""A walk is walked anew with every request."""
LONGEST_ADVANCE = timedelta(days=3660)
CANCELLED = {"withdrawn": {"zh": "已撤回", "en": "Withdrawn"}}
"""The end of a run that no end event draws."""
UNKNOWN = "-"
"""Stands in a walk where a finished scenario has its title and its end."""


class RehearsalWorld(PureWorld):
    """A world that remembers how a scenario writes the files it was given.

    `named`: id of a file or signature → `{"$file": …}` or `{"$signature": …}`.
    """

    def __init__(self, package: Package, at: datetime, **around: Any) -> None:
        super().__init__(package, at, **around)
        self.named: dict[str, Mapping[str, str]] = {}

    @override
    def upload(self, who: str, name: str, content: bytes) -> Json:
        file_id = super().upload(who, name, content)
        self.named[file_id] = {"$file": name}
        return file_id

    @override
    def sign(self, who: str, party: int) -> Json:
        file_id = super().sign(who, party)
        self.named[file_id] = {"$signature": f"party{party}"}
        return file_id


@dataclass(frozen=True, slots=True)
class Happened:
    """One step that was walked. `kind`: start | task | message | withdraw | advance; `title`: of
    the form, task or awaited message, by language, None for others; `instance`: name of
    the party a task was for, "" where it is not one of several; `package`: title of another
    package's run, None for the own one; `by`: how much time passed. What followed: titles of
    `documents`, of `expired` time limits, and of the ends runs reached (`ended`)."""

    kind: str
    at: datetime
    who: str = ""
    title: Mapping[str, str] | None = None
    instance: str = ""
    package: Mapping[str, str] | None = None
    by: timedelta | None = None
    documents: tuple[Mapping[str, str], ...] = ()
    expired: tuple[Mapping[str, str], ...] = ()
    ended: tuple[Mapping[str, str], ...] = ()


@dataclass
class Stand:
    """Where a walk stands. `refusal`: why it could not be walked to its last step, with `happened`
    ending before that step; None usually."""

    content: Content
    world: RehearsalWorld
    walking: Walking
    happened: list[Happened] = field(default_factory=list)
    refusal: FengqiaoError | None = None

    @property
    def package(self) -> Package:
        """What is walked."""
        return self.world.package


def begin_walk(at: datetime, who: str, unit: str, form: str, data: Mapping[str, Json]) -> Content:
    """A walk of nothing but its start. `at`: aware; whole minutes count."""
    start = {"as": who, "unit": unit, "form": form, "data": dict(data)}
    return {"title": UNKNOWN, "at": start_of(at).isoformat(), "start": start, "steps": []}


def start_of(at: datetime) -> datetime:
    """The whole minute in which a walk begins, on Shanghai's clock."""
    return at.astimezone(SHANGHAI).replace(second=0, microsecond=0)


def walk_again(
    package: Package, others: Mapping[str, Package], content: Content, **around: Any
) -> Stand:
    """Walks everything anew. `around`: office and rules of the world, the gate's by default.

    Raises ScenarioError for content that is none; a step that is refused ends the walk there.
    """
    scenario = parse_scenario("rehearsal", _finished(content, UNKNOWN, UNKNOWN, UNKNOWN, ()))
    stand = fresh(package, others, scenario.at, **around)
    stand.content = content
    try:
        stand.walking.start(scenario.start)
        form = package.manifest.start(scenario.start.form)
        title = form.title if form else None
        done = Happened("start", stand.world.now, _name(stand, scenario.start.who), title=title)
        _note(stand, Before({}, {}, frozenset()), done)
        for step in scenario.steps:
            take(stand, step)
    except FengqiaoError as refusal:
        stand.refusal = refusal
    return stand


def fresh(package: Package, others: Mapping[str, Package], at: datetime, **around: Any) -> Stand:
    """A stand before the start, for its form."""
    world = RehearsalWorld(package, at, others=others, **around)
    files = {**made_up_files(), **package.scenario_files}
    return Stand({}, world, Walking(package.manifest.key, world, files))


def take(stand: Stand, step: Step) -> None:
    """One more step. Raises what the world refuses; the stand is not to be used then."""
    before, done = Before.of(stand.world), _what(stand, step)
    stand.walking.take(step)
    _note(stand, before, replace(done, at=stand.world.now))


def _what(stand: Stand, step: Step) -> Happened:
    """The step in words, before it is taken: afterwards the task is gone. Raises StepError."""
    world = stand.world
    if isinstance(step, AdvanceStep):
        return Happened("advance", world.now, by=step.by)
    if isinstance(step, MessageStep):
        kind = "withdraw" if step.name.endswith(WITHDRAW) else "message"
        title = waited_for(world).get(step.name)
        return Happened(kind, world.now, _name(stand, step.who or ""), title=title)
    run, number = stand.walking.find(step).handle
    item = run.items[number]
    return Happened(
        "task",
        world.now,
        _name(stand, step.who),
        title=item.title,
        instance=instance_name(run, item),
        package=run.around.package.manifest.title if run is not world.run else None,
    )


def _name(stand: Stand, who: str) -> str:
    return stand.world.office.colleague(who, stand.world.today()).name if who else ""


def add(content: Content, step: Mapping[str, Json]) -> Content:
    """The walk with one more step. Raises RuleError where it is too long."""
    if len(content["steps"]) >= MOST_STEPS:
        raise RuleError("rollout.rehearsal_long", most=MOST_STEPS)
    return {**content, "steps": [*content["steps"], dict(step)]}


def parse_step(step: Mapping[str, Json]) -> Step:
    """One step as data. Raises ScenarioError."""
    content = begin_walk(datetime.min.replace(year=2000, tzinfo=SHANGHAI), "x", "x", "x", {})
    written = add(content, step)
    return parse_scenario("step", _finished(written, UNKNOWN, UNKNOWN, UNKNOWN, ())).steps[0]


def back(stand: Stand) -> Content | None:
    """The walk without its last step; without all that could not be walked, where it broke. None
    where only the start was left."""
    walked = len(stand.happened) - 1
    if stand.refusal is None:
        walked -= 1
    return None if walked < 0 else {**stand.content, "steps": stand.content["steps"][:walked]}


def finish(stand: Stand, title: str) -> bytes:
    """The walk as a scenario file. Raises RuleError while the run is open, or where it broke."""
    run = stand.world.run
    if stand.refusal is not None:
        raise RuleError("rollout.rehearsal_broken")
    if run is None or run.ended is None:
        raise RuleError("rollout.rehearsal_open")
    key, kinds = stand.package.manifest.key, tuple(stand.world.documents())
    return _finished(stand.content, title, key, run.ended, kinds)


def instance_name(run: PureRun, item: NewItem) -> str:
    """Name of the party a task is for, "" where it is not one of several."""
    names = {party["id"]: str(party.get("name", "")) for party in run.facts.parties}
    return next((names[one] for one in item.instance if one in names), "")


def end_title(run: PureRun) -> Mapping[str, str] | None:
    """What the end of a run is called, None while it is open."""
    return CANCELLED.get(run.ended or "") or run.around.package.outcome_title(run.ended)


@dataclass(frozen=True, slots=True)
class Before:
    """How much there was before a step, to see what follows from it."""

    documents: Mapping[PureRun, int]
    expired: Mapping[PureRun, int]
    ended: frozenset[PureRun]

    @classmethod
    def of(cls, world: PureWorld) -> Before:
        """As the world is now."""
        return cls(
            {run: len(run.created) for run in world.runs},
            {run: len(run.ran_out) for run in world.runs},
            frozenset(run for run in world.runs if run.ended is not None),
        )


def _note(stand: Stand, before: Before, done: Happened) -> None:
    """Notes a step with what followed from it."""
    world = stand.world
    documents, expired, ended = [], [], []
    for run in world.runs:
        own = run.around.package
        new = run.created[before.documents.get(run, 0) :]
        documents += [own.document_title(one.kind) for one in new]
        gone = run.ran_out[before.expired.get(run, 0) :]
        expired += [world.rules.rule(key, run.around.unit.code).title for key in gone]
        reached = end_title(run)
        if reached is not None and run not in before.ended:
            ended.append(reached)
    stand.happened.append(
        replace(done, documents=tuple(documents), expired=tuple(expired), ended=tuple(ended))
    )


def _finished(
    content: Content, title: str, run: str, element: str, documents: tuple[str, ...]
) -> bytes:
    end = {"run": run, "element": element}
    written = {**content, "title": title, "end": end, "documents": list(documents)}
    return orjson.dumps(written, option=orjson.OPT_INDENT_2) + b"\n"
