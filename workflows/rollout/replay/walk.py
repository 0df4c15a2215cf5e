"""A past run walked once more, through another version: the same path, or where and how it parts.

Old and new version take every recorded command side by side (`side.py`). Work items, clocks and
calls have other numbers in another version, so each is found again by its element and instance.
Where a draft has other forms or texts and the very same process, one walk is both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from workflows.cases.decision import Command, CommandKind, Facts, Json, Ports
from workflows.cases.journal_format import command_from_journal, replaying
from workflows.cases.moving import is_move
from workflows.catalogue.package import Package
from workflows.errors import FengqiaoError
from workflows.formspec import Form, Store
from workflows.messages import Message
from workflows.rollout.replay.side import Recorded, Side, places, twin
from workflows.rollout.replay.telling import other_owner, without_facts

DueOf: TypeAlias = Callable[[str, str], Any]


class Verdict(StrEnum):
    """How a run differs, the gravest last."""

    OTHER_DEADLINE = "other_deadline"
    OTHER_OWNER = "other_owner"
    MISSING_DATA = "missing_data"
    OTHER_PATH = "other_path"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that comes out otherwise. `step`: line of the journal, from 1; `element`: where,
    with its title; `diagram`: process of the draft it is drawn in, "" where it is not."""

    verdict: Verdict
    step: int
    at: datetime
    element: str | None
    message: Message
    title: Mapping[str, str] = field(default_factory=dict)
    diagram: str = ""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run as it was: journal lines oldest first, the facts of each revision, and how its rules
    counted (`due(rule, base)`). `package`: the version it began with; `packages`: those it went to
    on its way, by id."""

    package: Package
    entries: Sequence[Mapping[str, Json]]
    facts_at: Callable[[int], Facts]
    due: DueOf
    packages: Mapping[int, Package] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of it. `steps`: lines walked."""

    steps: int
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The gravest difference, None for the same path."""
        grave = list(Verdict).index
        return max((d.verdict for d in self.differences), key=grave, default=None)


def replay(run: RecordedRun, draft: Package, due: DueOf) -> Replayed:
    """The run through `draft`, whose clocks count as `due` says.

    Ends where the path parts: what was recorded afterwards answers questions the draft does not
    ask. Never raises for what a version does with a record.
    """
    old = Side(run.package)
    if alike := not run.packages and due is run.due and is_same_process(run.package, draft):
        new = Side(draft, items=old.items, clocks=old.clocks, calls=old.calls)
    else:
        new = Side(draft)
    pair = _Pair(run, old, new, due, alike)
    steps = 0
    for steps, entry in enumerate(run.entries, start=1):
        if not pair.walk(steps, entry):
            break
    return Replayed(steps, tuple(pair.differences))


def is_same_process(one: Package, other: Package) -> bool:
    """Whether two versions decide alike whatever happens: the same diagrams, decisions and names,
    to the byte."""
    return one.process is other.process or one.process.to_bytes() == other.process.to_bytes()


@dataclass
class _Pair:
    """Both versions before one line, and what was different until now. `alike`: the new side has
    what the old one has open, and is not walked."""

    run: RecordedRun
    old: Side
    new: Side
    due: DueOf
    alike: bool
    differences: list[Difference] = field(default_factory=list)

    def walk(self, step: int, entry: Mapping[str, Json]) -> bool:
        """Takes one line on both sides; False where the path parts."""
        if is_move(entry):
            facts = self.run.facts_at(int(entry["facts_revision"]))
            self.old.move(entry, facts, self.run.packages[int(entry["to"])])
            return True
        command, answers = command_from_journal(entry)
        facts = self.run.facts_at(int(entry["facts_revision"]))
        known = set(self.old.items), set(self.old.clocks)
        mapped, where = self._mapped(command), self._element_of(command)
        self._note_missing(step, command)
        self.old.ask(facts, command, replaying(Ports(self.run.due, {}), answers))
        if self.alike:
            self.new.ended = self.old.ended
            return True
        people = {a["people"]: tuple(a["result"]) for a in answers if "people" in a}
        ports = Ports(self.due, Recorded(answers), people=lambda role, _unit: people.get(role, ()))
        try:
            self.new.ask(facts, mapped, ports)
        except FengqiaoError as stuck:
            self._add(Verdict.STUCK, step, command.at, where, without_facts(stuck.message))
            return False
        self._note_owners(step, command.at, known[0])
        self._note_deadlines(step, command.at, known[1])
        return self._same_path(step, command.at)

    def _mapped(self, command: Command) -> Command:
        """The command with the numbers of the new side."""
        fired = command.fired
        if fired is not None:
            twins = (twin(number, self.old.clocks, self.new.clocks) for number in fired)
            fired = tuple(number for number in twins if number is not None)
        item = command.item
        if item is not None and command.kind is CommandKind.COMPLETE:
            item = twin(item, self.old.items, self.new.items)
        elif item is not None:
            item = twin(item, self.old.calls, self.new.calls)
        return replace(command, item=item, fired=fired)

    def _element_of(self, command: Command) -> str | None:
        item = self.old.items.get(command.item) if command.item is not None else None
        return None if item is None else item.element

    def _same_path(self, step: int, at: datetime) -> bool:
        if self._is_together():
            return True
        before, after = self.old.waiting, self.new.waiting
        here = next((place for place in after if place not in before), None)
        gone = next((place for place in before if place not in after), None)
        # An end the old version did not come to is drawn in the draft; what is gone may not be.
        arrived = here[0] if here else self.new.ended
        element = arrived or (gone[0] if gone else None)
        words = {
            "expected": _title(self.old, gone[0] if gone else self.old.ended),
            "found": _title(self.new, here[0] if here else self.new.ended),
        }
        self._add(Verdict.OTHER_PATH, step, at, element, Message("rollout.parts_here", words))
        return False

    def _is_together(self) -> bool:
        at_once = self.old.waiting.keys() == self.new.waiting.keys()
        return at_once and self.old.ended == self.new.ended

    def _note_owners(self, step: int, at: datetime, known: set[int]) -> None:
        there = self.new.waiting
        for number, item in self.old.items.items():
            other = there.get((item.element, item.instance))
            message = other_owner(item, other) if number not in known and other else None
            if message is not None:
                self._add(Verdict.OTHER_OWNER, step, at, item.element, message)

    def _note_deadlines(self, step: int, at: datetime, known: set[int]) -> None:
        """Clocks that opened with this line, by their place on both sides."""
        before, after = places(self.old.clocks), places(self.new.clocks)
        for place, clock in before.items():
            if clock.number in known:
                continue
            other = after.get(place)
            if other is None and not self._is_together():
                continue  # It went with the path, which is told anyway.
            if other is None or other.due.on != clock.due.on:
                words = {
                    "before": clock.due.on.isoformat() if clock.due.on else "—",
                    "after": other.due.on.isoformat() if other and other.due.on else "—",
                }
                message = Message("rollout.other_deadline", words)
                self._add(Verdict.OTHER_DEADLINE, step, at, clock.element, message)

    def _note_missing(self, step: int, command: Command) -> None:
        """Answers the draft's form demands and nobody was asked for."""
        if command.kind is not CommandKind.COMPLETE:
            return
        element = self._element_of(command)
        item = next((one for one in self.new.items.values() if one.element == element), None)
        form = None if item is None else self.new.package.form_of(item.form)
        for name in _demanded(form):
            if name not in command.data:
                message = Message("rollout.not_recorded", {"field": name})
                self._add(Verdict.MISSING_DATA, step, command.at, element, message)

    def _add(
        self, verdict: Verdict, step: int, at: datetime, element: str | None, message: Message
    ) -> None:
        drawn = self.new.package.process.elements.get(element or "")
        self.differences.append(
            Difference(
                verdict,
                step,
                at,
                element,
                message,
                title=_title(self.new if drawn else self.old, element),
                diagram=drawn.process if drawn else "",
            )
        )


def _demanded(form: Form | None) -> Iterator[str]:
    for one in form.fields if form else ():
        if one.required and one.visible is None and one.store is Store.PROCESS:
            yield one.name


def _title(side: Side, element: str | None) -> Mapping[str, str]:
    if element is None:
        return {"zh": "—", "en": "—"}
    return side.package.process.title_of(element)
