"""The heart: one pure function from (snapshot, command, ports) to a decision.

It first fires every clock that is due at the command's moment (by due date, then number), each
settled before the next, then acts, then lets the diagram run until people, clocks, messages or
remote calls are all that is left. It imports no database, reads no clock and writes nothing; the
site, the worker, scenarios, rehearsal and replay all run this one function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from workflows.cases.commands import act
from workflows.cases.deciding import AskedPeople, Deciding
from workflows.cases.decision import (
    Command,
    CommandKind,
    Decision,
    Facts,
    Json,
    Ports,
    Snapshot,
    today_of,
)
from workflows.cases.journal_format import (
    changed_facts,
    command_from_journal,
    journal_entry,
    replaying,
)
from workflows.cases.moving import OnVersion, is_move
from workflows.cases.new_work import new_calls, new_clocks, new_items, traces_of
from workflows.engine import ProcessVersion
from workflows.engine.environment import World
from workflows.engine.live import Live, loaded, resumed, started
from workflows.engine.run import look_again
from workflows.engine.standing import Standing, stage_of
from workflows.engine.values import accept
from workflows.errors import ConflictError, InvalidInputError


def decide(snapshot: Snapshot, command: Command, ports: Ports) -> Decision:
    """What follows from `command`; the caller saves it.

    AlreadyDoneError: the item is finished (`task.finished`), a due clock overtook it
    (`task.overtaken`), or the run has ended (`run.ended`). RuleError: a message nobody knows or
    that several places wait for. ProcessFaultError: the diagram cannot go on. StateError: the
    bytes cannot be read. After any of them nothing has happened.
    """
    command = replace(command, data=accept(command.data))
    asked = AskedPeople(snapshot, ports)
    with _opened(snapshot, command, asked) as live:
        decision = _decide(live, snapshot, command, ports, asked)
        return replace(decision, state=live.state(decision.ended))


class Walk:
    """`decide` for one run command after command, without going through bytes in between: what it
    decides is the same, its `state` is empty. For replays, which keep nothing."""

    def __init__(self, version: ProcessVersion) -> None:
        self._place = OnVersion(version)
        self._live: Live | None = None
        self._revision = 0

    def decide(self, facts: Facts, command: Command, ports: Ports) -> Decision:
        """The next decision. Raises what `decide` raises; the walk is then over."""
        command = replace(command, data=accept(command.data))
        state = self._place.state if self._live is None else b""
        snapshot = Snapshot(self._place.version, self._revision, state, facts)
        asked = AskedPeople(snapshot, ports)
        with self._opened(snapshot, command, asked) as live:
            decision = _decide(live, snapshot, command, ports, asked)
            live.rest(decision.ended)
        self._live, self._revision = live, decision.revision
        return decision

    def go(self, entry: Mapping[str, Json], facts: Facts, version: ProcessVersion) -> None:
        """Takes a line by which the run went to another version or came back. RuleError as in
        `OnVersion`."""
        if self._live is not None:
            self._place.state = self._live.state(self._live.ended)
        self._place.go(entry, facts, version)
        self._live, self._revision = None, self._revision + 1

    def _opened(
        self, snapshot: Snapshot, command: Command, people: AskedPeople
    ) -> AbstractContextManager[Live]:
        if self._live is None:
            return _opened(snapshot, command, people)
        return resumed(self._live, _world(snapshot.facts, command), people)


def _decide(
    live: Live, snapshot: Snapshot, command: Command, ports: Ports, asked: AskedPeople
) -> Decision:
    deciding = Deciding(snapshot, command, ports, live, answers=asked.answers)
    before = live.standing() if snapshot.state is not None else Standing()
    if live.ended is None and snapshot.state is not None:
        deciding.fire_due_clocks(before)
    deciding.facts = changed_facts(snapshot.facts, command.facts)
    live.see(_world(deciding.facts, command))
    outcome = act(deciding)
    deciding.settle()
    if deciding.facts is not snapshot.facts and live.ended is None:
        look_again(live.run)
        deciding.settle()
    return _decision(deciding, before, outcome)


def rerun(
    version: ProcessVersion,
    facts_at: Callable[[int], Facts],
    entries: Sequence[Mapping[str, Json]],
    due: Callable[[str, str], Any],
    version_of: Callable[[int], ProcessVersion] | None = None,
) -> Decision:
    """A run once more from its journal, oldest line first; the last decision, with the state the
    run has now.

    `version`: the one the run began with. `facts_at`: the facts of a revision as they were
    recorded. `due`: as in `Ports`; it fills the clocks of the decision and changes nothing else.
    `version_of`: versions by id, for runs that went to another one. InvalidInputError for an empty
    journal.
    """
    place = OnVersion(version)
    decision: Decision | None = None
    for revision, entry in enumerate(entries):
        facts = facts_at(int(entry["facts_revision"]))
        if version_of is not None and is_move(entry):
            place.go(entry, facts, version_of(int(entry["to"])))
            continue
        command, answers = command_from_journal(entry)
        snapshot = Snapshot(place.version, revision, place.state, facts)
        decision = decide(snapshot, command, replaying(Ports(due, {}), answers))
        place.state = decision.state
    if decision is None or place.state is None:
        raise InvalidInputError("engine.journal_empty")
    return replace(decision, state=place.state)


def _opened(
    snapshot: Snapshot, command: Command, people: AskedPeople
) -> AbstractContextManager[Live]:
    world = _world(snapshot.facts, command)
    if command.kind is not CommandKind.START:
        if snapshot.state is None:
            raise InvalidInputError("engine.not_started")
        return loaded(snapshot.version, world, snapshot.state, people)
    if snapshot.state is not None:
        raise ConflictError("engine.started_already")
    return started(snapshot.version, world, command.data, people)


def _world(facts: Facts, command: Command) -> World:
    return World(facts.case, facts.parties, facts.unit, today_of(command.moment))


def _decision(deciding: Deciding, before: Standing, outcome: str) -> Decision:
    live, snapshot = deciding.live, deciding.snapshot
    after = live.standing()
    closed = deciding.closed_clocks(before, after)
    ended = deciding.note_end()
    opened = tuple(sorted(after.clocks.keys() - before.clocks.keys()))
    messages, traces = deciding.messages_out(), traces_of(live)
    return Decision(
        state=b"",
        revision=snapshot.revision + 1,
        facts=deciding.facts,
        items_added=new_items(live, after, before),
        items_removed=tuple(sorted(before.items.keys() - after.items.keys())),
        clocks_opened=new_clocks(live, after, opened, deciding.due_of),
        clocks_closed=closed,
        calls_opened=new_calls(live, after, before),
        calls_closed=tuple(sorted(before.calls.keys() - after.calls.keys())),
        messages_out=messages,
        fired=tuple(deciding.fired),
        journal=journal_entry(
            deciding.command,
            revision=snapshot.revision,
            facts_revision=snapshot.facts.revision,
            fired=deciding.fired,
            answers=deciding.answers,
            outcome=outcome,
            traces=traces,
        ),
        happened=tuple(deciding.happened),
        traces=traces,
        stage=stage_of(live.run),
        ended=ended,
        outcome=outcome,
        active=_active(live, after),
    )


def _active(live: Live, after: Standing) -> tuple[tuple[str, str], ...]:
    elements = live.version.elements
    drawn = dict.fromkeys(element for _, element in after.active if element in elements)
    return tuple((elements[element].process, element) for element in drawn)
