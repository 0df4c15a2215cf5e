"""Handoffs in memory: letters between the runs of one pure world, delivered at once.

What goes over, and what an answer makes of a letter, is decided by the same pure functions as on
the site (`workflows.handoffs.parcel`, `states`); only the post is another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from workflows.cases.decision import Asked, Command, CommandKind, LocalOperation
from workflows.catalogue.handoffs import NAME, HandoffKind
from workflows.errors import ProcessFaultError, RuleError
from workflows.handoffs.parcel import Parcel, held_ids, pack
from workflows.handoffs.states import LIVE, State, after
from workflows.rollout.world.office import Office, Place
from workflows.rollout.world.pure_run import PureRun

Json: TypeAlias = Any
OUTSIDE = "handoff-0"
"""The letter a scenario that starts by a handoff begins with: its sender is nobody here."""


@dataclass
class Letter:
    """One handoff. `unit` None: a party without a desk. `receiver`: once delivered."""

    id: str
    declared: HandoffKind
    sender: PureRun
    element: str
    unit: Place | None
    to_name: str
    parcel: Parcel
    returns: int
    state: State = State.SENT
    outcome: str | None = None
    receiver: PureRun | None = None
    early: list[Command] = field(default_factory=list)


Open: TypeAlias = Callable[[Letter], None]
"""Opens the other side's run with what the letter holds."""


@dataclass
class PostOffice:
    """Letters of one world, numbered in the order they were sent."""

    office: Office
    open: Open
    letters: list[Letter] = field(default_factory=list)
    _orders: list[Callable[[], None]] = field(default_factory=list)

    def operations(self, run: PureRun) -> dict[str, LocalOperation]:
        """The operations of handoffs for one run."""

        def send(asked: Asked, /, **given: Json) -> Mapping[str, Json]:
            return self._send(run, asked, given)

        def answer(asked: Asked, /, **given: Json) -> Mapping[str, Json]:
            return self._answer(run, asked, given)

        def withdraw(asked: Asked, /, **given: Json) -> Mapping[str, Json]:
            run.visits.elements.add(asked.element)
            return {"withdrawn": self._withdraw(run, str(given.get("handoff")))}

        return {"handoff.send": send, "handoff.answer": answer, "handoff.withdraw": withdraw}

    def work(self) -> None:
        """Delivers what was sent and said, and what follows from it; early answers try again."""
        while self._orders:
            self._orders.pop(0)()
        for letter in self.letters:
            waiting, letter.early = letter.early, []
            for command in waiting:
                self._tell(letter, command)

    def answer_by_hand(
        self, run: PureRun, name: str, payload: Mapping[str, Json], at: datetime
    ) -> bool:
        """The liaison writes down what a party without a desk answered to the run's newest letter;
        the message says of which kind the answer is. False where no letter waits for it."""
        sent = [one for one in self.letters if one.sender is run and one.unit is None]
        if not sent or name not in sent[-1].declared.messages.values():
            return False
        letter = sent[-1]
        word = next(word for word, one in letter.declared.messages.items() if one == name)
        note = {"note": payload["note"]} if payload.get("note") else {}
        data = {**(payload.get("data") or {}), **note}
        self._hear(letter, {"outcome": word, **payload, "data": data}, at)
        self.work()
        return True

    def _send(self, run: PureRun, asked: Asked, given: Mapping[str, Json]) -> Mapping[str, Json]:
        kind = str(given.get("kind") or "")
        declared = run.around.package.manifest.handoff(kind)
        if declared is None:
            raise ProcessFaultError("handoffs.unknown_kind", kind=kind, element=asked.element)
        run.visits.elements.add(asked.element)
        code, name = (str(given.get(key) or "").strip() for key in ("to", "to_name"))
        if not code and not name:
            raise RuleError("handoffs.nobody", title=declared.title)
        earlier = [one for one in self.letters if (one.sender, one.declared.kind) == (run, kind)]
        for one in earlier:
            held = one.id in held_ids(asked.data)
            if held and one.element == asked.element and one.state in LIVE:
                self._withdraw(run, one.id)
        letter = Letter(
            id=f"handoff-{len(self.letters) + 1}",
            declared=declared,
            sender=run,
            element=asked.element,
            unit=self.office.place(code) if code else None,
            to_name=name,
            parcel=pack(
                declared,
                case=asked.facts.case,
                sealed=run.hidden,
                data=asked.data,
                parties=[
                    {**run.hidden_of_party.get(one["id"], {}), **one} for one in asked.facts.parties
                ],
            ),
            returns=sum(one.state is State.DECLINED for one in earlier),
        )
        if declared.letter is not None:
            run.create(asked, kind=declared.letter)
        self.letters.append(letter)
        if letter.unit is not None:
            self._orders.append(lambda: self._deliver(letter))
        to = code or name
        return {"handoff": letter.id, "kind": kind, "to": to, "returns": letter.returns}

    def _deliver(self, letter: Letter) -> None:
        if letter.state is not State.SENT or letter.sender.ended is not None:
            return
        letter.state = State.RECEIVED
        self.open(letter)

    def told(self, letter: Letter) -> Mapping[str, Json]:
        """What the receiving diagram knows, under the process name `handoff`."""
        unit = letter.sender.around.unit
        return {
            NAME: letter.id,
            "kind": letter.declared.kind,
            "from": unit.code,
            "from_name": unit.short_name,
            "returns": letter.returns,
        }

    def _answer(self, run: PureRun, asked: Asked, given: Mapping[str, Json]) -> Mapping[str, Json]:
        run.visits.elements.add(asked.element)
        if given.get("letter"):
            run.create(asked, kind=str(given["letter"]))
        letter = next((one for one in self.letters if one.receiver is run), None)
        if letter is None:
            return {"answered": run.by_handoff}
        if not str(given.get("outcome") or ""):
            raise RuleError("handoffs.no_outcome", title=letter.declared.title)
        if letter.outcome is not None and after(letter.outcome) is not State.ACCEPTED:
            raise RuleError("handoffs.answered_already", title=letter.declared.title)
        at = asked.at
        letter.outcome = str(given["outcome"])
        self._orders.append(lambda: self._hear(letter, given, at))
        return {"answered": True}

    def _hear(self, letter: Letter, given: Mapping[str, Json], at: datetime) -> None:
        letter.outcome = str(given["outcome"])
        if letter.state is State.WITHDRAWN or letter.sender.ended is not None:
            return
        letter.state = after(letter.outcome)
        name = letter.declared.message_for(str(letter.state))
        if name is None:
            return
        payload: dict[str, Json] = {
            NAME: letter.id,
            "kind": letter.declared.kind,
            "outcome": letter.outcome,
            "reason": given.get("reason"),
            "by": letter.unit.code if letter.unit else letter.to_name,
            "number": letter.receiver.number if letter.receiver else None,
            "data": dict(given.get("data") or {}),
            "files": [],
        }
        self._tell(letter, Command(CommandKind.MESSAGE, at=at, name=name, data=payload))

    def _tell(self, letter: Letter, command: Command) -> None:
        if letter.sender.ask(command).outcome == "early":
            letter.early.append(command)

    def _withdraw(self, run: PureRun, wanted: str) -> bool:
        letter = next((one for one in self.letters if one.id == wanted), None)
        if letter is None or letter.sender is not run:
            raise RuleError("handoffs.unknown")
        if letter.state not in LIVE:
            return False
        letter.state = State.WITHDRAWN
        self._orders.append(lambda: self._recall(letter))
        return True

    def _recall(self, letter: Letter) -> None:
        receiver = letter.receiver
        if receiver is not None and receiver.ended is None:
            at = max(receiver.asked_at, letter.sender.asked_at)
            receiver.ask(Command(CommandKind.WITHDRAW, at=at, data={"reason": NAME}))


def from_outside(kind: str) -> Mapping[str, Json]:
    """What a run is told where a scenario begins by a handoff of nobody here."""
    return {NAME: OUTSIDE, "kind": kind, "from": None, "from_name": None, "returns": 0}
