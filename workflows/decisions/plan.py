"""A whole file, compiled for one set of context names. Shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.decisions.errors import Where
from workflows.decisions.feel_text import Feel, Names
from workflows.decisions.functions import make_function, result_kind
from workflows.decisions.given import find_given, read_dates
from workflows.decisions.imports import paths_of
from workflows.decisions.kinds import ANYTHING, Kind, Kinds
from workflows.decisions.logic_plan import LogicBuilder, LogicRun
from workflows.decisions.model import Decision, Knowledge, Model, Named, Service, Table
from workflows.decisions.read_model import in_order
from workflows.decisions.running import Allowance, Running
from workflows.decisions.scopes import Scopes
from workflows.decisions.table_plan import Decided, TablePlan
from workflows.feel import Function
from workflows.feel.values import normal


@dataclass(frozen=True, slots=True)
class _DecisionPlan:
    decision: Decision
    kind: Kind
    run: LogicRun | None
    table: TablePlan | None
    own: Kind = ANYTHING
    """Declared type of the table."""


class Plan:
    """Every decision, model and service ready to run; what `feel` does with a text that is no
    FEEL, it does here.

    `names`: context names that texts may read beside what the file declares.
    """

    def __init__(self, model: Model, kinds: Kinds, names: Names, feel: Feel) -> None:
        self._model = model
        self._kinds = kinds
        self._builder = LogicBuilder(kinds, feel)
        self._feel = feel
        self._scopes = Scopes(model, kinds, names, self._builder.type_of)
        self._paths = paths_of(model.prefixes)
        self._decisions = {key: self._decision(d) for key, d in model.decisions.items()}
        self._orders: dict[str, tuple[str, ...]] = {}
        self._bodies = {key: self._body(k) for key, k in model.knowledge.items()}

    def names_of(self, decision: Decision) -> Names:
        """What the decision's texts may name, with types as far as they are known."""
        return self._scopes.of_decision(decision)

    def decide(self, key: str, running: Running) -> Any:
        """A decision's value; everything it requires is decided first, each once."""
        self._prepare(key, running)
        return running.values[key]

    def explain(self, key: str, running: Running) -> tuple[Any, TablePlan | None, Decided | None]:
        """(value, its table, what the table decided); None twice for other kinds of logic."""
        plan = self._decisions[key]
        if plan.table is None:
            return self.decide(key, running), None, None
        for needed in self._order(key)[:-1]:
            self._decide_one(needed, running)
        decided = plan.table.decide(self._scope(plan.decision, running))
        return plan.kind.coerce(plan.own.coerce(decided.value)), plan.table, decided

    def serve(self, key: str, given: dict[str, Any], allowance: Allowance) -> Any:
        """A service's value for parameters by name: of its one output decision, or a context."""
        service = self._model.services[key]
        declared = self._kinds.find(service.variable.type)
        values: dict[str, Any] = {}
        for parameter, variable in zip(service.parameters, self._parameters(service), strict=True):
            value = self._kinds.find(variable.type).coerce(given.get(variable.name))
            values[parameter] = declared.parameters.get(variable.name, ANYTHING).coerce(value)
        running = Running({}, allowance, values)
        results = {
            self._scopes.variable(output).name: self.decide(output, running)
            for output in service.outputs
        }
        value = results if len(results) != 1 else next(iter(results.values()))
        return result_kind(declared).coerce(value)

    def call(self, key: str, given: Mapping[str, Any], allowance: Allowance) -> Any:
        """The value of a service or knowledge model for parameters by name; those missing are
        null."""
        if key in self._model.services:
            service = self._model.services[key]
            names = [p.name for p in self._parameters(service)]
            return self.serve(key, {name: normal(given.get(name)) for name in names}, allowance)
        function = self._knowledge(self._model.knowledge[key], allowance)
        return function.call(*(normal(given.get(name)) for name in function.parameters))

    def _parameters(self, service: Service) -> list[Named]:
        return [self._scopes.variable(key) for key in service.parameters]

    def _decision(self, decision: Decision) -> _DecisionPlan:
        names = self._scopes.of_decision(decision)
        logic = decision.logic
        kind = self._kinds.find(decision.variable.type)
        if isinstance(logic, Table):
            table = TablePlan(logic, names, self._kinds, self._feel)
            return _DecisionPlan(decision, kind, None, table, self._kinds.find(logic.type))
        run = None if logic is None else self._builder.build(logic, names)
        return _DecisionPlan(decision, kind, run, None)

    def _body(self, knowledge: Knowledge) -> LogicRun | None:
        function = knowledge.function
        if function is None or function.body is None:
            return None
        return self._builder.build(function.body, self._scopes.of_knowledge(knowledge))

    def _prepare(self, key: str, running: Running) -> None:
        """Makes the decision and those before it; in a service some of them are given."""
        order = self._order(key)
        if not running.values.keys().isdisjoint(order):
            order = in_order(self._model, key, frozenset(running.values) - {key})
        for needed in order:
            self._decide_one(needed, running)

    def _order(self, key: str) -> tuple[str, ...]:
        """The decision behind all it requires, worked out when it is first asked for."""
        order = self._orders.get(key)
        if order is None:
            order = self._orders[key] = in_order(self._model, key)
        return order

    def _decide_one(self, key: str, running: Running) -> None:
        if key in running.values:
            return
        plan = self._decisions[key]
        running.allowance.spend(Where(key))
        scope = self._scope(plan.decision, running)
        if plan.table is not None:
            value = plan.own.coerce(plan.table.decide(scope).value)
        else:
            value = None if plan.run is None else plan.run(scope, running.allowance)
        running.values[key] = plan.kind.coerce(value)

    def _scope(self, decision: Decision, running: Running) -> dict[str, Any]:
        values = [(key, self._value(key, running)) for key in decision.requires]
        values += self._functions(decision.knows, running.allowance)
        return {**running.context, **self._scopes.place(decision.home, values)}

    def _value(self, key: str, running: Running) -> Any:
        if key in running.values:
            return running.values[key]
        given = self._model.inputs[key]
        value = find_given(given, self._paths.get(given.home, ()), running.context)
        kind = self._kinds.find(given.variable.type)
        return kind.coerce(read_dates(normal(value), kind.type))

    def _functions(
        self, keys: Iterable[str], allowance: Allowance
    ) -> Iterator[tuple[str, Function]]:
        for key in keys:
            if key in self._model.knowledge:
                yield key, self._knowledge(self._model.knowledge[key], allowance)
            elif key in self._model.services:
                yield key, self._service(self._model.services[key], allowance)

    def _knowledge(self, knowledge: Knowledge, allowance: Allowance) -> Function:
        body = self._bodies[knowledge.id]
        parameters = knowledge.function.parameters if knowledge.function else ()
        knows = (*knowledge.knows, knowledge.id)

        def run(given: dict[str, Any]) -> Any:
            if body is None:
                return None
            functions = self._functions(knows, allowance)
            known = self._scopes.place(knowledge.home, functions)
            return body({**known, **given}, allowance)

        declared = knowledge.function and self._kinds.find(knowledge.function.type)
        result = result_kind(self._kinds.find(knowledge.variable.type))
        if result is ANYTHING and declared and declared.result is not None:
            result = declared.result
        where = Where(knowledge.id)
        return make_function(parameters, self._kinds, result, where, allowance, run)

    def _service(self, service: Service, allowance: Allowance) -> Function:
        result = result_kind(self._kinds.find(service.variable.type))
        return make_function(
            self._parameters(service),
            self._kinds,
            result,
            Where(service.id),
            allowance,
            lambda given: self.serve(service.id, given, allowance),
        )
