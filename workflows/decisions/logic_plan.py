"""Boxed expressions → closures. DMN 1.5 chapters 7.3 and 10.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from workflows.decisions.feel_text import NOT_CONSTANT, Feel, Names, constant
from workflows.decisions.functions import make_function
from workflows.decisions.kinds import ANYTHING, Kinds
from workflows.decisions.model import (
    Broken,
    Conditional,
    ContextBox,
    Filter,
    FunctionBox,
    Invocation,
    Iteration,
    ListBox,
    Literal,
    Logic,
    Relation,
    Table,
    Text,
)
from workflows.decisions.running import Allowance
from workflows.decisions.table_plan import TablePlan
from workflows.feel import Function, Type, compile_expression
from workflows.feel.types import ANY, ANY_FUNCTION, ANY_LIST, ContextOf, element_type

LogicRun = Callable[[dict[str, Any], Allowance], Any]
"""Scope and allowance → value. The scope is never changed in place."""

_ELEMENTS = compile_expression("for one in source return one", ("source",))
_INVOKED = "invoked function"
_ITEM = "item"
_FILTERED = "filtered list"
_SEEN = "noted condition"


class LogicBuilder:
    """Compiles the boxed expressions of one file."""

    def __init__(self, kinds: Kinds, feel: Feel) -> None:
        self.kinds = kinds
        self.feel = feel

    def build(self, logic: Logic, names: Names) -> LogicRun:
        """The closure of a boxed expression; its value has the declared type or is null."""
        run = _BUILDERS[type(logic)](self, logic, names)
        kind = self.kinds.find(logic.type)
        if kind is ANYTHING or isinstance(logic, FunctionBox):
            return run
        return lambda scope, allowance: kind.coerce(run(scope, allowance))

    def type_of(self, logic: Logic | None, declared: str | None = None) -> Type:
        """What is known of the type of its value."""
        kind = self.kinds.find(declared or (None if logic is None else logic.type))
        if kind is not ANYTHING:
            return kind.type
        if isinstance(logic, FunctionBox):
            return ANY_FUNCTION
        if isinstance(logic, ContextBox) and logic.result is None:
            members = {e.variable.name: e for e in logic.entries}
            return ContextOf(
                {n: self.type_of(e.logic, e.variable.type) for n, e in members.items()}
            )
        return ANY


def _broken(builder: LogicBuilder, logic: Broken, _names: Names) -> LogicRun:
    run = builder.feel.broken(logic.error)
    return lambda scope, _allowance: run(scope)


def _literal(builder: LogicBuilder, logic: Literal, names: Names) -> LogicRun:
    value = constant(logic.text.text)
    if value is not NOT_CONSTANT:
        return lambda _scope, _allowance: value
    run = builder.feel.text(logic.text, names)
    return lambda scope, _allowance: run(scope)


def _table(builder: LogicBuilder, logic: Table, names: Names) -> LogicRun:
    plan = TablePlan(logic, names, builder.kinds, builder.feel)
    return lambda scope, _allowance: plan.decide(scope).value


def _context(builder: LogicBuilder, logic: ContextBox, names: Names) -> LogicRun:
    known = dict(names)
    entries = []
    for entry in logic.entries:
        name, declared = entry.variable.name, entry.variable.type
        type_ = builder.type_of(entry.logic, declared)
        itself = {name: type_} if isinstance(entry.logic, FunctionBox) else {}
        run = builder.build(entry.logic, {**known, **itself})
        entries.append((name, run, builder.kinds.find(declared)))
        known[name] = type_
    result = None if logic.result is None else builder.build(logic.result, known)

    def make(scope: dict[str, Any], allowance: Allowance) -> Any:
        inner = dict(scope)
        made: dict[str, Any] = {}
        for name, run, kind in entries:
            value = run(inner, allowance)
            is_plain = isinstance(value, Function) and kind.result is None
            inner[name] = made[name] = value if is_plain else kind.coerce(value)
        return made if result is None else result(inner, allowance)

    return make


def _list(builder: LogicBuilder, logic: ListBox, names: Names) -> LogicRun:
    runs = [builder.build(item, names) for item in logic.items]
    return lambda scope, allowance: [run(scope, allowance) for run in runs]


def _relation(builder: LogicBuilder, logic: Relation, names: Names) -> LogicRun:
    columns = [(column.name, builder.kinds.find(column.type)) for column in logic.columns]
    rows = [[builder.build(cell, names) for cell in row] for row in logic.rows]

    def make(scope: dict[str, Any], allowance: Allowance) -> Any:
        return [
            {
                name: kind.coerce(run(scope, allowance))
                for (name, kind), run in zip(columns, row, strict=True)
            }
            for row in rows
        ]

    return make


def _function(builder: LogicBuilder, logic: FunctionBox, names: Names) -> LogicRun:
    known = {**names, **{p.name: builder.kinds.find(p.type).type for p in logic.parameters}}
    body = None if logic.body is None else builder.build(logic.body, known)
    result = builder.kinds.find(logic.type).result or ANYTHING

    def make(scope: dict[str, Any], allowance: Allowance) -> Any:
        return make_function(
            logic.parameters,
            builder.kinds,
            result,
            logic.where,
            allowance,
            lambda given: None if body is None else body({**scope, **given}, allowance),
        )

    return make


def _invocation(builder: LogicBuilder, logic: Invocation, names: Names) -> LogicRun:
    function = builder.build(logic.function, names)
    bindings = [
        (b.variable.name, builder.build(b.logic, names), builder.kinds.find(b.variable.type))
        for b in logic.bindings
    ]
    arguments = ", ".join(f"{name}: {name}" for name, _, _ in bindings)
    known: dict[str, Type] = {_INVOKED: ANY_FUNCTION, **{name: ANY for name, _, _ in bindings}}
    call = builder.feel.text(Text(f"{_INVOKED}({arguments})", logic.where), known)

    def run(scope: dict[str, Any], allowance: Allowance) -> Any:
        given = {name: kind.coerce(value(scope, allowance)) for name, value, kind in bindings}
        return call({**given, _INVOKED: function(scope, allowance)})

    return run


def _conditional(builder: LogicBuilder, logic: Conditional, names: Names) -> LogicRun:
    condition = builder.build(logic.condition, names)
    then, otherwise = builder.build(logic.then, names), builder.build(logic.otherwise, names)

    def run(scope: dict[str, Any], allowance: Allowance) -> Any:
        chosen = then if condition(scope, allowance) is True else otherwise
        return chosen(scope, allowance)

    return run


def _filter(builder: LogicBuilder, logic: Filter, names: Names) -> LogicRun:
    """Null where the condition is neither true, false nor null for an element."""
    source = builder.build(logic.source, names)
    type_ = builder.type_of(logic.source)
    if isinstance(logic.match, Literal):
        return _feel_filter(builder, source, {**names, _FILTERED: type_}, logic.match.text)
    match = builder.build(logic.match, {**names, _ITEM: element_type(type_)})

    def run(scope: dict[str, Any], allowance: Allowance) -> Any:
        items = _elements(source(scope, allowance))
        kept = []
        for item in items or ():
            allowance.spend(logic.where)
            found = match({**scope, _ITEM: item}, allowance)
            if found is True:
                kept.append(item)
            elif found is not None and found is not False:
                return None
        return None if items is None else kept

    return run


def _feel_filter(builder: LogicBuilder, source: LogicRun, names: Names, text: Text) -> LogicRun:
    """A FEEL condition is given to FEEL as a filter, where members of the element are names; a
    number picks one element there. `_SEEN` notes what the condition gave."""
    known = {**names, _SEEN: ANY_FUNCTION}
    select = builder.feel.text(Text(f"{_FILTERED}[{_SEEN}({text.text}\n)]", text.where), known)
    pick = builder.feel.text(Text(f"{_FILTERED}[{text.text}\n]", text.where), names)

    def run(scope: dict[str, Any], allowance: Allowance) -> Any:
        odd: list[Any] = []

        def see(value: Any) -> bool | None:
            if isinstance(value, bool) or value is None:
                return value
            odd.append(value)
            return None

        inner = {**scope, _FILTERED: source(scope, allowance), _SEEN: Function(("value",), see)}
        kept = select(inner)
        if not odd:
            return kept
        return pick(inner) if all(isinstance(value, Decimal) for value in odd) else None

    return run


def _elements(source: Any) -> list[Any] | None:
    """The elements a loop goes through, as FEEL sees them: of a list, a range, a single value.
    Null has none to go through."""
    found = _ELEMENTS({"source": source})
    return found if isinstance(found, list) else None


def _iteration(builder: LogicBuilder, logic: Iteration, names: Names) -> LogicRun:
    source = builder.build(logic.source, names)
    element = element_type(builder.type_of(logic.source))
    known = {**names, logic.variable: element, "partial": ANY_LIST}
    body = builder.build(logic.body, known)

    def values(scope: dict[str, Any], allowance: Allowance) -> list[Any] | None:
        items = _elements(source(scope, allowance))
        found: list[Any] = []
        for item in items or ():
            allowance.spend(logic.where)
            found.append(body({**scope, logic.variable: item, "partial": list(found)}, allowance))
        return None if items is None else found

    if logic.word == "for":
        return values
    decisive = logic.word == "some"
    return lambda scope, allowance: _quantified(values(scope, allowance), decisive)


def _quantified(values: list[Any] | None, decisive: bool) -> bool | None:
    """`some` ends with the first true, `every` with the first false; null where one before it is
    no boolean."""
    if values is None:
        return None
    first = next((v for v in values if v is decisive or not isinstance(v, bool)), not decisive)
    return first if isinstance(first, bool) else None


_BUILDERS: Mapping[type[Logic], Callable[[LogicBuilder, Any, Names], LogicRun]] = {
    Broken: _broken,
    Literal: _literal,
    Table: _table,
    ContextBox: _context,
    ListBox: _list,
    Relation: _relation,
    FunctionBox: _function,
    Invocation: _invocation,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
}
