"""Which names a text may read, and what stands behind them when it runs: what its element
requires and knows, things of an imported file as members of the import's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workflows.decisions.feel_text import Names
from workflows.decisions.kinds import Kinds
from workflows.decisions.model import Decision, Knowledge, Logic, Model, Named
from workflows.feel import Type
from workflows.feel.types import ANY, ANY_FUNCTION, ContextOf

TypeOf = Callable[[Logic | None, str | None], Type]
"""Logic and the declared type of its variable → what is known of its value's type."""


class Scopes:
    """Names of one model's elements. `free`: context names that texts may read beside those."""

    def __init__(self, model: Model, kinds: Kinds, free: Names, type_of: TypeOf) -> None:
        self._model = model
        self._kinds = kinds
        self._free = free
        self._type_of = type_of

    def of_decision(self, decision: Decision) -> Names:
        """What a decision's texts may read."""
        needed = {key: self._type(key) for key in (*decision.requires, *decision.knows)}
        return {**self._free, **self._types(decision.home, needed)}

    def of_knowledge(self, knowledge: Knowledge) -> Names:
        """What the logic of a knowledge model may read: its parameters, what it knows, itself."""
        function = knowledge.function
        parameters = () if function is None else function.parameters
        known = dict.fromkeys((*knowledge.knows, knowledge.id), ANY_FUNCTION)
        return {
            **self._types(knowledge.home, known),
            **{p.name: self._kinds.find(p.type).type for p in parameters},
        }

    def place(self, home: str, values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """(id, value) of what an element needs → what it reads by name."""
        found: dict[str, Any] = {}
        for key, value in values:
            name = self.variable(key).name
            prefix = self._model.prefix(home, key) if self._model.prefixes else ""
            if prefix:
                found.setdefault(prefix, {})[name] = value
            else:
                found[name] = value
        return found

    def variable(self, key: str) -> Named:
        """The variable of whatever has this id."""
        return self._model.element(key).variable

    def _types(self, home: str, types: Mapping[str, Type]) -> Names:
        placed = self.place(home, types.items())
        return {n: ContextOf(t) if isinstance(t, dict) else t for n, t in placed.items()}

    def _type(self, key: str) -> Type:
        model = self._model
        if key in model.inputs:
            return self._kinds.find(model.inputs[key].variable.type).type
        if key in model.decisions:
            decision = model.decisions[key]
            return self._type_of(decision.logic, decision.variable.type)
        return ANY_FUNCTION if key in model.knowledge or key in model.services else ANY
