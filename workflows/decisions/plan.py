"""A whole file, compiled for one set of context names. Shared by threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workflows.decisions.errors import Where
from workflows.decisions.feel_text import LENIENT, Feel, Names
from workflows.decisions.functions import make_function, result_kind
from workflows.decisions.kinds import Kind, Kinds
from workflows.decisions.logic_plan import LogicBuilder, LogicRun
from workflows.decisions.model import Decision, InputData, Knowledge, Model, Named, Service, Table
from workflows.decisions.read_model import in_order
from workflows.decisions.running import Allowance, Running
from workflows.decisions.table_plan import Decided, TablePlan
from workflows.feel import Function, convert
from workflows.feel.types import ANY_FUNCTION, Simple
from workflows.feel.values import normal

_TEMPORAL = frozenset(
    {
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


@dataclass(frozen=True, slots=True)
class _DecisionPlan:
    decision: Decision
    kind: Kind
    run: LogicRun | None
    table: TablePlan | None


class Plan:
    """Every decision, model and service ready to run. DecisionError where a text is no FEEL.

    `names`: context names that texts may read beside what the file declares.
    """

    def __init__(self, model: Model, kinds: Kinds, names: Names, feel: Feel = LENIENT) -> None:
        self._model = model
        self._kinds = kinds
        self._builder = LogicBuilder(kinds, feel)
        self._feel = feel
        self._free = names
        self._decisions = {key: self._decision(d) for key, d in model.decisions.items()}
        self._orders: dict[str, tuple[str, ...]] = {}
        self._bodies = {key: self._body(k) for key, k in model.knowledge.items()}

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
        return plan.kind.coerce(decided.value), plan.table, decided

    def serve(self, key: str, given: dict[str, Any], allowance: Allowance) -> Any:
        """A service's value for parameters by name: of its one output decision, or a context."""
        service = self._model.services[key]
        inputs: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for parameter, variable in zip(service.parameters, self._parameters(service), strict=True):
            value = self._kinds.find(variable.type).coerce(given.get(variable.name))
            if parameter in self._model.inputs:
                inputs[self._model.inputs[parameter].name] = value
            else:
                values[parameter] = value
        running = Running(inputs, allowance, values)
        results = {
            self._model.decisions[output].variable.name: self.decide(output, running)
            for output in service.outputs
        }
        value = results if len(results) != 1 else next(iter(results.values()))
        return result_kind(self._kinds.find(service.variable.type)).coerce(value)

    def parameters_of(self, key: str) -> tuple[str, ...]:
        """Names of a service's parameters, in order."""
        return tuple(p.name for p in self._parameters(self._model.services[key]))

    def _parameters(self, service: Service) -> list[Named]:
        model = self._model
        return [
            (model.inputs.get(key) or model.decisions[key]).variable for key in service.parameters
        ]

    def _decision(self, decision: Decision) -> _DecisionPlan:
        names = self.names_of(decision)
        logic = decision.logic
        kind = self._kinds.find(decision.variable.type)
        if isinstance(logic, Table):
            table = TablePlan(logic, names, self._kinds, self._feel)
            return _DecisionPlan(decision, kind, None, table)
        run = None if logic is None else self._builder.build(logic, names)
        return _DecisionPlan(decision, kind, run, None)

    def _body(self, knowledge: Knowledge) -> LogicRun | None:
        function = knowledge.function
        if function is None or function.body is None:
            return None
        return self._builder.build(function.body, self.names_of_knowledge(knowledge))

    def names_of(self, decision: Decision) -> Names:
        """What a decision's texts may read."""
        model = self._model
        names = dict(self._free)
        for key in decision.requires:
            if key in model.inputs:
                variable = model.inputs[key].variable
                names[variable.name] = self._kinds.find(variable.type).type
            else:
                other = model.decisions[key]
                names[other.variable.name] = self._builder.type_of(other.logic, other.variable.type)
        return {**names, **dict.fromkeys(self._known_names(decision.knows), ANY_FUNCTION)}

    def names_of_knowledge(self, knowledge: Knowledge) -> Names:
        """What the logic of a knowledge model may read: its parameters, what it knows, itself."""
        function = knowledge.function
        parameters = () if function is None else function.parameters
        known = self._known_names((*knowledge.knows, knowledge.id))
        return {
            **dict.fromkeys(known, ANY_FUNCTION),
            **{p.name: self._kinds.find(p.type).type for p in parameters},
        }

    def _known_names(self, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            known = self._model.knowledge.get(key) or self._model.services.get(key)
            if known is not None:
                yield known.variable.name

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
            value = plan.table.decide(scope).value
        else:
            value = None if plan.run is None else plan.run(scope, running.allowance)
        running.values[key] = plan.kind.coerce(value)

    def _scope(self, decision: Decision, running: Running) -> dict[str, Any]:
        scope = dict(running.context)
        for key in decision.requires:
            given = self._model.inputs.get(key)
            if given is not None:
                scope[given.variable.name] = self._input(given, running)
            else:
                name = self._model.decisions[key].variable.name
                scope[name] = running.values[key]
        scope.update(self._functions(decision.knows, running.allowance))
        return scope

    def _input(self, given: InputData, running: Running) -> Any:
        """An input's value as its declared type; JSON has no dates, so text may stand for one."""
        value = running.context.get(given.name)
        if value is None and given.variable.name != given.name:
            value = running.context.get(given.variable.name)
        kind = self._kinds.find(given.variable.type)
        type_ = kind.type
        if isinstance(value, str) and isinstance(type_, Simple) and type_.name in _TEMPORAL:
            value = convert(value, type_.name)
        return kind.coerce(normal(value))

    def _functions(self, keys: Iterable[str], allowance: Allowance) -> dict[str, Function]:
        found: dict[str, Function] = {}
        for key in keys:
            knowledge = self._model.knowledge.get(key)
            if knowledge is not None:
                found[knowledge.variable.name] = self._knowledge(knowledge, allowance)
            elif key in self._model.services:
                service = self._model.services[key]
                found[service.variable.name] = self._service(service, allowance)
        return found

    def _knowledge(self, knowledge: Knowledge, allowance: Allowance) -> Function:
        body = self._bodies[knowledge.id]
        parameters = knowledge.function.parameters if knowledge.function else ()
        knows = (*knowledge.knows, knowledge.id)

        def run(given: dict[str, Any]) -> Any:
            if body is None:
                return None
            return body({**self._functions(knows, allowance), **given}, allowance)

        result = result_kind(self._kinds.find(knowledge.variable.type))
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
