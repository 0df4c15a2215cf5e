"""Walks one scenario against a world: the pure one, or the real site through its API.

A world does what people do and tells what they see; it refuses by raising a FengqiaoError. The
walk stops at the first step that is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeAlias

from workflows.errors import FengqiaoError, InvalidFormError, PackageError
from workflows.messages import Message
from workflows.rollout.scenarios.scenario import (
    AdvanceStep,
    MessageStep,
    Scenario,
    Start,
    Step,
    TaskStep,
)

Json: TypeAlias = Any
WITHDRAW = ".withdraw"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A work item as a world shows it. `party`: number of the party whose instance it is, from
    0, None where it is not one of several. `handle`: the world's own reference."""

    package: str
    element: str
    party: int | None
    handle: Any


class World(Protocol):
    """What a scenario needs of an installation. One world lives for one scenario.

    `who` is a demo account or `role@unit-code`. Every method may raise a FengqiaoError.
    """

    def open_case(self, package: str, start: Start, data: Mapping[str, Json]) -> None:
        """Starts the case with resolved data."""

    def list_tasks(self) -> Sequence[OpenTask]:
        """Every open user task of the case."""

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Json]) -> None:
        """Completes a task with resolved data."""

    def send(self, name: str, payload: Mapping[str, Json]) -> None:
        """Brings a message of an outside sender."""

    def withdraw(self, who: str, reason: str) -> None:
        """The parties withdraw; `who` records it."""

    def advance(self, by: timedelta) -> None:
        """Moves the clock and waits until everything that fell due has been done."""

    def today(self) -> date:
        """The installation's day."""

    def upload(self, who: str, name: str, content: bytes) -> Json:
        """The value of a file field for this file."""

    def sign(self, who: str, party: int) -> Json:
        """The value of a signature field for the strokes of a party."""

    def look_at(self, package: str) -> None:
        """Parties are those of this package's run from now on."""

    def party(self, number: int) -> Json:
        """The id of a party, counted from 0."""

    def ended(self, package: str) -> str | None:
        """End event the package's run has reached, None while it is open or not there."""

    def documents(self) -> Sequence[str]:
        """Kinds of all documents of the case."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scenario is red. `step`: number from 1, 0 = the start, None = the end."""

    step: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario went. Green without reasons."""

    scenario: str
    reasons: tuple[Reason, ...]

    @property
    def is_green(self) -> bool:
        return not self.reasons


def run_scenario(
    scenario: Scenario, package: str, world: World, files: Mapping[str, bytes]
) -> Result:
    """Walks the scenario. `files`: those of `scenarios/files/`. Never raises for a refusal."""
    walk = Walking(package, world, files)
    try:
        walk.start(scenario.start)
    except FengqiaoError as refusal:
        return Result(scenario.name, tuple(_reasons(0, refusal)))
    for number, step in enumerate(scenario.steps, 1):
        try:
            walk.take(step)
        except FengqiaoError as refusal:
            return Result(scenario.name, tuple(_reasons(number, refusal)))
    return Result(scenario.name, tuple(_check_end(scenario, world)))


class StepError(FengqiaoError):
    """A step that fits nothing in the world (no such task open, no such file)."""


@dataclass
class Walking:
    """Takes steps in a world one by one. `files`: those of `scenarios/files/`. What the world
    refuses, and StepError, go through."""

    package: str
    world: World
    files: Mapping[str, bytes]

    def start(self, start: Start) -> None:
        """Opens the case."""
        self.world.open_case(self.package, start, self.resolve(start.who, start.data))

    def take(self, step: Step) -> None:
        """One step."""
        if isinstance(step, AdvanceStep):
            self.world.advance(step.by)
        elif isinstance(step, TaskStep):
            task = self.find(step)
            self.world.look_at(task.package)
            self.world.complete(step.who, task, self.resolve(step.who, step.data))
        else:
            self._send(step)

    def _send(self, step: MessageStep) -> None:
        payload = self.resolve(step.who or "", step.payload)
        if step.name == self.package + WITHDRAW:
            if step.who is None:
                raise StepError("rollout.withdraw_who")
            self.world.withdraw(step.who, str(payload.get("reason", "")))
        else:
            self.world.send(step.name, payload)

    def find(self, step: TaskStep) -> OpenTask:
        """The open task a step means. Raises StepError."""
        package = step.package or self.package
        tasks = self.world.list_tasks()
        fitting = [
            task
            for task in tasks
            if task.package == package
            and task.element == step.element
            and (step.pick is None or task.party == step.pick)
        ]
        if step.nth is not None:
            fitting = fitting[step.nth : step.nth + 1]
        if len(fitting) == 1:
            return fitting[0]
        code = "rollout.task_not_open" if not fitting else "rollout.task_not_single"
        waiting = "、".join(sorted({task.element for task in tasks})) or "—"
        raise StepError(code, element=step.element, waiting=waiting)

    def resolve(self, who: str, data: Mapping[str, Json]) -> dict[str, Json]:
        """The data with files uploaded, days counted, parties named."""
        return {name: self._value(who, value) for name, value in data.items()}

    def _value(self, who: str, value: Json) -> Json:
        if isinstance(value, list):
            return [self._value(who, inner) for inner in value]
        if not isinstance(value, dict):
            return value
        for reference, given in value.items():
            if reference.startswith("$"):
                return self._referred(who, reference, given)
        return {name: self._value(who, inner) for name, inner in value.items()}

    def _referred(self, who: str, reference: str, given: Json) -> Json:
        if reference == "$today":
            return (self.world.today() + timedelta(days=int(given))).isoformat()
        if reference == "$party":
            return self.world.party(int(given))
        if reference == "$signature":
            number = str(given).removeprefix("party")
            if not number.isdecimal():
                raise StepError("rollout.wrong_reference", name=reference)
            return self.world.sign(who, int(number))
        if given not in self.files:
            raise StepError("rollout.file_missing", name=str(given))
        return self.world.upload(who, str(given), self.files[given])


def _check_end(scenario: Scenario, world: World) -> list[Reason]:
    """What is not as the scenario says, after its last step."""
    reasons = []
    ended = world.ended(scenario.end_run)
    if ended != scenario.end_element:
        waiting = "、".join(sorted({task.element for task in world.list_tasks()})) or "—"
        params = {"expected": scenario.end_element, "ended": ended or waiting}
        code = "rollout.still_open" if ended is None else "rollout.other_end"
        reasons.append(Reason(None, Message(code, params)))
    missing = Counter(scenario.documents) - Counter(world.documents())
    for kind in sorted(missing):
        reasons.append(Reason(None, Message("rollout.document_missing", {"kind": kind})))
    return reasons


def _reasons(step: int, refusal: FengqiaoError) -> list[Reason]:
    """A refusal as reasons: every wrong field of a form, every finding of a package."""
    if isinstance(refusal, InvalidFormError):
        return [
            Reason(step, Message("rollout.field", {"path": e.path or "/", "why": e.message}))
            for e in refusal.errors
        ]
    if isinstance(refusal, PackageError):
        found = [f.message for f in refusal.findings if hasattr(f, "message")]
        return [Reason(step, message) for message in found] or [Reason(step, refusal.message)]
    return [Reason(step, refusal.message)]
