"""The working set of one decide: what has been fired, answered and noted so far."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows.cases.decision import (
    Asked,
    ClockEnd,
    ClosedClock,
    Command,
    Facts,
    Json,
    MessageOut,
    Ports,
    Snapshot,
)
from workflows.cases.journal_format import answer_of, refusal_of
from workflows.engine.environment import element_id
from workflows.engine.live import Live
from workflows.engine.operations import OPERATIONS
from workflows.engine.run import answer_call, fail_call, wake
from workflows.engine.standing import Standing, closed_clocks, open_call
from workflows.engine.thrown import find_task
from workflows.engine.values import accept, plain
from workflows.errors import FengqiaoError, ProcessFaultError
from workflows.messages import Message

MAX_FIRED = 100
"""Clocks fired by one command; a loop that arms a clock in the past would never end."""
MAX_ANSWERS = 200
"""Port answers in one decide; a loop of local calls without people would never end."""


class AskedPeople:
    """`people(role)` of the run's unit: asks the port once a role and records what it said."""

    def __init__(self, snapshot: Snapshot, ports: Ports) -> None:
        self.answers: list[Json] = []
        self._unit = str(snapshot.facts.unit.get("code", ""))
        self._ports = ports
        self._known: dict[str, Sequence[str]] = {}

    def __call__(self, role: str) -> Sequence[str]:
        """Usernames, in the port's order."""
        if role not in self._known:
            self._known[role] = tuple(self._ports.people(role, self._unit))
            self.answers.append({"people": role, "result": list(self._known[role])})
        return self._known[role]


@dataclass
class Deciding:
    """Collects while the run moves. `facts` are those of the moment; `ended` once cancelled."""

    snapshot: Snapshot
    command: Command
    ports: Ports
    live: Live
    facts: Facts = field(init=False)
    fired: list[int] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    happened: list[Message] = field(default_factory=list)
    cancelled: str | None = None
    """"withdrawn" or "voided" where the command cancelled the run."""
    _dues: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = self.snapshot.facts

    def settle(self) -> None:
        """Lets the diagram run; local calls are answered on the way."""
        self.live.settle()
        while (task := self._next_local()) is not None:
            if len(self.answers) >= MAX_ANSWERS:
                raise ProcessFaultError("engine.endless", element=element_id(task))
            self._answer_local(task)
            self.live.settle()

    def fire_due_clocks(self, standing: Standing) -> None:
        """Fires what is due at the command's moment, also clocks that firing opens.

        A journal that is run again says itself which ones.
        """
        if self.command.fired is not None:
            for number in self.command.fired:
                self._fire(number)
            return
        rows = {row.number: row for row in self.snapshot.clocks}
        queue = [
            (row.due_at, row.number)
            for row in rows.values()
            if not row.paused and row.due_at is not None and row.due_at <= self.command.moment
        ]
        heapq.heapify(queue)
        known = set(standing.clocks) | set(rows)
        while queue:
            _, number = heapq.heappop(queue)
            if self._fire(number):
                for due, opened in self._due_at_once(known):
                    heapq.heappush(queue, (due, opened))

    def due_of(self, rule: str, base: str) -> Any:
        """What the port says, asked once a decide."""
        if (rule, base) not in self._dues:
            self._dues[rule, base] = self.ports.due(rule, base)
        return self._dues[rule, base]

    def closed_clocks(self, before: Standing, after: Standing) -> tuple[ClosedClock, ...]:
        """Clocks that no longer run, and how they left. Ask before the state is written."""
        ways = closed_clocks(before.clocks, after)
        ends = (
            ClosedClock(
                number,
                ClockEnd.FIRED
                if number in self.fired
                else (ClockEnd.LEFT if by_itself else ClockEnd.CANCELLED),
            )
            for number, by_itself in sorted(ways.items())
        )
        return tuple(ends)

    def messages_out(self) -> tuple[MessageOut, ...]:
        """What the diagram threw."""
        return tuple(MessageOut(name, payload) for name, payload in self.live.messages())

    def note_end(self) -> str | None:
        """The end the run has reached; the timeline is told when it is new."""
        if self.live.ended is not None:
            return self.cancelled or self.live.ended
        ended = self.cancelled or self.live.reached()
        if ended is not None and self.cancelled is None:
            self.note("run_ended", title=self.live.version.title_of(ended), element=ended)
        return ended

    def note(self, code: str, **params: object) -> None:
        """A line for the timeline, besides the command itself."""
        self.happened.append(Message(f"engine.{code}", params))

    def _fire(self, number: int) -> bool:
        task = self.live.standing().clocks.get(number)
        if task is None:
            return False
        if len(self.fired) >= MAX_FIRED:
            raise ProcessFaultError("engine.endless_clocks", element=element_id(task))
        element = element_id(task)
        self.fired.append(number)
        wake(task)
        self.settle()
        rule = self.live.version.title_of(element)
        self.note("clock_fired", title=rule, element=element, clock=number)
        return True

    def _due_at_once(self, known: set[int]) -> list[tuple[datetime, int]]:
        """Clocks opened by firing others that are already due themselves."""
        found = []
        for number, task in self.live.standing().clocks.items():
            if number in known:
                continue
            known.add(number)
            clock = task.internal_data["clock"]
            due_at = getattr(self.due_of(clock["rule"], clock["base"]), "at", None)
            if due_at is not None and due_at <= self.command.moment:
                found.append((due_at, number))
        return found

    def _next_local(self) -> Any | None:
        for number in sorted(self.live.environment.asked):
            call = open_call(self.live.run, number)
            if call is None:
                continue
            operation = call.task_spec.operation_name
            if operation in self.ports.local:
                return call
            signature = OPERATIONS.get(operation)
            if signature is not None and signature.local:
                raise ProcessFaultError(
                    "engine.operation_absent", element=element_id(call), operation=operation
                )
        return None

    def _answer_local(self, task: Any) -> None:
        operation = task.task_spec.operation_name
        element, parameters = element_id(task), self.live.environment.asked[task.id]
        asked = Asked(
            element=element,
            number=task.id,
            at=self.command.at,
            occurred_at=self.command.moment,
            facts=self.facts,
            data=plain(task.data),
        )
        try:
            result = accept(plain(self.ports.local[operation](asked, **parameters)))
        except FengqiaoError as exc:
            self.answers.append(refusal_of(operation, exc))
            if not fail_call(task, exc.message.code, {"error": exc.message.code}):
                raise
            self.note("call_failed", title=self.live.version.title_of(element), element=element)
            return
        self.answers.append(answer_of(operation, result))
        answer_call(task, result)
        done = OPERATIONS.get(operation)
        if done is not None and done.note:
            self.note(done.note, title=self.live.version.title_of(element), element=element)

    def task(self, number: int | None) -> Any | None:
        """The engine task with this number, None where it is gone."""
        return find_task(self.live.run, number) if number is not None else None
