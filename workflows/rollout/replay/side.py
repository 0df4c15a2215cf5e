"""One of two versions that walk side by side: what the site's rows would hold, and how a thing of
one is found again in the other."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from workflows.cases.decide import Walk
from workflows.cases.decision import (
    Asked,
    Command,
    Decision,
    Facts,
    Json,
    LocalOperation,
    NewCall,
    NewClock,
    NewItem,
    Ports,
)
from workflows.catalogue.package import Package
from workflows.engine import OPERATIONS
from workflows.errors import RuleError

Place = tuple[str, tuple[Json, ...]]
"""A user task: element and instance keys."""
Numbered = NewItem | NewClock | NewCall
MADE_UP: Mapping[str, Json] = {"number": "—", "document": "—"}
"""Results of an operation the record knows nothing of; others are null."""
_T = TypeVar("_T", bound=Numbered)


@dataclass
class Side:
    """A version on its way. `items`, `clocks`, `calls`: what is open, by number."""

    package: Package
    ended: str | None = None
    items: dict[int, NewItem] = field(default_factory=dict)
    clocks: dict[int, NewClock] = field(default_factory=dict)
    calls: dict[int, NewCall] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._walk = Walk(self.package.process)

    def ask(self, facts: Facts, command: Command, ports: Ports) -> Decision:
        """Decides and takes over. Raises what `decide` raises; the side is then useless."""
        decision = self._walk.decide(facts, command, ports)
        self.ended = decision.ended
        _take(self.items, decision.items_removed, decision.items_added)
        _take(self.clocks, [c.number for c in decision.clocks_closed], decision.clocks_opened)
        _take(self.calls, decision.calls_closed, decision.calls_opened)
        return decision

    def move(self, entry: Mapping[str, Json], facts: Facts, package: Package) -> None:
        """Takes a line by which the run went to another version or came back (`cases.moving`)."""
        self._walk.go(entry, facts, package.process)
        self.package = package

    @property
    def waiting(self) -> Mapping[Place, NewItem]:
        """Open user tasks by their place."""
        return {(item.element, item.instance): item for item in self.items.values()}


def _take(open_ones: dict[int, _T], gone: Sequence[int], new: Sequence[_T]) -> None:
    for number in gone:
        open_ones.pop(number, None)
    open_ones.update({one.number: one for one in new})


def places(open_ones: Mapping[int, _T]) -> Mapping[tuple[Any, ...], _T]:
    """What is open by something both versions have: element, what tells it from others of the
    element, and the how-manieth it is of those that are alike."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for _, one in sorted(open_ones.items()):
        key = _key(one)
        found[*key, seen[key]] = one
        seen[key] += 1
    return found


def twin(number: int, here: Mapping[int, _T], there: Mapping[int, _T]) -> int | None:
    """The number in `there` of what has `number` in `here`; None where there is none."""
    place = next((key for key, one in places(here).items() if one.number == number), None)
    other = None if place is None else places(there).get(place)
    return None if other is None else other.number


def _key(one: Numbered) -> tuple[Any, ...]:
    if isinstance(one, NewItem):
        return (one.element, one.instance)
    if isinstance(one, NewClock):
        return (one.element,)
    return (one.element, one.operation)


class Recorded(Mapping[str, LocalOperation]):
    """Local operations that answer what was recorded, each in its order, and make something up
    where a version asks more often. Nothing is numbered, printed or sent."""

    def __init__(self, answers: Sequence[Json]) -> None:
        self._left: dict[str, deque[Json]] = {}
        for answer in answers:
            if "operation" in answer:
                self._left.setdefault(str(answer["operation"]), deque()).append(answer)
        local = {name for name, signature in OPERATIONS.items() if signature.local}
        self._names = sorted(local | set(self._left))

    def __getitem__(self, name: str) -> LocalOperation:
        if name not in self._names:
            raise KeyError(name)

        def give(_asked: Asked, /, **_parameters: Json) -> Mapping[str, Json]:
            return self._give(name)

        return give

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _give(self, name: str) -> Mapping[str, Json]:
        left = self._left.get(name)
        if not left:
            signature = OPERATIONS.get(name)
            results = signature.result if signature is not None else {}
            return {result: MADE_UP.get(result) for result in results}
        answer = left.popleft()
        if "error" in answer:
            raise RuleError(answer["error"], **answer["params"])
        result: Mapping[str, Json] = answer["result"]
        return result
