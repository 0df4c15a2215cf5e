"""One run in memory: what the site keeps in rows, kept in attributes, around the same `decide`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from workflows.cases.decide import decide
from workflows.cases.decision import (
    Asked,
    Command,
    Decision,
    Facts,
    LocalOperation,
    NewItem,
    OpenClock,
    Ports,
    Snapshot,
    today_of,
)
from workflows.cases.extend_clock import whole_days
from workflows.catalogue.package import Package
from workflows.deadlines import RuleBook, check_extension
from workflows.errors import ProcessFaultError, RuleError
from workflows.rollout.world.office import Office, Place

Json: TypeAlias = Any


@dataclass
class Visits:
    """What a walk has touched, for coverage and for saying why something happened."""

    elements: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)
    """Timer events that fired."""
    repeated: set[str] = field(default_factory=set)
    """User tasks that waited for people more than once."""
    rules: dict[str, set[int]] = field(default_factory=dict)
    """Decision → rules that matched."""


@dataclass(frozen=True, slots=True)
class CreatedDocument:
    """A document the diagram asked for, with the data and facts of that moment."""

    kind: str
    number: str | None
    data: Mapping[str, Json]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run is walked in. `rules` count the clocks, `office` knows who may do a role."""

    package: Package
    unit: Place
    office: Office
    rules: RuleBook


Operations: TypeAlias = Callable[["PureRun"], Mapping[str, LocalOperation]]
"""Local operations that reach beyond one run."""


class PureRun:
    """One run and its case. `journal`, `states`, `facts_by_revision` allow to walk it again.

    `by_handoff`: begun by a letter. `hidden`: sealed facts, `hidden_of_party`: sealed fields by
    party id; no expression sees them. `asked_at`: the moment of the last command. `active`: where
    it waits, as (process, element). `ran_out`: rules of clocks that fell due, in order.
    """

    def __init__(self, around: Surroundings, beyond: Operations | None = None) -> None:
        self.around = around
        self.by_handoff = False
        self.hidden: dict[str, Json] = {}
        self.hidden_of_party: dict[str, dict[str, Json]] = {}
        self.asked_at = datetime.min.replace(tzinfo=UTC)
        self.state: bytes | None = None
        self.revision = 0
        self.facts = Facts({}, (), around.unit.facts, 0)
        self.facts_by_revision: dict[int, Facts] = {0: self.facts}
        self.clocks: dict[int, OpenClock] = {}
        self.items: dict[int, NewItem] = {}
        self.ended: str | None = None
        self.active: tuple[tuple[str, str], ...] = ()
        self.ran_out: list[str] = []
        self.number: str | None = None
        self.sealed = False
        self.created: list[CreatedDocument] = []
        self.journal: list[Mapping[str, Json]] = []
        self.states: list[bytes] = []
        self.visits = Visits()
        self._clock_elements: dict[int, str] = {}
        self._issued: dict[str, int] = {}
        self._extended: dict[int, int] = {}
        self._beyond: Mapping[str, LocalOperation] = beyond(self) if beyond else {}
        self._waited: set[str] = set()

    def ask(self, command: Command) -> Decision:
        """Decides and takes over what was decided. Raises what `decide` raises."""
        self.asked_at = max(self.asked_at, command.at)
        snapshot = Snapshot(
            self.around.package.process,
            self.revision,
            self.state,
            self.facts,
            tuple(self.clocks.values()),
        )
        decision = decide(snapshot, command, self._ports(command.at))
        self._take(decision)
        return decision

    def has_due(self, moment: datetime) -> bool:
        """Whether a clock is due at `moment`."""
        return any(
            clock.due_at is not None and not clock.paused and clock.due_at <= moment
            for clock in self.clocks.values()
        )

    def _take(self, decision: Decision) -> None:
        self.state, self.revision, self.facts = decision.state, decision.revision, decision.facts
        self.facts_by_revision[self.facts.revision] = self.facts
        self.states.append(decision.state)
        self.journal.append(decision.journal)
        for number in decision.items_removed:
            self.items.pop(number, None)
        self.items.update({item.number: item for item in decision.items_added})
        self.ended, self.active = decision.ended, decision.active
        self._take_clocks(decision)
        self._remember(decision)

    def _take_clocks(self, decision: Decision) -> None:
        for clock in decision.clocks_opened:
            self.clocks[clock.number] = OpenClock(
                clock.number, clock.rule, clock.base, clock.due.at, paused=False
            )
            self._clock_elements[clock.number] = clock.element
        self.ran_out += [self.clocks[one].rule for one in decision.fired if one in self.clocks]
        for closed in decision.clocks_closed:
            self.clocks.pop(closed.number, None)
        fired = (self._clock_elements.get(number) for number in decision.fired)
        self.visits.expired |= {element for element in fired if element}

    def _remember(self, decision: Decision) -> None:
        visits = self.visits
        for item in decision.items_added:
            if item.element in self._waited:
                visits.repeated.add(item.element)
            self._waited.add(item.element)
        for trace in decision.traces:
            visits.elements.add(trace.element)
            visits.rules.setdefault(trace.decision, set()).update(trace.matched)
        visits.elements |= self._waited | visits.expired
        drawn = self.around.package.process.elements
        visits.elements |= {e for _, e in decision.active if drawn[e].event != "timer"}
        if decision.ended is not None:
            visits.elements.add(decision.ended)

    def _ports(self, at: datetime) -> Ports:
        unit, office, rules = self.around.unit.code, self.around.office, self.around.rules
        return Ports(
            due=lambda rule, base: rules.due(rule, base, unit),
            local={
                **self._beyond,
                "number.issue": self._issue,
                "document.create": self.create,
                "document.seal": self._seal_document,
                "case.seal": self._seal,
                "clock.extend": self._extend,
            },
            people=lambda role, code: office.holders(role, code or unit, today_of(at)),
        )

    def _issue(self, asked: Asked, /, **parameters: Json) -> Mapping[str, Json]:
        """`number.issue`: the run's own number once, or the next one of a series."""
        self.visits.elements.add(asked.element)
        series = str(parameters.get("series") or "")
        if not series and self.number is not None:
            return {"number": self.number}
        self._issued[series] = self._issued.get(series, 0) + 1
        number = self.around.package.manifest.number_format.format(
            unit=self.around.unit.short_name, year=today_of(asked.at).year, n=self._issued[series]
        )
        if not series:
            self.number = number
        return {"number": number}

    def create(self, asked: Asked, /, **parameters: Json) -> Mapping[str, Json]:
        """`document.create`: remembers kind, number and the data of the moment."""
        self.visits.elements.add(asked.element)
        kind = str(parameters.get("kind"))
        if kind not in self.around.package.manifest.documents:
            raise ProcessFaultError("rollout.unknown_document", kind=kind)
        self.created.append(CreatedDocument(kind, self.number, dict(asked.data), asked.facts))
        return {"document": f"document-{len(self.created)}"}

    def _seal_document(self, asked: Asked, /, **parameters: Json) -> Mapping[str, Json]:
        """`document.seal`: as on the site, there must be one."""
        self.visits.elements.add(asked.element)
        if str(parameters.get("kind")) not in {one.kind for one in self.created}:
            raise ProcessFaultError("sealing.no_document", kind=str(parameters.get("kind")))
        return {"ordered": True}

    def _extend(self, asked: Asked, /, **parameters: Json) -> Mapping[str, Json]:
        """`clock.extend`: as on the site (`workflows.cases.extend_clock`)."""
        self.visits.elements.add(asked.element)
        key, days = str(parameters["rule"]), whole_days(parameters["days"])
        found = [clock for clock in self.clocks.values() if clock.rule == key]
        if not found:
            raise RuleError("cases.no_clock_to_extend", rule=key)
        clock = max(found, key=lambda one: one.number)
        book, unit = self.around.rules, self.around.unit.code
        already = self._extended.get(clock.number, 0)
        check_extension(book.rule(key, unit), days, already=already)
        due = book.due(key, clock.base, unit, extended_days=already + days)
        self._extended[clock.number] = already + days
        self.clocks[clock.number] = replace(clock, due_at=due.at)
        return {"due_on": due.on.isoformat() if due.on else None}

    def _seal(self, asked: Asked, /, **_parameters: Json) -> Mapping[str, Json]:
        """`case.seal`: from now on the case is restricted."""
        self.visits.elements.add(asked.element)
        self.sealed = True
        return {"sealed": True}
