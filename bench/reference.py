"""The reference: one people_mediation step with the raw engine and nothing around it.

What one round does, on an open connection of the same database:

1. BEGIN (IMMEDIATE on SQLite), SELECT the one state row (JSON text) by its key;
2. SpiffWorkflow's own `BpmnWorkflowSerializer.deserialize_json`: the same tasks, data, events;
3. fills in and runs the one READY user task (`hold_session`, “go on talking”), then the library's
   `do_engine_steps` until nothing moves; the one service task on the way (`create_record`) is
   answered with a constant, because no raw engine makes documents;
4. `serialize_json`, UPDATE one state row, COMMIT, durable (`synchronous=FULL`; `fsync=on`).

Its workflow is a plain `BpmnWorkflow`. Two things are ours, both in the reference's favour: the
compiled specs of the package, because the library alone runs only Python expressions and our
diagrams hold FEEL; and they are kept in memory, so that the state holds the tasks and not the
specs (which makes load and save about half as long as the library's default). There is no HTTP,
no sign-in, no access check, no form, no work item, clock, journal, timeline or encryption.
Every round starts from the same state: the row that is written is not the one that is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from bench.figures import Timed, timed
from bench.mediation import SESSION, WALKED
from tests.factories.rollout import package, walk_until
from workflows.cases.decision import Command, CommandKind, today_of
from workflows.cases.journal_format import command_from_journal
from workflows.engine import ProcessVersion
from workflows.engine.environment import FeelEngine, FeelEnvironment, World
from workflows.rollout.world.pure_run import PureRun
from workflows.storage import Database

READ, WRITTEN = 1, 2
"""Keys of the two rows."""
TABLE = "CREATE TABLE bench_reference (id INTEGER PRIMARY KEY, state TEXT NOT NULL)"


class RawEngine:
    """SpiffWorkflow over the specs of one version."""

    def __init__(self, version: ProcessVersion, world: World) -> None:
        self._version = version
        self._engine = FeelEngine(FeelEnvironment(version.expressions, version.decisions, world))
        self._serializer = build_serializer(version)

    def start(self, data: Mapping[str, Any]) -> str:
        """The state of a new workflow."""
        version = self._version
        workflow = BpmnWorkflow(version.spec, version.subs, script_engine=self._engine)
        workflow.task_tree.data.update(data)
        _settle(workflow)
        return str(self._serializer.serialize_json(workflow))

    def step(self, state: str, data: Mapping[str, Any]) -> str:
        """Completes the one user task that waits; the next state."""
        workflow = self._serializer.deserialize_json(state)
        workflow.script_engine = self._engine
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(data)
        task.run()
        _settle(workflow)
        return str(self._serializer.serialize_json(workflow))

    def waits_at(self, state: str) -> list[str]:
        """Element ids of the user tasks that wait."""
        workflow = self._serializer.deserialize_json(state)
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        return [task.task_spec.bpmn_id for task in ready]


def _settle(workflow: BpmnWorkflow) -> None:
    """Engine steps until only people are left; service tasks are answered at once."""
    while True:
        workflow.do_engine_steps()
        calls = [
            task
            for task in workflow.get_tasks(state=TaskState.STARTED)
            if hasattr(task.task_spec, "operation_name")
        ]
        if not calls:
            return
        for task in calls:
            task.data[task.task_spec.result_variable] = {"number": "1", "document": "1"}
            task.complete()


def build_serializer(version: ProcessVersion) -> BpmnWorkflowSerializer:
    """The library's own, with specs by name instead of by value, and dates, which it lacks."""
    registry = BpmnWorkflowSerializer.configure(SPIFF_CONFIG)
    registry.register(
        date,
        lambda day: {"value": day.isoformat()},
        lambda found: date.fromisoformat(found["value"]),
    )
    specs = {spec.name: spec for spec in (version.spec, *version.subs.values())}
    registry.register(
        BpmnProcessSpec, lambda spec: {"name": spec.name}, lambda found: specs[found["name"]]
    )
    return BpmnWorkflowSerializer(registry)


def walked() -> tuple[PureRun, list[Command]]:
    """The scenario up to its first session in memory, and the commands that led there."""
    run = walk_until(WALKED, SESSION).run
    assert run is not None
    return run, [command_from_journal(entry)[0] for entry in run.journal]


def first_session() -> tuple[RawEngine, str, Mapping[str, Any]]:
    """(engine, state before the first session, what is entered there)."""
    run, commands = walked()
    facts = run.facts
    world = World(facts.case, facts.parties, facts.unit, today_of(commands[-1].at))
    engine = RawEngine(package().process, world)
    state = engine.start(commands[0].data)
    for command in commands[1:]:
        if command.kind is CommandKind.COMPLETE:
            state = engine.step(state, command.data)
    assert engine.waits_at(state) == [SESSION]
    session = {"session_result": "continue"}
    assert engine.waits_at(engine.step(state, session)) == [SESSION]
    return engine, state, session


@contextmanager
def reference(database: Database) -> Iterator[Timed]:
    """The timed round on this database."""
    engine, state, data = first_session()
    connection: Any = database.engine.raw_connection()
    driver = connection.driver_connection
    is_sqlite = isinstance(driver, sqlite3.Connection)
    mark = "?" if is_sqlite else "%s"
    begin = "BEGIN IMMEDIATE" if is_sqlite else "BEGIN"
    select = f"SELECT state FROM bench_reference WHERE id = {mark}"
    update = f"UPDATE bench_reference SET state = {mark} WHERE id = {mark}"
    if is_sqlite:
        driver.execute("PRAGMA query_only=OFF")
    else:
        driver.autocommit = True
    driver.execute(TABLE)
    for key in (READ, WRITTEN):
        driver.execute(f"INSERT INTO bench_reference VALUES ({mark}, {mark})", (key, state))

    def once() -> None:
        driver.execute(begin)
        (found,) = driver.execute(select, (READ,)).fetchone()
        driver.execute(update, (engine.step(found, data), WRITTEN))
        driver.execute("COMMIT")

    try:
        yield timed(once)
    finally:
        connection.invalidate()
        connection.close()
