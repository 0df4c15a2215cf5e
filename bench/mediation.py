"""A people's mediation on the way: cases that stand before their first session, and one that goes
round and round. All of it through the use cases, as the site does it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from bench.installation import Installation
from tests.factories.rollout import KEY, package, scenario
from workflows.cases.complete_task import CompleteTask, complete_task
from workflows.cases.decision import today_of
from workflows.cases.files import Upload, upload
from workflows.cases.open_case import OpenCase, open_case
from workflows.cases.tables import WorkItem
from workflows.rollout.scenarios.run_scenario import OpenTask, run_scenario
from workflows.rollout.scenarios.scenario import Scenario, Start, TaskStep
from workflows.storage import SYSTEM
from workflows.storage.ids import decode_item, encode_item

SESSION = "hold_session"
WHO = "mediator"
WALKED = "happy"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open work item: outside id and revision."""

    item: str
    revision: int

    @property
    def run_id(self) -> int:
        return decode_item(self.item)[0]


class SiteWorld:
    """The use cases of an installation as a scenario's world. Time is the machine's: waiting is
    left out, because no step before the first session needs it."""

    def __init__(self, house: Installation) -> None:
        self._house = house
        self._tasks: Sequence[OpenTask] = ()
        self._parties: Sequence[str] = ()

    def open_case(self, package: str, start: Start, data: Mapping[str, Any]) -> None:
        """Opens the case."""
        command = OpenCase(process=package, raw=data, form=start.form)
        opened = open_case(self._house.platform, self._house.actor(start.who), command)
        self._tasks = [_open_task(row) for row in opened.tasks]

    def look_at(self, package: str) -> None:
        """There is one case."""

    def list_tasks(self) -> Sequence[OpenTask]:
        """What is open now."""
        return self._tasks

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Any]) -> None:
        """Completes a task."""
        command = CompleteTask(task.handle.item, task.handle.revision, data)
        done = complete_task(self._house.platform, self._house.actor(who), command)
        self._tasks = [_open_task(row) for row in done.tasks]

    def advance(self, by: timedelta) -> None:
        """Nothing."""

    def today(self) -> date:
        """The machine's day."""
        return today_of(self._house.platform.clock.now())

    def upload(self, who: str, name: str, content: bytes) -> str:
        """Stores a file."""
        sent = Upload(io.BytesIO(content), name)
        return upload(self._house.platform, self._house.actor(who), sent).id

    def ended(self, package: str) -> str | None:
        """Not yet: the walk stops before its end."""

    def documents(self) -> Sequence[str]:
        """None is asked for."""
        return ()


def _open_task(row: Any) -> OpenTask:
    return OpenTask(row.process, row.name, None, Waiting(row.id, row.revision))


@cache
def steps_before(name: str, element: str) -> Scenario:
    """A scenario cut before its first step on `element`."""
    written = scenario(name)
    places = [getattr(step, "element", None) for step in written.steps]
    return replace(written, steps=written.steps[: places.index(element)])


def case_before(house: Installation, name: str, element: str) -> Waiting:
    """A new case that waits at `element`: the first tasks of a scenario are done."""
    world = SiteWorld(house)
    result = run_scenario(steps_before(name, element), KEY, world, package().scenario_files)
    refused = [reason for reason in result.reasons if reason.step is not None]
    assert not refused, refused
    (task,) = [task for task in world.list_tasks() if task.element == element]
    waiting: Waiting = task.handle
    return waiting


def case_before_its_session(house: Installation, name: str = WALKED) -> Waiting:
    """A new case whose first session waits."""
    return case_before(house, name, SESSION)


@cache
def session_data(today: date) -> Mapping[str, Any]:
    """What is entered at a session after which they go on talking."""
    step = next(
        step
        for step in scenario(WALKED).steps
        if isinstance(step, TaskStep) and step.element == SESSION
    )
    return {
        name: (today + timedelta(days=value["$today"])).isoformat()
        if isinstance(value, dict)
        else value
        for name, value in step.data.items()
    }


def go_round(house: Installation, waiting: Waiting, rounds: int) -> Waiting:
    """Holds so many sessions after which they go on talking."""
    platform, actor = house.platform, house.actor(WHO)
    data = session_data(today_of(platform.clock.now()))
    for _ in range(rounds):
        command = CompleteTask(waiting.item, waiting.revision, data)
        (row,) = complete_task(platform, actor, command).tasks
        waiting = Waiting(row.id, row.revision)
    return waiting


def find_waiting(house: Installation, run_id: int) -> Waiting:
    """The open session of a run, asked from the database."""
    with house.platform.database.reading(SYSTEM) as session:
        number, revision = session.execute(
            select(WorkItem.number, WorkItem.revision).where(
                WorkItem.run_id == run_id, WorkItem.state == "open"
            )
        ).one()
    return Waiting(encode_item(run_id, number), revision)
