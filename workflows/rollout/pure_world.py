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
from workflows.catalogue.package import Package
from workflows.deadlines import RuleBook
from workflows.errors import ForbiddenError, InvalidInputError, ProcessFaultError, RuleError
from workflows.formspec import Form, Values, read_values
from workflows.rollout.office import Colleague, Office
from workflows.rollout.pure_run import PureRun, Surroundings
from workflows.rollout.run_scenario import OpenTask
from workflows.rollout.scenario import Start

Json: TypeAlias = Any
MAX_ROUNDS = 50
"""Wakings one advance may need; more is a loop of clocks that fall due at once."""


class PureWorld:
    """One case of one package in memory. See `run_scenario.World`.

    `run`: None until the case is opened. `files`: file id → bytes. `sealed`: sealed case fields.
    """

    def __init__(
        self,
        package: Package,
        at: datetime,
        *,
        office: Office | None = None,
        rules: RuleBook | None = None,
    ) -> None:
        self.package, self.now = package, at.astimezone(UTC)
        self.office, self.rules = office or Office.demo(), rules or RuleBook.built_in()
        self.run: PureRun | None = None
        self.files: dict[str, bytes] = {}
        self.sealed: dict[str, Json] = {}
        self._party_ids = 0

    def open_case(self, package: str, start: Start, data: Mapping[str, Json]) -> None:
        """Starts the case. Raises InvalidFormError, ForbiddenError, InvalidInputError."""
        if self.run is not None or package != self.package.manifest.key:
            raise RuleError("rollout.already_open")
        form = self.package.manifest.start(start.form)
        if form is None:
            raise InvalidInputError("rollout.unknown_start", form=start.form)
        who = self.office.colleague(start.who, self.today())
        unit = self.office.place(start.unit or _own_unit(who))
        allowed = self.package.manifest.start_roles
        if not any(role in allowed and at == unit.code for role, at in who.posts):
            raise ForbiddenError("rollout.may_not_start", who=start.who)
        values = self._read(self.package.forms[form.form], data)
        self.run = PureRun(Surroundings(self.package, unit, self.office, self.rules))
        self.run.ask(
            Command(
                CommandKind.START,
                at=self.now,
                data={**values.process, "entry": form.name},
                facts=self._change(values),
            )
        )

    def list_tasks(self) -> Sequence[OpenTask]:
        """Every open user task, by number."""
        if self.run is None:
            return []
        key = self.package.manifest.key
        return [
            OpenTask(key, item.element, self._party_number(item), number)
            for number, item in sorted(self.run.items.items())
        ]

    def complete(self, who: str, task: OpenTask, data: Mapping[str, Json]) -> None:
        """Completes a task. Raises ForbiddenError for a wrong role or assignee, InvalidFormError,
        and what `decide` raises."""
        item = self._opened().items[task.handle]
        _check_may(self.office.colleague(who, self.today()), item)
        form = self.package.form_of(item.form)
        values = self._read(form, data) if form else Values({}, {}, {}, None, ())
        self._opened().ask(
            Command(
                CommandKind.COMPLETE,
                at=self.now,
                item=item.number,
                data=values.process,
                facts=self._change(values),
            )
        )

    def send(self, name: str, payload: Mapping[str, Json]) -> None:
        """Brings a message. Raises RuleError where no sender is declared or nothing waits."""
        if not self.package.manifest.senders:
            raise RuleError("rollout.unknown_sender", name=name)
        command = Command(CommandKind.MESSAGE, at=self.now, name=name, data=dict(payload))
        if self._opened().ask(command).outcome != "done":
            raise RuleError("rollout.message_early", name=name)

    def withdraw(self, who: str, reason: str) -> None:
        """The parties withdraw."""
        self.office.colleague(who, self.today())
        data = {"reason": reason}
        self._opened().ask(Command(CommandKind.WITHDRAW, at=self.now, data=data))

    def advance(self, by: timedelta) -> None:
        """Moves the clock, then wakes the run until nothing is due. Raises ProcessFaultError for
        clocks that start due again and again."""
        self.now += by
        for _ in range(MAX_ROUNDS):
            if self.run is None or not self.run.has_due(self.now):
                return
            self.run.ask(Command(CommandKind.WAKE, at=self.now))
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

    def party(self, number: int) -> Json:
        """The id of a party. Raises InvalidInputError."""
        parties = self._opened().facts.parties
        if not 0 <= number < len(parties):
            raise InvalidInputError("rollout.unknown_party", number=number)
        return parties[number]["id"]

    def ended(self, package: str) -> str | None:
        """The end event reached by the package's run."""
        if self.run is None or package != self.package.manifest.key:
            return None
        return self.run.ended

    def documents(self) -> Sequence[str]:
        """Kinds in the order they were made."""
        return [document.kind for document in self.run.created] if self.run else []

    def _opened(self) -> PureRun:
        if self.run is None:
            raise RuleError("rollout.not_case")
        return self.run

    def _read(self, form: Form, data: Mapping[str, Json]) -> Values:
        known: dict[str, Json] = {}
        if self.run is not None:
            facts = self.run.facts
            known = {"case": facts.case, "parties": list(facts.parties), "unit": facts.unit}
        values = read_values(form, data, now=self.now, known=known)
        self.sealed |= values.sealed
        return values

    def _change(self, values: Values) -> FactsChange:
        if values.parties is None:
            return FactsChange(dict(values.case))
        plan = plan_parties(
            values.parties,
            self.run.facts.parties if self.run else (),
            next_id=self._next_party,
            encode=lambda number: f"party-{number}",
            decode=lambda text: int(text.removeprefix("party-")),
        )
        return FactsChange(dict(values.case), plan.plain)

    def _next_party(self) -> int:
        self._party_ids += 1
        return self._party_ids

    def _party_number(self, item: NewItem) -> int | None:
        ids = [party["id"] for party in self._opened().facts.parties]
        return next((ids.index(key) for key in item.instance if key in ids), None)


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
