"""The journal's line for one command, and the way back to the command.

A line is complete: with the facts of its revision it gives the same command, the same clocks and
the same answers of local operations, and so byte for byte the same state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from workflows.cases.decision import (
    Asked,
    Command,
    CommandKind,
    DecisionTrace,
    Facts,
    FactsChange,
    Json,
    LocalOperation,
    Ports,
)
from workflows.errors import FengqiaoError, InvalidInputError, RuleError

FORMAT = 1
MIGRATED, REVERTED = "migrated", "reverted"
"""Kinds of lines that are no command: from here on the run stands on another version."""


def journal_entry(
    command: Command,
    *,
    revision: int,
    facts_revision: int,
    fired: Sequence[int],
    answers: Sequence[Json],
    outcome: str,
    traces: Sequence[DecisionTrace] = (),
) -> dict[str, Json]:
    """The line. `revision`, `facts_revision`: before the command. `answers`: of the ports, in the
    order they were asked. `traces`: why decisions came out as they did; running a line again does
    not read them."""
    entry: dict[str, Json] = {
        "format": FORMAT,
        "revision": revision,
        "facts_revision": facts_revision,
        "kind": command.kind.value,
        "at": command.at.isoformat(),
        "occurred_at": command.occurred_at.isoformat() if command.occurred_at else None,
        "item": command.item,
        "name": command.name,
        "instance": list(command.instance) if command.instance is not None else None,
        "data": command.data,
        "case": dict(command.facts.case),
        "parties": _parties(command.facts),
        "fired": list(fired),
        "answers": list(answers),
        "outcome": outcome,
    }
    if traces:
        entry["decisions"] = [_trace(trace) for trace in traces]
    return entry


def _trace(trace: DecisionTrace) -> dict[str, Json]:
    """Its values are plain already; copying them deeply would take longer than deciding."""
    return {each.name: getattr(trace, each.name) for each in fields(trace)}


def version_entry(
    kind: str, *, revision: int, facts_revision: int, at: datetime, before: int, after: int
) -> dict[str, Json]:
    """The line of a run that goes to another version (MIGRATED) or back (REVERTED). `before`,
    `after`: ids of the versions. It changes no facts."""
    return {
        "format": FORMAT,
        "revision": revision,
        "facts_revision": facts_revision,
        "kind": kind,
        "at": at.isoformat(),
        "from": before,
        "to": after,
        "case": {},
        "parties": None,
    }


def traces_from_journal(entry: Mapping[str, Json]) -> tuple[DecisionTrace, ...]:
    """What a line keeps of decisions, in their order; none in lines older than traces."""
    return tuple(
        DecisionTrace(**{**row, "matched": tuple(row["matched"])})
        for row in entry.get("decisions", ())
    )


def command_from_journal(entry: Mapping[str, Json]) -> tuple[Command, tuple[Json, ...]]:
    """The command of a line, with the clocks it fired, and the answers its ports gave.

    InvalidInputError for a line of an unknown format. Not for lines of `version_entry`.
    """
    if entry.get("format") != FORMAT:
        raise InvalidInputError("engine.journal_format", format=entry.get("format"), known=FORMAT)
    occurred, instance = entry["occurred_at"], entry["instance"]
    parties = entry["parties"]
    command = Command(
        kind=CommandKind(entry["kind"]),
        at=datetime.fromisoformat(entry["at"]),
        occurred_at=datetime.fromisoformat(occurred) if occurred else None,
        item=entry["item"],
        data=entry["data"],
        facts=FactsChange(entry["case"], None if parties is None else tuple(parties)),
        name=entry["name"],
        instance=None if instance is None else tuple(instance),
        fired=tuple(entry["fired"]),
    )
    return command, tuple(entry["answers"])


def changed_facts(facts: Facts, change: FactsChange) -> Facts:
    """The facts after a change; the revision rises only where there is one."""
    if not change.case and change.parties is None:
        return facts
    case = {**facts.case, **change.case}
    parties = facts.parties if change.parties is None else change.parties
    return replace(facts, case=case, parties=parties, revision=facts.revision + 1)


def replaying(ports: Ports, answers: Sequence[Json]) -> Ports:
    """The ports, with people and local operations as recorded. Only for the same command."""
    people = {a["people"]: tuple(a["result"]) for a in answers if "people" in a}
    calls = [answer for answer in answers if "operation" in answer]
    return replace(ports, local=_Recorded(calls), people=lambda role, _unit: people[role])


def answer_of(operation: str, result: Mapping[str, Json]) -> Json:
    """How an answer is recorded."""
    return {"operation": operation, "result": dict(result)}


def refusal_of(operation: str, error: FengqiaoError) -> Json:
    """How a refusal is recorded."""
    params = {name: str(value) for name, value in error.message.params.items()}
    return {"operation": operation, "error": error.message.code, "params": params}


class _Recorded(Mapping[str, LocalOperation]):
    """Knows every operation that was answered, and gives the answers back."""

    def __init__(self, answers: Sequence[Json]) -> None:
        self._names = frozenset(str(answer["operation"]) for answer in answers)
        self._left = deque(answers)

    def __getitem__(self, name: str) -> LocalOperation:
        if name not in self._names:
            raise KeyError(name)
        return self._give

    def __iter__(self) -> Any:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def _give(self, _asked: Asked, /, **_parameters: Json) -> Mapping[str, Json]:
        answer = self._left.popleft()
        if "error" in answer:
            raise RuleError(answer["error"], **answer["params"])
        result: Mapping[str, Json] = answer["result"]
        return result


def _parties(change: FactsChange) -> list[Json] | None:
    return None if change.parties is None else [dict(party) for party in change.parties]
