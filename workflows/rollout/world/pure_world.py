"""The world in memory: the real `decide`, a clock that moves, no database, no network.

The gate, rehearsal and the engine's tests walk scenarios here. Forms are checked by `formspec`
exactly as the site does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from workflows.cases.decision import Command, CommandKind, FactsChange, NewItem, today_of
from workflows.cases.facts import plan_parties
from workflows.catalogue.handoffs import NAME
from workflows.catalogue.manifest import StartForm
from workflows.catalogue.package import Package
from workflows.deadlines import RuleBook
from workflows.errors import ForbiddenError, InvalidInputError, ProcessFaultError, RuleError
from workflows.formspec import Form, Values, read_values
from workflows.handoffs.parcel import unpack
from workflows.rollout.scenarios.run_scenario import OpenTask
from workflows.rollout.scenarios.scenario import Start
from workflows.rollout.world.office import Colleague, Office, Place
from workflows.rollout.world.pure_handoffs import Letter, PostOffice, from_outside
from workflows.rollout.world.pure_run import PureRun, Surroundings

Json: TypeAlias = Any
MAX_ROUNDS = 50
"""Wakings one advance may need; more is a loop of clocks that fall due at once."""


class PureWorld:
    """One case of one package in memory, and those it hands over. See `run_scenario.World`.

    `run`: the scenario's own, None until the case is opened. `runs`: that one and those begun by
    its letters, in order. `others`: packages letters may go to, by key. `files`: file id → bytes.
    """

    def __init__(
        self,
        package: Package,
        at: datetime,
        *,
        office: Office | None = None,
        rules: RuleBook | None = None,
        others: Mapping[str, Package] | None = None,
    ) -> None:
        self.package, self.now = package, at.astimezone(UTC)
        self.office, self.rules = office or Office.demo(), rules or RuleBook.built_in()
        self.others = {**(others or {}), package.manifest.key: package}
        self.run: PureRun | None = None
        self.runs: list[PureRun] = []
        self.files: dict[str, bytes] = {}
        self.post = PostOffice(self.office, self._receive)
        self._party_ids = 0
        self._looked_at = package.manifest.key

    def open_case(self, package: str, start: Start, data: Mapping[str, Json]) -> None:
        """Starts the case. Raises InvalidFormError, ForbiddenError, InvalidInputError."""
        if self.run is not None or package != self.package.manifest.key:
            raise RuleError("rollout.already_open")
        form = self.package.manifest.start(start.form)
        if form is None:
            raise InvalidInputError("rollout.unknown_start", form=start.form)
        who = self.office.colleague(start.who, self.today())
        unit = self.office.place(start.unit or _own_unit(who))
        if form.by_handoff is None:
            _check_may_start(self.package, who, unit, start.who)
        run = self._begin(self.package, unit)
        run.by_handoff = form.by_handoff is not None
        told = {NAME: from_outside(form.by_handoff)} if form.by_handoff else {}
        self._start(run, form, data, told)
        self.run = run
        self.post.work()

    def _begin(self, package: Package, unit: Place) -> PureRun:
        return PureRun(Surroundings(package, unit, self.office, self.rules), self.post.operations)

    def _start(
        self, run: PureRun, form: StartForm, data: Mapping[str, Json], told: Mapping[str, Json]
    ) -> None:
        values = self._read(run, run.around.package.forms[form.form], data)
        run.ask(
            Command(
                CommandKind.START,
                at=self.now,
                data={**values.process, **told, "entry": form.name},
                facts=self._change(run, values),
            )
        )
        self.runs.append(run)

    def _receive(self, letter: Letter) -> None:
        """The other side's run, begun with what the letter holds. Raises RuleError where its
        package is not there or has no such start, InvalidFormError."""
        declared, unit = letter.declared, letter.unit
        package = self.others.get(declared.package)
        if package is None or unit is None:
            raise RuleError("rollout.package_absent", package=declared.package)
        form = package.manifest.start(declared.start)
        if form is None or form.by_handoff != declared.kind:
            raise RuleError("handoffs.no_start", start=declared.start, unit=unit.short_name)
        run = letter.receiver = self._begin(package, unit)
        data = unpack(letter.parcel, package.forms[form.form])
        self._start(run, form, data, {NAME: self.post.told(letter)})

    def list_tasks(self) -> Sequence[OpenTask]:
        """Every open user task, by number."""
        return [
            OpenTask(
                run.around.package.manifest.key,
                item.element,
                _party_number(run, item),
                (run, number),
            )
            for run in self.runs
            for number, item in sorted(run.items.items())
        ]

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Json]) -> None:
        """Completes a task. Raises ForbiddenError for a wrong role or assignee, InvalidFormError,
        and what `decide` raises."""
        run, number = task.handle
        item = run.items[number]
        _check_may(self.office.colleague(who, self.today()), item)
        form = run.around.package.form_of(item.form)
        values = self._read(run, form, data) if form else Values({}, {}, {}, None, ())
        run.ask(
            Command(
                CommandKind.COMPLETE,
                at=self.now,
                item=item.number,
                data=values.process,
                facts=self._change(run, values),
            )
        )
        self.post.work()

    def send(self, name: str, payload: Mapping[str, Json]) -> None:
        """Brings a message; one that answers a letter to a party without a desk is written down
        as its answer. Raises RuleError where no sender is declared or nothing waits."""
        if self.post.answer_by_hand(self._opened(), name, payload, self.now):
            return
        if not self.package.manifest.senders:
            raise RuleError("rollout.unknown_sender", name=name)
        command = Command(CommandKind.MESSAGE, at=self.now, name=name, data=dict(payload))
        if self._opened().ask(command).outcome != "done":
            raise RuleError("rollout.message_early", name=name)
        self.post.work()

    def withdraw(self, who: str, reason: str) -> None:
        """The parties withdraw."""
        self.office.colleague(who, self.today())
        data = {"reason": reason}
        self._opened().ask(Command(CommandKind.WITHDRAW, at=self.now, data=data))
        self.post.work()

    def advance(self, by: timedelta) -> None:
        """Moves the clock, then wakes the runs until nothing is due. Raises ProcessFaultError for
        clocks that start due again and again."""
        self.now += by
        for _ in range(MAX_ROUNDS):
            due = next((run for run in self.runs if run.has_due(self.now)), None)
            if due is None:
                return
            due.ask(Command(CommandKind.WAKE, at=self.now))
            self.post.work()
        raise ProcessFaultError("rollout.endless", rounds=MAX_ROUNDS)

    def today(self) -> date:
        """The Asia/Shanghai day of the world's clock."""
        return today_of(self.now)

    def upload(self, who: str, name: str, content: bytes) -> Json:
        """Keeps the bytes; the value of a file field is the file's id."""
        self.office.colleague(who, self.today())
        file_id = hashlib.sha256(name.encode() + content).hexdigest()[:16]
        self.files[file_id] = content
        return file_id

    def sign(self, who: str, party: int) -> Json:
        """A signature is a small file of strokes."""
        return self.upload(who, f"signature-{self.party(party)}.json", b"[]")

    def look_at(self, package: str) -> None:
        """Parties are those of this package's run from now on."""
        self._looked_at = package

    def party(self, number: int) -> Json:
        """The id of a party. Raises InvalidInputError."""
        parties = (self._run_of(self._looked_at) or self._opened()).facts.parties
        if not 0 <= number < len(parties):
            raise InvalidInputError("rollout.unknown_party", number=number)
        return parties[number]["id"]

    def ended(self, package: str) -> str | None:
        """The end event reached by the package's newest run."""
        run = self._run_of(package)
        return run.ended if run is not None else None

    def documents(self) -> Sequence[str]:
        """Kinds in the order they were made, run by run."""
        return [document.kind for run in self.runs for document in run.created]

    def _run_of(self, package: str) -> PureRun | None:
        found = (r for r in reversed(self.runs) if r.around.package.manifest.key == package)
        return next(found, None)

    def _opened(self) -> PureRun:
        if self.run is None:
            raise RuleError("rollout.not_case")
        return self.run

    def _read(self, run: PureRun, form: Form, data: Mapping[str, Json]) -> Values:
        facts = run.facts
        known = {"case": facts.case, "parties": list(facts.parties), "unit": facts.unit}
        values = read_values(form, data, now=self.now, known=known)
        run.hidden |= values.sealed
        return values

    def _change(self, run: PureRun, values: Values) -> FactsChange:
        if values.parties is None:
            return FactsChange(dict(values.case))
        plan = plan_parties(
            values.parties,
            run.facts.parties,
            next_id=self._next_party,
            encode=lambda number: f"party-{number}",
            decode=lambda text: int(text.removeprefix("party-")),
        )
        for number, fields in plan.sealed.items():
            run.hidden_of_party.setdefault(f"party-{number}", {}).update(fields)
        return FactsChange(dict(values.case), plan.plain)

    def _next_party(self) -> int:
        self._party_ids += 1
        return self._party_ids


def _party_number(run: PureRun, item: NewItem) -> int | None:
    ids = [party["id"] for party in run.facts.parties]
    return next((ids.index(key) for key in item.instance if key in ids), None)


def _check_may_start(package: Package, who: Colleague, unit: Place, said: str) -> None:
    allowed = package.manifest.start_roles
    if not any(role in allowed and at == unit.code for role, at in who.posts):
        raise ForbiddenError("rollout.may_not_start", who=said)


def _check_may(who: Colleague, item: NewItem) -> None:
    if item.role not in who.roles:
        raise ForbiddenError(
            "rollout.not_role", who=who.username, role=item.role, element=item.element
        )
    if item.assignee is not None and item.assignee != who.username:
        raise ForbiddenError(
            "rollout.not_assignee",
            who=who.username,
            assignee=item.assignee,
            element=item.element,
        )


def _own_unit(who: Colleague) -> str:
    if not who.posts:
        raise InvalidInputError("rollout.no_unit", who=who.username)
    return who.posts[0][1]
