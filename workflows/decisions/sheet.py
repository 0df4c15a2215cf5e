"""A decision table as people read it: its columns and rules in the words of the file."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.decisions.model import Decision, Rule, Table


@dataclass(frozen=True, slots=True)
class SheetRule:
    """One rule. `tests` and `results`: FEEL texts, as many as there are columns; `note`: its
    description and annotations."""

    number: int
    tests: tuple[str, ...]
    results: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `inputs`: label → FEEL text; `outputs`: process name → label; rules count from 1."""

    title: str
    hit: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    rules: tuple[SheetRule, ...]


def sheet_of(decision: Decision) -> Sheet | None:
    """The sheet of a decision; None where its logic is no table."""
    table = decision.logic
    if not isinstance(table, Table):
        return None
    return Sheet(
        title=decision.name,
        hit=table.hit,
        inputs={column.label: column.text.text for column in table.inputs},
        outputs={column.name or decision.variable.name: column.label for column in table.outputs},
        rules=tuple(_rule(number, rule) for number, rule in enumerate(table.rules, start=1)),
    )


def _rule(number: int, rule: Rule) -> SheetRule:
    tests, results = (tuple(text.text for text in cells) for cells in (rule.tests, rule.results))
    return SheetRule(number, tests, results, rule.note)
