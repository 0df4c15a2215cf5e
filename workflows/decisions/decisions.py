"""The door: one DMN file, loaded, decided, explained and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.findings import TableFinding, check_tables
from workflows.decisions.kinds import Kinds
from workflows.decisions.limits import MAX_DEPTH, MAX_PLANS
from workflows.decisions.model import Decision, Model, Service
from workflows.decisions.plan import Plan
from workflows.decisions.problems import Problem, find_problems
from workflows.decisions.read_model import read_model
from workflows.decisions.running import Allowance, Running
from workflows.decisions.sheet import Sheet, sheet_of
from workflows.decisions.source import read_xml
from workflows.feel.types import ANY

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a decision came out so.

    `inputs`: label or text of each input of the decision's table → value. `matched`: numbers,
    from 1, of the rules the value is made of: the one that won for FIRST and PRIORITY, all that
    matched otherwise, in the order of the value. Both are empty for other kinds of logic.
    """

    value: Any
    inputs: Mapping[str, Any]
    matched: tuple[int, ...]


class Decisions:
    """One DMN file. Made by `load`; shared by threads."""

    def __init__(self, model: Model, words: frozenset[str]) -> None:
        self._model = model
        self._words = words
        self._kinds = Kinds(model.items)
        self._plans: dict[frozenset[str], Plan] = {}
        self._lock = Lock()
        self._ids = _ids(model)
        self._plan(frozenset())

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of all decisions, in the order of the file."""
        return tuple(self._model.decisions)

    def evaluate(self, decision: str, context: Mapping[str, Any]) -> Any:
        """The value of a decision, or of a decision service, called by id or name.

        `context`: name → plain or FEEL value; a name it lacks is null. A table with one output
        gives its value, with several a context; RULE ORDER, OUTPUT ORDER and COLLECT give lists.
        Null where no rule matches and no default is given ([] and 0 for lists and counts), and
        where a value does not fit its declared type. DecisionError: unknown decision, two rules
        match under UNIQUE, outputs differ under ANY, a value outside those allowed, a limit.
        """
        key = self._find(decision)
        plan = self._plan_for(context)
        try:
            if key in self._model.services:
                given = {name: context.get(name) for name in plan.parameters_of(key)}
                return plan.serve(key, given, Allowance())
            return plan.decide(key, Running(context, Allowance(), {}))
        except RecursionError as error:
            raise fault(Where(key), "limit_depth", most=MAX_DEPTH) from error

    def explain(self, decision: str, context: Mapping[str, Any]) -> Explained:
        """The value as `evaluate` gives it, and why. Raises as `evaluate` does."""
        key = self._find(decision)
        if key in self._model.services:
            return Explained(self.evaluate(decision, context), {}, ())
        running = Running(context, Allowance(), {})
        try:
            value, table, decided = self._plan_for(context).explain(key, running)
        except RecursionError as error:
            raise fault(Where(key), "limit_depth", most=MAX_DEPTH) from error
        if table is None or decided is None:
            return Explained(value, {}, ())
        inputs = dict(zip(table.labels, decided.values, strict=True))
        return Explained(value, inputs, tuple(index + 1 for index in decided.matched))

    def sheet(self, decision: str) -> Sheet | None:
        """The decision's table as people read it; None for other logic. DecisionError: unknown."""
        found = self._model.decisions.get(self._find(decision))
        return None if found is None else sheet_of(found)

    def problems(self, names: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that is wrong where `names` (name → FEEL type) are all that will be known:
        misspelt names, unknown types, constants of another type than their column's."""
        return find_problems(self._model, self._kinds, names)

    def findings(self) -> tuple[TableFinding, ...]:
        """Overlaps, gaps, rules that never fire, outputs not allowed; see `findings.py`."""
        return check_tables(self._model, self._kinds)

    def _find(self, decision: str) -> str:
        key = self._ids.get(decision)
        if key is None:
            raise fault(Where(), "unknown", decision=decision[:200])
        return key

    def _plan_for(self, context: Mapping[str, Any]) -> Plan:
        words = self._words
        return self._plan(frozenset(n for n in context if n in words or self._is_mentioned(n)))

    def _is_mentioned(self, name: str) -> bool:
        """Whether a name of several words or signs may stand in one of the file's texts."""
        if name.isidentifier():
            return False
        parts = _WORD.findall(name)
        return bool(parts) and self._words.issuperset(parts)

    def _plan(self, names: frozenset[str]) -> Plan:
        plan = self._plans.get(names)
        if plan is not None:
            return plan
        plan = Plan(self._model, self._kinds, dict.fromkeys(names, ANY))
        with self._lock:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            return self._plans.setdefault(names, plan)


def load(xml: bytes | str) -> Decisions:
    """The decisions of one DMN file (1.1 to 1.5).

    DecisionError: not safe XML, not DMN, broken FEEL, another language than FEEL, an unknown hit
    policy, a rule of wrong width, requirements that lead nowhere or in a circle.
    """
    root = read_xml(xml)
    words = frozenset(word for text in root.itertext() for word in _WORD.findall(text))
    return Decisions(read_model(root), words)


def _ids(model: Model) -> Mapping[str, str]:
    """Ids and names of decisions and services → id. An id goes before a name, the first name
    before others."""
    elements: list[Decision | Service] = [*model.decisions.values(), *model.services.values()]
    found = {element.id: element.id for element in elements}
    for element in elements:
        found.setdefault(element.name, element.id)
    return found
