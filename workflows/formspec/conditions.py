"""When a field is asked: compiles `ui:visible`, orders fields by it, answers it for values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.feel import FeelError, compile_reading
from workflows.formspec.fields import Condition, Field
from workflows.formspec.findings import Findings

SURROUNDINGS: Mapping[str, str] = {
    "case": "context",
    "parties": "list",
    "unit": "context",
    "today": "date",
}
"""Names from outside the form that a condition may read; the form's own names win."""


def compile_condition(
    text: str, names: Mapping[str, str], path: str, findings: Findings
) -> Condition | None:
    """The condition, or None with a finding that says where the text goes wrong."""
    known = {**SURROUNDINGS, **names}
    try:
        evaluate, used = compile_reading(text, known)
        return Condition(text, evaluate, used & frozenset(names))
    except FeelError as error:
        findings.error(path, "condition", line=error.line, column=error.column, why=error.message)
        return None


def order_for_reading(
    fields: Sequence[Field], findings: Findings, path: str = "ui:visible"
) -> tuple[str, ...]:
    """Names such that each comes after those its condition reads; a circle is a finding."""
    needs = {one.name: one.visible.names if one.visible else frozenset() for one in fields}
    order: list[str] = []
    left = [one.name for one in fields]
    while left:
        ready = [name for name in left if not (needs[name] & set(left))]
        if not ready:
            findings.error(path, "circle", names=", ".join(left))
            return tuple(order + left)
        order += ready
        left = [name for name in left if name not in ready]
    return tuple(order)


def is_asked(field: Field, values: Mapping[str, Any]) -> bool:
    """Whether the field's condition is true for what is known; unknown counts as not."""
    if field.visible is None:
        return True
    try:
        return field.visible.evaluate(values) is True
    except FeelError:
        return False
