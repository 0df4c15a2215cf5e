"""The types that go into and come out of `decide`: the heart's whole vocabulary.

All are frozen and hold plain data. Engine ids are integers from a counter in the run's state
and are called `number`; outside the heart an item, clock or call is (run, number).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from workflows.engine import ProcessVersion
from workflows.messages import Message

Json: TypeAlias = Any
"""dict / list / str / int / bool / None: what orjson writes. Decimals travel as text."""


class CommandKind(StrEnum):
    """What may be asked of a run. Values are stored in the journal: never rename."""

    START = "start"
    COMPLETE = "complete"
    MESSAGE = "message"
    ANSWER = "answer"
    WAKE = "wake"
    """Nothing but firing the clocks that are due."""
    CORRECT = "correct"
    """Facts change outside the diagram; conditions that watch them are looked at again."""
    WITHDRAW = "withdraw"
    """The parties withdraw: the run ends through the diagram where it catches `withdraw`,
    else is cancelled with end state `withdrawn`."""
    VOID = "void"
    """Registered in error: the run is cancelled, end state `voided`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record knows about the matter; expressions see it read-only.

    `case`: declared case fields by name (money as text, dates ISO). `parties`: in order, each
    {"id", "name", "kind": "person"|"organisation", "side", …non-sealed fields}. `unit`: {"code",
    "name", "kind", "county"}. `revision` counts changes of case and parties.
    """

    case: Mapping[str, Json]
    parties: tuple[Mapping[str, Json], ...]
    unit: Mapping[str, Json]
    revision: int


@dataclass(frozen=True, slots=True)
class FactsChange:
    """What a submission or correction changes: case fields to set (None empties one), and the
    whole new party list, or None where parties do not change."""

    case: Mapping[str, Json] = field(default_factory=dict)
    parties: tuple[Mapping[str, Json], ...] | None = None


@dataclass(frozen=True, slots=True)
class OpenClock:
    """An open clock row as the heart needs it. `due_at` None: uncomputable, never fires."""

    number: int
    rule: str
    base: str
    due_at: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One run at one moment. `state` None before the start; else the engine's plain bytes
    (already decrypted)."""

    version: ProcessVersion
    revision: int
    state: bytes | None
    facts: Facts
    clocks: tuple[OpenClock, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One thing asked of a run.

    `at`: when we were told (aware UTC); `occurred_at`: when the act took place, None = `at`.
    `item`: number of the work item (complete) or call (answer). `data`: process values, message
    payload or call answer. `facts`: the record changes that come with it. `name`: message name.
    `instance`: keys that choose one of several waiting places, None = the only one.
    `fired`: clock numbers to fire, given only when a journal is run again; None = those due.
    """

    kind: CommandKind
    at: datetime
    occurred_at: datetime | None = None
    item: int | None = None
    data: Mapping[str, Json] = field(default_factory=dict)
    facts: FactsChange = field(default_factory=FactsChange)
    name: str | None = None
    instance: tuple[Json, ...] | None = None
    fired: tuple[int, ...] | None = None

    @property
    def moment(self) -> datetime:
        """The time that counts for clocks: the act's, not the typing's."""
        return self.occurred_at or self.at


class LocalOperation(Protocol):
    """A local operation answers at once, inside the transaction. It gets the facts and process
    data of the moment it is asked in, and the diagram's parameters by name."""

    def __call__(self, asked: Asked, /, **parameters: Json) -> Mapping[str, Json]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Where and when an operation is asked: element id, call number, facts, task data."""

    element: str
    number: int
    at: datetime
    occurred_at: datetime
    facts: Facts
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Ports:
    """What the heart may ask of the world. The site backs them with the open transaction, the
    pure world with memory.

    `due(rule, base)` → the Due of a clock (`workflows.deadlines`), stored in the row only.
    `local`: operations by name. `people(role, unit)` → usernames who may do a role, for `assignee`
    checks and recusal.
    """

    due: Callable[[str, str], Any]
    local: Mapping[str, LocalOperation]
    people: Callable[[str, str], Sequence[str]] = lambda _role, _unit: ()


@dataclass(frozen=True, slots=True)
class NewItem:
    """A user task that waits for people.

    `element`: BPMN id (stable, in scenarios). `process`: id of the diagram it stands in. `title`:
    {"zh", "en"}. `role`: who does it; `scope`: "owner" | "parent" | "county" | "court" | a unit
    code; `acts_for_party`: staff record what a citizen does. `instance`: multi-instance keys from
    outside in. `assignee`: username from the diagram's `assignee` expression, or None.
    `clock`: number of the clock of the innermost activity around it, or None.
    """

    number: int
    element: str
    process: str
    title: Mapping[str, str]
    role: str
    scope: str
    acts_for_party: bool
    instance: tuple[Json, ...]
    form: str | None
    instructions: str
    priority: int
    assignee: str | None
    clock: int | None
    properties: Mapping[str, str]
    """All our extension properties of the element (`document`, `access`, …)."""


@dataclass(frozen=True, slots=True)
class NewClock:
    """A clock the diagram opened. `base` is an ISO date or date-time; `due` what the port gave
    (`workflows.deadlines.Due`). `element` is the boundary or catch event, `watches` the activity
    it stands on; `interrupting`: firing ends that activity."""

    number: int
    element: str
    watches: str
    rule: str
    base: str
    due: Any
    interrupting: bool


class ClockEnd(StrEnum):
    """How a clock left the state."""

    FIRED = "missed"
    LEFT = "met"
    """Its activity ended before it was due."""
    CANCELLED = "cancelled"
    """Its surroundings were cancelled (withdrawal, another boundary)."""


@dataclass(frozen=True, slots=True)
class ClosedClock:
    number: int
    end: ClockEnd


@dataclass(frozen=True, slots=True)
class NewCall:
    """A remote operation asked for; parameters leave here and are never in the state."""

    number: int
    element: str
    operation: str
    parameters: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class MessageOut:
    """A message the diagram threw, for the outbox."""

    name: str
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """Which rules of a decision matched, on which values (“why this decision”)."""

    element: str
    decision: str
    inputs: Mapping[str, Json]
    matched: tuple[int, ...]
    outputs: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one command; the caller saves it, `decide` writes nothing.

    `journal`: JSON-able, complete enough to build the same Command and port answers again.
    `happened`: what the timeline should say besides the command itself, in order.
    `stage`: id of the phase (called process) the run now stands in, None before or after.
    `ended`: id of the spine's end event that was reached, or "withdrawn"/"voided"; None if open.
    `outcome`: "done" | "late" (answer to a call that is gone, message to a run that has ended) |
    "early" (message nobody waits for yet) | "stale" (no clock was due) | "incident" (a call
    failed and no boundary catches it: it stays open).
    `active`: (process id, element id) of everything that waits now: the position on the diagrams.
    """

    state: bytes
    revision: int
    facts: Facts
    items_added: tuple[NewItem, ...]
    items_removed: tuple[int, ...]
    clocks_opened: tuple[NewClock, ...]
    clocks_closed: tuple[ClosedClock, ...]
    calls_opened: tuple[NewCall, ...]
    calls_closed: tuple[int, ...]
    messages_out: tuple[MessageOut, ...]
    fired: tuple[int, ...]
    journal: Mapping[str, Json]
    happened: tuple[Message, ...]
    traces: tuple[DecisionTrace, ...]
    stage: str | None
    ended: str | None
    outcome: str = "done"
    active: tuple[tuple[str, str], ...] = ()


def today_of(moment: datetime) -> date:
    """The Asia/Shanghai calendar day of an aware instant: what `today` means in expressions."""
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()
