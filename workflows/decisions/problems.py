"""What a writer should know before publishing: names, types and constants that cannot be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.decisions.cell_types import known_names, misfits, type_of_column
from workflows.decisions.errors import Where, fault
from workflows.decisions.feel_text import NOT_CONSTANT, CheckingFeel, Names, constant
from workflows.decisions.kinds import ANYTHING, Kinds
from workflows.decisions.model import Model, Named, OutputColumn, Rule, Table
from workflows.decisions.plan import Plan
from workflows.feel import FeelError, Type, parse_type
from workflows.feel.types import ANY
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `element`: id of the nearest element; `row`: rule, `column`: input and output
    columns in order, both from 1, None outside a table."""

    element: str
    row: int | None
    column: int | None
    message: Message


def find_problems(model: Model, kinds: Kinds, names: Mapping[str, str]) -> tuple[Problem, ...]:
    """All mistakes where `names` (name → FEEL type) are the only names from outside."""
    feel = CheckingFeel(kinds.types)
    plan = Plan(model, kinds, {name: _type(text) for name, text in names.items()}, feel)
    found = [_problem(error.where, error.message) for error in feel.faults]
    found += _missing_inputs(model, names)
    found += _unknown_types(model, kinds)
    for decision in model.decisions.values():
        if isinstance(decision.logic, Table):
            found += _cells(decision.logic, plan.names_of(decision))
            found += _constants(decision.logic, kinds)
    return tuple(_once(found))


def _type(text: str) -> Type:
    try:
        return parse_type(text) if text else ANY
    except FeelError:
        return ANY


def _problem(where: Where, message: Message) -> Problem:
    return Problem(where.element, where.row, where.column, message)


def _told(where: Where, code: str, **params: object) -> Problem:
    return _problem(where, fault(where, code, **params).message)


def _missing_inputs(model: Model, names: Mapping[str, str]) -> Iterator[Problem]:
    """Inputs a decision requires and nobody will give."""
    for decision in model.decisions.values():
        for key in decision.requires:
            given = model.inputs.get(key)
            if given is not None and not {given.name, given.variable.name} & names.keys():
                yield _told(Where(given.id), "input_unknown", name=given.name)


def _unknown_types(model: Model, kinds: Kinds) -> Iterator[Problem]:
    declared: list[tuple[str, Named]] = []
    for group in (model.inputs, model.decisions, model.knowledge, model.services):
        declared += [(key, element.variable) for key, element in group.items()]
    for key, variable in declared:
        if not kinds.is_known(variable.type):
            yield _told(Where(key), "type_unknown", type=variable.type)
    for decision in model.decisions.values():
        for column in decision.logic.outputs if isinstance(decision.logic, Table) else ():
            if not kinds.is_known(column.type):
                yield _told(column.where, "type_unknown", type=column.type)


def _cells(table: Table, names: Names) -> Iterator[Problem]:
    """Input cells with a constant that can never equal what the column reads."""
    declared = known_names(names)
    for number, column in enumerate(table.inputs):
        kind = type_of_column(column, declared)
        for rule in table.rules if kind is not None else ():
            cell = rule.tests[number]
            if kind is not None and misfits(cell, kind):
                yield _told(
                    cell.where,
                    "input_type",
                    row=cell.where.row,
                    cell=cell.where.column,
                    text=cell.text[:80],
                    label=column.label,
                    type=kind,
                )


def _constants(table: Table, kinds: Kinds) -> Iterator[Problem]:
    """Output cells whose constant can never be of the column's type, and so would be null."""
    for number, column in enumerate(table.outputs):
        for rule in table.rules:
            if _misfits(column, rule, number, kinds):
                cell = rule.results[number]
                yield _told(
                    cell.where,
                    "output_type",
                    row=cell.where.row,
                    cell=cell.where.column,
                    text=cell.text[:80],
                    label=column.label,
                    type=column.type,
                )


def _misfits(column: OutputColumn, rule: Rule, number: int, kinds: Kinds) -> bool:
    kind = kinds.find(column.type)
    value = constant(rule.results[number].text)
    known = kind is not ANYTHING and value is not NOT_CONSTANT and value is not None
    return known and kind.coerce(value) is None


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """Each place once: the first mistake of a cell is enough."""
    seen: set[tuple[str, int | None, int | None, str]] = set()
    for problem in problems:
        key = (problem.element, problem.row, problem.column, problem.message.code)
        if key not in seen:
            seen.add(key)
            yield problem
