"""Builds DMN files with the least text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from workflows.decisions import Decisions, load

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(*elements: str, namespace: str = NAMESPACE) -> str:
    """A file of these elements."""
    return f'<definitions xmlns="{namespace}" id="d" name="d">{"".join(elements)}</definitions>'


def attributes(**values: str | None) -> str:
    return "".join(f" {k}={quoteattr(v)}" for k, v in values.items() if v is not None)


def literal(text: str, type_: str | None = None) -> str:
    inside = f"<text>{escape(text)}</text>"
    return f"<literalExpression{attributes(typeRef=type_)}>{inside}</literalExpression>"


def decision(
    key: str,
    logic: str,
    *,
    needs: Sequence[str] = (),
    inputs: Sequence[str] = (),
    knows: Sequence[str] = (),
    type_: str | None = None,
) -> str:
    """A decision whose name is its id."""
    needed = "".join(
        f'<informationRequirement><requiredDecision href="#{n}"/></informationRequirement>'
        for n in needs
    )
    given = "".join(
        f'<informationRequirement><requiredInput href="#{n}"/></informationRequirement>'
        for n in inputs
    )
    known = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{n}"/></knowledgeRequirement>'
        for n in knows
    )
    variable = f"<variable{attributes(name=key, typeRef=type_)}/>"
    return f'<decision id="{key}" name="{key}">{variable}{needed}{given}{known}{logic}</decision>'


def table(
    hit: str,
    inputs: Sequence[str | tuple[str, str]],
    outputs: Sequence[str | tuple[str, str] | tuple[str, str, str]],
    rules: Sequence[str],
    *,
    aggregation: str | None = None,
    types: Sequence[str | None] = (),
) -> str:
    """`inputs`: expression or (expression, allowed values); `outputs`: name, (name, allowed) or
    (name, allowed, default); `rules`: cells divided by `|`; `types`: of inputs, then outputs."""
    width = len(inputs) + len(outputs)
    kinds = [*types, *[None] * (width - len(types))]
    columns = "".join(_input(n, c, kinds[n]) for n, c in enumerate(inputs))
    columns += "".join(_output(n, c, kinds[len(inputs) + n]) for n, c in enumerate(outputs))
    rows = "".join(_rule(n, rule, len(inputs)) for n, rule in enumerate(rules, start=1))
    head = attributes(id="t", hitPolicy=hit, aggregation=aggregation)
    return f"<decisionTable{head}>{columns}{rows}</decisionTable>"


def _input(number: int, column: str | tuple[str, str], type_: str | None) -> str:
    text, allowed = column if isinstance(column, tuple) else (column, "")
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    expression = (
        f"<inputExpression{attributes(typeRef=type_)}><text>{escape(text)}</text></inputExpression>"
    )
    return f'<input id="i{number}">{expression}{values}</input>'


def _output(number: int, column: str | tuple[str, ...], type_: str | None) -> str:
    name, allowed, default = (*((column,) if isinstance(column, str) else column), "", "")[:3]
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    values += (
        f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        if default
        else ""
    )
    return f"<output{attributes(id=f'o{number}', name=name, typeRef=type_)}>{values}</output>"


def _rule(number: int, rule: str, inputs: int) -> str:
    cells = [cell.strip() for cell in rule.split("|")]
    tests = "".join(f"<inputEntry><text>{escape(c)}</text></inputEntry>" for c in cells[:inputs])
    results = "".join(
        f"<outputEntry><text>{escape(c)}</text></outputEntry>" for c in cells[inputs:]
    )
    return f'<rule id="r{number}">{tests}{results}</rule>'


def tabled(*arguments: object, **named: object) -> Decisions:
    """A file with one table, decision `d`."""
    return load(dmn(decision("d", table(*arguments, **named))))  # type: ignore[arg-type]


def boxed(logic: str, **named: object) -> Decisions:
    """A file with one boxed expression, decision `d`."""
    return load(dmn(decision("d", logic, **named)))  # type: ignore[arg-type]
