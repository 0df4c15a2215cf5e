"""Decision tables: DMN elements → `Table`. DMN 1.5 chapter 8.3.

Orientation and cross tables are drawing only: the file holds the same rules.
"""

from __future__ import annotations

from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.model import InputColumn, OutputColumn, Rule, Table, Text
from workflows.decisions.source import child, children, place, text_of

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
"""DMN 1.5 §8.2.10."""
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")
"""Of COLLECT only."""


def read_table(node: Any, type_: str | None) -> Table:
    """One table. DecisionError: unknown hit policy or aggregation, no output, rows of wrong
    width."""
    where = Where(place(node))
    hit = str(node.get("hitPolicy") or "UNIQUE")
    if hit not in HIT_POLICIES:
        raise fault(where, "hit_policy", found=hit[:40])
    aggregation = node.get("aggregation")
    if aggregation is not None and (aggregation not in AGGREGATIONS or hit != "COLLECT"):
        raise fault(where, "aggregation", found=str(aggregation)[:40], hit=hit)
    inputs = tuple(_input(part, n) for n, part in enumerate(children(node, "input"), start=1))
    outputs = tuple(
        _output(part, len(inputs) + n) for n, part in enumerate(children(node, "output"), start=1)
    )
    if not outputs:
        raise fault(where, "no_output")
    if len(outputs) > 1:
        _check_names(outputs, where)
    rules = tuple(
        _rule(part, number, len(inputs), len(outputs))
        for number, part in enumerate(children(node, "rule"), start=1)
    )
    return Table(where, type_, hit, aggregation, inputs, outputs, rules)


def _check_names(outputs: tuple[OutputColumn, ...], where: Where) -> None:
    names = [column.name for column in outputs]
    if not all(names) or len(set(names)) < len(names):
        raise fault(where, "output_names")


def _input(node: Any, column: int) -> InputColumn:
    expression = child(node, "inputExpression")
    text = text_of(expression)
    where = Where(place(node if expression is None else expression), None, column)
    if not text:
        raise fault(where, "no_input_expression", column=column)
    return InputColumn(
        text=Text(text, where),
        label=_label(node, text),
        type=None if expression is None else expression.get("typeRef") or None,
        allowed=_values(node, "inputValues", column),
    )


def _output(node: Any, column: int) -> OutputColumn:
    name = " ".join(str(node.get("name") or "").split())
    where = Where(place(node), None, column)
    default = text_of(child(node, "defaultOutputEntry"))
    return OutputColumn(
        name=name,
        label=_label(node, name),
        type=node.get("typeRef") or None,
        allowed=_values(node, "outputValues", column),
        default=Text(default, where) if default else None,
        where=where,
    )


def _label(node: Any, otherwise: str) -> str:
    return " ".join(str(node.get("label") or otherwise).split())


def _values(node: Any, name: str, column: int) -> Text | None:
    """Allowed values; absent, empty and `-` allow everything."""
    text = text_of(child(node, name))
    return None if text in ("", "-") else Text(text, Where(place(node), None, column))


def _rule(node: Any, row: int, inputs: int, outputs: int) -> Rule:
    tests = [(text_of(part) or "-", None) for part in children(node, "inputEntry")]
    results = [
        (text_of(part) or "null", part.get("typeRef") or None)
        for part in children(node, "outputEntry")
    ]
    element = place(node)
    if len(tests) != inputs or len(results) != outputs:
        raise fault(
            Where(element, row),
            "row_width",
            row=row,
            found=len(tests) + len(results),
            wanted=inputs + outputs,
        )
    cells = [
        Text(text, Where(element, row, n), type_)
        for n, (text, type_) in enumerate(tests + results, start=1)
    ]
    return Rule(tuple(cells[:inputs]), tuple(cells[inputs:]), _note(node))


def _note(node: Any) -> str:
    entries = [child(part, "text") for part in children(node, "annotationEntry")]
    said = [
        "".join(part.itertext())
        for part in (child(node, "description"), *entries)
        if part is not None
    ]
    return "；".join(" ".join(text.split()) for text in said if text.strip())
