"""The door: one DMN file, loaded, decided, explained and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.feel_text import REFUSING, Feel
from workflows.decisions.findings import TableFinding, check_tables
from workflows.decisions.imports import gather
from workflows.decisions.kinds import Kinds
from workflows.decisions.limits import MAX_DEPTH, MAX_PLANS
from workflows.decisions.model import Element, Model
from workflows.decisions.plan import Plan
from workflows.decisions.problems import Problem, find_problems
from workflows.decisions.read_model import read_model
from workflows.decisions.running import Allowance, Running
from workflows.decisions.sheet import Sheet, sheet_of
from workflows.decisions.source import read_xml
from workflows.feel.types import ANY

_WORD = re.compile(r"[^\W\d]\w*")
NOTHING: Mapping[str, bytes | str] = MappingProxyType({})


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
        self._feel = Feel(self._kinds.types)
        self._plans: dict[frozenset[str], Plan] = {}
        self._lock = Lock()
        self._ids = _ids(model)

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of all decisions, in the order of the file; imported ones are left out."""
        return tuple(key for key, found in self._model.decisions.items() if not found.home)

    def check(self) -> None:
        """DecisionError for the first text that is no FEEL, and for logic that cannot be read or
        is in another language. `evaluate` raises it too, but only for what needs that text."""
        Plan(self._model, Kinds(self._model.items, REFUSING), {}, REFUSING)

    def evaluate(self, decision: str, context: Mapping[str, Any]) -> Any:
        """The value of a decision, decision service or knowledge model, called by id or name.

        `context`: name → plain or FEEL value; a name it lacks is null. A table with one output
        gives its value, with several a context; RULE ORDER, OUTPUT ORDER and COLLECT give lists.
        Null where no rule matches and no default is given ([] and 0 for lists and counts), and
        where a value does not fit its declared type or is not allowed. DecisionError: unknown
        decision, a text that is no FEEL, two rules match under UNIQUE, outputs differ under ANY,
        a limit.
        """
        key = self._find(decision)
        plan = self._plan_for(context)
        try:
            if key not in self._model.decisions:
                return plan.call(key, context, Allowance())
            return plan.decide(key, Running(context, Allowance(), {}))
        except RecursionError as error:
            raise fault(Where(key), "limit_depth", most=MAX_DEPTH) from error

    def explain(self, decision: str, context: Mapping[str, Any]) -> Explained:
        """The value as `evaluate` gives it, and why. Raises as `evaluate` does."""
        key = self._find(decision)
        if key not in self._model.decisions:
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
        plan = Plan(self._model, self._kinds, dict.fromkeys(names, ANY), self._feel)
        with self._lock:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            return self._plans.setdefault(names, plan)


def load(xml: bytes | str, imported: Mapping[str, bytes | str] = NOTHING) -> Decisions:
    """The decisions of one DMN file (1.1 to 1.6).

    `imported`: namespace → file, for what it imports, directly or not. DecisionError: not safe
    XML, not DMN, an id used twice, requirements that lead nowhere or in a circle. Whether each
    text is FEEL is asked by `Decisions.check`.
    """
    files = gather(read_xml(xml), imported)
    texts = (text for file in files.files for text in file.root.itertext())
    words = frozenset(word for text in texts for word in _WORD.findall(text))
    return Decisions(read_model(files), words)


def _ids(model: Model) -> Mapping[str, str]:
    """Ids and names of what can be evaluated → id. An id goes before a name, the first name
    before others, the file that was loaded before those it imports."""
    groups = (model.decisions, model.services, model.knowledge)
    elements: list[Element] = [element for group in groups for element in group.values()]
    found = {element.id: element.id for element in elements}
    for element in sorted(elements, key=lambda element: element.home != ""):
        found.setdefault(element.name, element.id)
    return found
