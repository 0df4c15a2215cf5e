"""A run's state and version as its journal tells them: where it went over to another version, and
where it came back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.cases.decision import Facts, Json, today_of
from workflows.cases.journal_format import MIGRATED, REVERTED
from workflows.engine import ProcessVersion
from workflows.engine.environment import World
from workflows.engine.migrate import migrate_state
from workflows.engine.migrate_checks import Refusal
from workflows.errors import RuleError


def is_move(entry: Mapping[str, Json]) -> bool:
    """Whether a line of the journal is no command but a change of version."""
    return entry["kind"] in (MIGRATED, REVERTED)


def move(
    state: bytes, old: ProcessVersion, new: ProcessVersion, facts: Facts, at: datetime
) -> bytes | Refusal:
    """The state under `new`, or why not (`engine.migrate`)."""
    world = World(facts.case, facts.parties, facts.unit, today_of(at))
    return migrate_state(state, old, new, world)


@dataclass
class OnVersion:
    """Where a run stands while its journal is read."""

    version: ProcessVersion
    state: bytes | None = None
    _before: list[tuple[ProcessVersion, bytes | None]] = field(default_factory=list)

    def go(self, entry: Mapping[str, Json], facts: Facts, version: ProcessVersion) -> None:
        """Takes one such line. RuleError where the record says it went and it cannot go."""
        if entry["kind"] == REVERTED:
            self.version, self.state = self._before.pop()
            return
        found = move(
            self.state or b"", self.version, version, facts, datetime.fromisoformat(entry["at"])
        )
        if isinstance(found, Refusal):
            raise RuleError(found.message.code, **found.message.params)
        self._before.append((self.version, self.state))
        self.version, self.state = version, found
