"""A DMN file as data: what was read, before anything is compiled. DMN 1.5 chapters 6, 7, 8, 10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from workflows.decisions.errors import DecisionError, Where


@dataclass(frozen=True, slots=True)
class Text:
    """One FEEL text and where it stands. `type`: declared type of its value."""

    text: str
    where: Where
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its declared type (None: any): a variable, parameter, input."""

    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Logic:
    """Any boxed expression. `type`: declared type of its value. `where`: the element."""

    where: Where
    type: str | None


@dataclass(frozen=True, slots=True)
class Literal(Logic):
    text: Text


@dataclass(frozen=True, slots=True)
class InputColumn:
    """`allowed`: unary tests its values must pass, None: any."""

    text: Text
    label: str
    type: str | None
    allowed: Text | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """`allowed`: values in the order of their priority, None: any. `default`: where no rule
    matches."""

    name: str
    label: str
    type: str | None
    allowed: Text | None
    default: Text | None
    where: Where


@dataclass(frozen=True, slots=True)
class Rule:
    """`note`: its description, and its annotations."""

    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table(Logic):
    """`hit`: UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER; `aggregation`:
    SUM, COUNT, MIN, MAX or None."""

    hit: str
    aggregation: str | None
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    variable: Named
    logic: Logic


@dataclass(frozen=True, slots=True)
class ContextBox(Logic):
    """Entries see those before them. `result`: the value, None: a context of the entries."""

    entries: tuple[Entry, ...]
    result: Logic | None


@dataclass(frozen=True, slots=True)
class ListBox(Logic):
    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Relation(Logic):
    columns: tuple[Named, ...]
    rows: tuple[tuple[Logic, ...], ...]


@dataclass(frozen=True, slots=True)
class FunctionBox(Logic):
    parameters: tuple[Named, ...]
    body: Logic | None


@dataclass(frozen=True, slots=True)
class Invocation(Logic):
    """A call by parameter names."""

    function: Logic
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Logic):
    condition: Logic
    then: Logic
    otherwise: Logic


@dataclass(frozen=True, slots=True)
class Filter(Logic):
    source: Logic
    match: Logic


@dataclass(frozen=True, slots=True)
class Iteration(Logic):
    word: OneOf["for", "some", "every"]
    variable: str
    source: Logic
    body: Logic


@dataclass(frozen=True, slots=True)
class Broken(Logic):
    """Logic that cannot be read or is in another language. `error`: why; evaluating it raises."""

    error: DecisionError


@dataclass(frozen=True, slots=True)
class Item:
    """An item definition: exactly one of `type`, `members` and `result` (of a function, with its
    `parameters`) is given, or none. `allowed`: tests on each element, `constraint`: on the whole
    value."""

    name: str
    where: Where
    type: str | None
    collection: bool
    members: tuple[Item, ...]
    result: str | None
    parameters: tuple[Named, ...]
    allowed: Text | None
    constraint: Text | None


@dataclass(frozen=True, slots=True)
class Decision:
    """`requires`: ids of decisions and inputs; `knows`: of knowledge models and services. `home`:
    namespace of an imported file, "" of the one that was loaded."""

    id: str
    name: str
    variable: Named
    logic: Logic | None
    requires: tuple[str, ...]
    knows: tuple[str, ...]
    home: str = ""


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    variable: Named
    home: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model."""

    id: str
    name: str
    variable: Named
    function: FunctionBox | None
    knows: tuple[str, ...]
    home: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service. `parameters`: ids of its input data, then of its input decisions."""

    id: str
    name: str
    variable: Named
    outputs: tuple[str, ...]
    parameters: tuple[str, ...]
    home: str = ""


Element: TypeAlias = Decision | InputData | Knowledge | Service


@dataclass(frozen=True, slots=True)
class Model:
    """One file and those it imports, everything by id. `prefixes`: (home, home of what it names)
    → the import's name, which goes before the name."""

    items: dict[str, Item]
    inputs: dict[str, InputData]
    decisions: dict[str, Decision]
    knowledge: dict[str, Knowledge]
    services: dict[str, Service]
    prefixes: Mapping[tuple[str, str], str]

    @property
    def groups(self) -> tuple[Mapping[str, Element], ...]:
        """All elements by id, kind by kind."""
        return (self.inputs, self.decisions, self.knowledge, self.services)

    def element(self, key: str) -> Element:
        """Whatever has this id, which must exist."""
        return next(group[key] for group in self.groups if key in group)

    def prefix(self, home: str, key: str) -> str:
        """What goes before the name of an element where `home` names it; "" for nothing."""
        return self.prefixes.get((home, self.element(key).home), "")
