"""Boxed expressions: DMN elements → `Logic`. DMN 1.5 chapters 7.3 and 10.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from workflows.decisions.errors import DecisionError, Where, fault
from workflows.decisions.limits import MAX_NESTING
from workflows.decisions.model import (
    Broken,
    Conditional,
    ContextBox,
    Entry,
    Filter,
    FunctionBox,
    Invocation,
    Iteration,
    ListBox,
    Literal,
    Logic,
    Named,
    Relation,
    Text,
)
from workflows.decisions.read_table import read_table
from workflows.decisions.source import child, children, place, tag, text_of

Reader = Callable[[Any, int], Logic]


def type_ref(node: Any) -> str | None:
    """The declared type; None where nothing useful is declared."""
    found = " ".join(str(node.get("typeRef") or "").split())
    return found or None


def check_language(node: Any) -> None:
    """DecisionError `language` where an element is written in anything but FEEL."""
    language = str(node.get("expressionLanguage") or "")
    if language and "feel" not in language.lower():
        raise fault(Where(place(node)), "language", language=language[:80])


def read_whole_logic(node: Any) -> Logic | None:
    """The logic of a decision or knowledge model; `Broken` where it cannot be read, so that the
    rest of the file can be used."""
    try:
        return read_logic_in(node)
    except DecisionError as error:
        return Broken(error.where, None, error)


def read_logic_in(node: Any, depth: int = 0) -> Logic | None:
    """The boxed expression among the children, None where there is none."""
    found = child(node, *READERS)
    return None if found is None else read_logic(found, depth)


def read_logic(node: Any, depth: int = 0) -> Logic:
    """One boxed expression with everything inside it."""
    if depth > MAX_NESTING:
        raise fault(Where(place(node)), "nested_too_deeply", most=MAX_NESTING)
    check_language(node)
    return READERS[tag(node)](node, depth + 1)


def _inside(node: Any, name: str, depth: int) -> Logic:
    """The expression inside the child `name`, which must be there."""
    part = child(node, name)
    found = None if part is None else read_logic_in(part, depth)
    if found is None:
        raise fault(Where(place(node)), "part_missing", part=name)
    return found


def _literal(node: Any, _depth: int) -> Logic:
    if child(node, "importedValues") is not None:
        raise fault(Where(place(node)), "language", language="importedValues")
    where = Where(place(node))
    return Literal(where, type_ref(node), Text(text_of(node) or "null", where))


def _table(node: Any, _depth: int) -> Logic:
    for part in node.iter():
        if isinstance(part.tag, str):
            check_language(part)
    return read_table(node, type_ref(node))


def _context(node: Any, depth: int) -> Logic:
    entries: list[Entry] = []
    result: Logic | None = None
    for part in children(node, "contextEntry"):
        logic = read_logic_in(part, depth)
        if logic is None:
            raise fault(Where(place(part)), "part_missing", part="contextEntry")
        variable = child(part, "variable")
        if variable is None:
            result = logic
        else:
            entries.append(Entry(_named(variable), logic))
    return ContextBox(Where(place(node)), type_ref(node), tuple(entries), result)


def _named(node: Any) -> Named:
    return Named(" ".join(str(node.get("name") or "").split()), type_ref(node))


def _list(node: Any, depth: int) -> Logic:
    items = tuple(read_logic(part, depth) for part in children(node, *READERS))
    return ListBox(Where(place(node)), type_ref(node), items)


def _relation(node: Any, depth: int) -> Logic:
    columns = tuple(_named(part) for part in children(node, "column"))
    rows = []
    for number, row in enumerate(children(node, "row"), start=1):
        cells = tuple(read_logic(part, depth) for part in children(row, *READERS))
        if len(cells) != len(columns):
            raise fault(
                Where(place(row), number),
                "row_width",
                row=number,
                found=len(cells),
                wanted=len(columns),
            )
        rows.append(cells)
    return Relation(Where(place(node)), type_ref(node), columns, tuple(rows))


def read_function_of(node: Any, depth: int = 0) -> FunctionBox:
    """A function definition or the logic of a knowledge model. Nothing outside FEEL is called:
    the body of another `kind` is `Broken`."""
    where = Where(place(node))
    kind = node.get("kind", "FEEL")
    body: Logic | None
    if kind != "FEEL":
        body = Broken(where, None, fault(where, "language", language=str(kind)[:80]))
    else:
        body = read_logic_in(node, depth) if depth else read_whole_logic(node)
    parameters = tuple(_named(part) for part in children(node, "formalParameter"))
    return FunctionBox(where, type_ref(node), parameters, body)


def _invocation(node: Any, depth: int) -> Logic:
    function = read_logic_in(node, depth)
    if function is None:
        raise fault(Where(place(node)), "part_missing", part="literalExpression")
    bindings = []
    for part in children(node, "binding"):
        parameter = child(part, "parameter")
        if parameter is None:
            raise fault(Where(place(part)), "part_missing", part="parameter")
        value = read_logic_in(part, depth)
        bindings.append(Entry(_named(parameter), value or _null(part)))
    return Invocation(Where(place(node)), type_ref(node), function, tuple(bindings))


def _null(node: Any) -> Logic:
    where = Where(place(node))
    return Literal(where, None, Text("null", where))


def _conditional(node: Any, depth: int) -> Logic:
    return Conditional(
        Where(place(node)),
        type_ref(node),
        _inside(node, "if", depth),
        _inside(node, "then", depth),
        _inside(node, "else", depth),
    )


def _filter(node: Any, depth: int) -> Logic:
    source, match = _inside(node, "in", depth), _inside(node, "match", depth)
    return Filter(Where(place(node)), type_ref(node), source, match)


def _iteration(node: Any, depth: int) -> Logic:
    word: Any = tag(node)
    variable = " ".join(str(node.get("iteratorVariable") or "").split())
    if not variable:
        raise fault(Where(place(node)), "part_missing", part="iteratorVariable")
    source = _inside(node, "in", depth)
    body = _inside(node, "return" if word == "for" else "satisfies", depth)
    return Iteration(Where(place(node)), type_ref(node), word, variable, source, body)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "literalExpression": _literal,
        "decisionTable": _table,
        "context": _context,
        "list": _list,
        "relation": _relation,
        "functionDefinition": lambda node, depth: read_function_of(node, depth),
        "invocation": _invocation,
        "conditional": _conditional,
        "filter": _filter,
        "for": _iteration,
        "some": _iteration,
        "every": _iteration,
    }
)
"""Tag → reader of every boxed expression."""
