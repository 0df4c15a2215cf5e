"""The process names of a package: declared ones, and those its own files write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.engine.called import CalledDecision
from workflows.engine.elements import Diagram, Element


def known_names(
    declared: Mapping[str, str], diagram: Diagram, called: Mapping[str, CalledDecision]
) -> dict[str, str]:
    """Every name an expression may read, with its FEEL type; a declared type wins."""
    found = dict(declared)
    for element in diagram.elements.values():
        for name, kind in decided_names(element, called):
            found.setdefault(name, kind)
    for names in diagram.written.values():
        for name in names:
            found.setdefault(name, "any")
    return found


def decided_names(
    element: Element, called: Mapping[str, CalledDecision]
) -> Iterator[tuple[str, str]]:
    """Names and types a business rule task writes."""
    decision = called.get(element.calls or "")
    if element.kind == "businessRuleTask" and decision is not None:
        yield from decision.outputs.items()
