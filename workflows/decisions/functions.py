"""Functions of DMN as FEEL values: knowledge models, services, boxed function definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workflows.decisions.errors import Where
from workflows.decisions.kinds import ANYTHING, Kind, Kinds
from workflows.decisions.model import Named
from workflows.decisions.running import Allowance
from workflows.feel import Function
from workflows.feel.types import ANY_FUNCTION

Body = Callable[[dict[str, Any]], Any]
"""Values of the parameters by name → result."""


def make_function(
    parameters: Sequence[Named],
    kinds: Kinds,
    result: Kind,
    where: Where,
    allowance: Allowance,
    body: Body,
) -> Function:
    """A function that converts its arguments and its result to their declared types."""
    names = tuple(parameter.name for parameter in parameters)
    declared = tuple(kinds.find(parameter.type) for parameter in parameters)

    def call(*arguments: Any) -> Any:
        given = (*arguments, *(None,) * (len(names) - len(arguments)))
        converted = (kind.coerce(value) for kind, value in zip(declared, given, strict=True))
        with allowance.inside(where):
            return result.coerce(body(dict(zip(names, converted, strict=True))))

    return Function(names, call)


def result_kind(declared: Kind) -> Kind:
    """What a function returns whose variable is declared so: the result of a function type; any
    other type is the result itself (DMN 1.1 files)."""
    if declared.result is not None:
        return declared.result
    return ANYTHING if declared.type == ANY_FUNCTION else declared
