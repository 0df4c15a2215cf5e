"""A recorded case once more with the raw engine (`bench/reference.py`), step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.reference import build_serializer
from workflows.cases.decision import CommandKind, Ports, today_of
from workflows.cases.journal_format import changed_facts, command_from_journal, replaying
from workflows.engine import ProcessVersion
from workflows.engine.environment import FeelEngine, FeelEnvironment, World
from workflows.engine.run import wake
from workflows.rollout.replay.side import Side
from workflows.rollout.replay.walk import RecordedRun

TAKEN = (CommandKind.START, CommandKind.COMPLETE, CommandKind.WAKE)


@dataclass(frozen=True, slots=True)
class RawStep:
    """One line of a journal in words the raw engine knows: elements instead of numbers."""

    world: World
    element: str | None
    data: Mapping[str, Any]
    clocks: Sequence[str]
    answers: Sequence[Mapping[str, Any]]


def raw_steps(record: RecordedRun) -> Sequence[RawStep]:
    """The lines of a record; () where one is neither a submission nor a clock."""
    side, steps = Side(record.package), list[RawStep]()
    for entry in record.entries:
        command, answers = command_from_journal(entry)
        if command.kind not in TAKEN:
            return ()
        before = record.facts_at(int(entry["facts_revision"]))
        facts = changed_facts(before, command.facts)
        item = side.items.get(command.item) if command.item is not None else None
        steps.append(
            RawStep(
                World(facts.case, facts.parties, facts.unit, today_of(command.moment)),
                item.element if item else None,
                command.data,
                [side.clocks[n].element for n in command.fired or () if n in side.clocks],
                [
                    answer["result"]
                    for answer in answers
                    if "result" in answer and "operation" in answer
                ],
            )
        )
        side.ask(before, command, replaying(Ports(record.due, {}), answers))
    return steps


class RawWalk:
    """One workflow through all its steps; the state is read before each and written after it.

    It forgets nothing of what is over, as the library does; `run` may be called again.
    """

    def __init__(self, version: ProcessVersion) -> None:
        self._version = version
        self._serializer = build_serializer(version)

    def run(self, steps: Sequence[RawStep]) -> bool:
        """Whether it came to its end."""
        state = ""
        for step in steps:
            workflow = self._open(state, step)
            if not self._take(workflow, step, first=not state):
                return False
            state = str(self._serializer.serialize_json(workflow))
        return bool(workflow.completed)

    def _open(self, state: str, step: RawStep) -> Any:
        version = self._version
        engine = FeelEngine(FeelEnvironment(version.expressions, version.decisions, step.world))
        if not state:
            return BpmnWorkflow(version.spec, version.subs, script_engine=engine)
        workflow = self._serializer.deserialize_json(state)
        workflow.script_engine = engine
        return workflow

    def _take(self, workflow: Any, step: RawStep, *, first: bool) -> bool:
        answers = deque(step.answers)
        for clock in step.clocks:
            waiting = _at(workflow, clock, state=TaskState.WAITING)
            if not waiting:
                return False
            wake(waiting[0])
            _settle(workflow, answers)
        if first:
            workflow.task_tree.data.update(step.data)
        elif step.element is not None:
            ready = _at(workflow, step.element, state=TaskState.READY, manual=True)
            if not ready:
                return False
            ready[0].data.update(step.data)
            ready[0].run()
        _settle(workflow, answers)
        return True


def _at(workflow: Any, element: str, **which: Any) -> list[Any]:
    return [task for task in workflow.get_tasks(**which) if task.task_spec.bpmn_id == element]


def _settle(workflow: Any, answers: deque[Mapping[str, Any]]) -> None:
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
            task.data[task.task_spec.result_variable] = answers.popleft() if answers else {}
            task.complete()
