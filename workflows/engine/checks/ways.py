"""What can only be seen along the ways: joins that starve, branches that overwrite each other,
names read before anything writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from workflows.engine.called import CalledDecision
from workflows.engine.checks.names import decided_names
from workflows.engine.checks.structure import flows_by
from workflows.engine.elements import Diagram, Element, Flow, Site, SiteKind
from workflows.engine.expressions import (
    READ_ONLY,
    BadExpressionError,
    Expressions,
    expression_of,
)
from workflows.engine.findings import Finding, error
from workflows.engine.scripts import ScriptError, parse_script

FormNames = Mapping[str, Collection[str]]
"""Form file → process names it fills."""


def check_ways(
    diagram: Diagram,
    given: Collection[str],
    expressions: Expressions,
    called: Mapping[str, CalledDecision],
    form_names: FormNames,
) -> list[Finding]:
    """`given`: names that may have a value from the beginning, or get one outside the diagram."""
    writes = _writes(diagram, called, form_names)
    return [
        *_check_joins(diagram),
        *_check_branches(diagram, writes),
        *_check_order(diagram, given, expressions, writes),
    ]


def _writes(
    diagram: Diagram, called: Mapping[str, CalledDecision], form_names: FormNames
) -> dict[str, set[str]]:
    """Element id → process names it writes itself."""
    found: dict[str, set[str]] = {}
    for element in diagram.elements.values():
        names = set(diagram.written.get(element.id, ()))
        names.update(name for name, _ in decided_names(element, called))
        names.update(form_names.get(element.form or "", ()))
        found[element.id] = names
    return found


def _reach(start: str, leaving: Mapping[str, list[Flow]], stop: str) -> set[str]:
    """Nodes a token may come to from `start`, itself included, not going through `stop`."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        node = todo.pop()
        if node not in seen and node != stop:
            seen.add(node)
            todo += [flow.target for flow in leaving[node]]
    return seen


def _forks(diagram: Diagram) -> Iterator[tuple[Element, list[Flow]]]:
    """Places after which several tokens run, and the flows they leave by."""
    leaving = flows_by(diagram.flows, "source")
    for element in diagram.elements.values():
        if element.kind == "parallelGateway" and len(leaving[element.id]) > 1:
            yield element, leaving[element.id]
        elif element.kind == "boundaryEvent" and not element.interrupting:
            yield element, leaving[element.id] + leaving[element.attached_to or ""]


def _check_joins(diagram: Diagram) -> Iterator[Finding]:
    """Every two flows into a parallel join must be able to carry tokens at the same time."""
    coming = flows_by(diagram.flows, "target")
    forks = list(_forks(diagram))
    for join in diagram.elements.values():
        if join.kind != "parallelGateway" or len(coming[join.id]) < 2:
            continue
        behind = {flow.id: _behind(flow, coming, join.id) for flow in coming[join.id]}
        arrivals = [_arrivals(exits, behind) for fork, exits in forks if fork.id != join.id]
        if any(not _together(pair, arrivals) for pair in combinations(behind, 2)):
            yield error("join_never", join.id, join.file, join.line)


def _behind(flow: Flow, coming: Mapping[str, list[Flow]], join: str) -> set[str]:
    """Nodes from which a token may come into `flow` without going through the join before."""
    seen: set[str] = set()
    todo = [flow.source]
    while todo:
        node = todo.pop()
        if node not in seen and node != join:
            seen.add(node)
            todo += [before.source for before in coming[node]]
    return seen


def _arrivals(exits: Iterable[Flow], behind: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Flow into the join → exits of a fork whose tokens may come by it."""
    ways = list(exits)
    return {
        into: {way.id for way in ways if way.id == into or way.target in nodes}
        for into, nodes in behind.items()
    }


def _together(pair: tuple[str, str], arrivals: Iterable[Mapping[str, set[str]]]) -> bool:
    """Whether some fork sends one token by each flow of the pair, by two exits."""
    one, other = pair
    return any(
        found[one] and found[other] and len(found[one] | found[other]) > 1 for found in arrivals
    )


def _check_branches(diagram: Diagram, writes: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Two branches of a parallel gateway may not write one name, nor may an activity and what
    follows it write what the branch of an event on its border writes meanwhile."""
    leaving = flows_by(diagram.flows, "source")
    inside = _inside(diagram, writes)
    for fork, exits in _forks(diagram):
        if fork.kind == "parallelGateway":
            regions = [_reach(way.target, leaving, fork.id) for way in exits]
        else:
            aside = [_reach(way.target, leaving, fork.id) for way in leaving[fork.id]]
            regions = [set().union(*aside), _reach(fork.attached_to or "", leaving, fork.id)]
        twice: set[str] = set()
        for one, other in combinations(regions, 2):
            mine = {name for node in one - other for name in inside.get(node, ())}
            theirs = {name for node in other - one for name in inside.get(node, ())}
            twice |= mine & theirs
        for name in sorted(twice):
            yield error("branches_write", fork.id, fork.file, fork.line, name=name)


def _inside(diagram: Diagram, writes: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Element id → names written by it and by everything inside it or called from it."""
    children: dict[str, list[str]] = defaultdict(list)
    for element in diagram.elements.values():
        children[element.parent].append(element.id)
    found: dict[str, set[str]] = {}
    for key in diagram.elements:
        names, todo, seen = set(), [key], set()
        while todo:
            node = todo.pop()
            if node in seen or node not in diagram.elements:
                continue
            seen.add(node)
            names |= writes[node]
            todo += children[node]
            element = diagram.elements[node]
            if element.kind == "callActivity" and element.calls:
                todo.append(element.calls)
        found[key] = names - _items(diagram, key)
    return found


def _items(diagram: Diagram, key: str) -> set[str]:
    """Names that live only inside an activity's instances."""
    loop = diagram.loops.get(key, {})
    return {loop[name] for name in ("item", "output_item") if name in loop}


def _check_order(
    diagram: Diagram,
    given: Collection[str],
    expressions: Expressions,
    writes: Mapping[str, set[str]],
) -> Iterator[Finding]:
    """A name that stands for nothing at the beginning is read after a step that writes it."""
    before, always = _before(diagram), {*given, *READ_ONLY}
    writers: dict[str, set[str]] = defaultdict(set)
    for element, names in writes.items():
        for name in names:
            writers[name].add(element)
    flows = {flow.id: flow.source for flow in diagram.flows}
    for site in diagram.sites:
        place = flows.get(site.element, site.element)
        if site.kind is SiteKind.CORRELATION or place not in diagram.elements:
            continue
        asked = _uses(site, expressions) - always
        passed = _ancestors(place, before) if asked else set()
        for name in sorted(asked):
            if not writers[name] & passed:
                yield error("used_before", site.element, site.file, site.line, name=name)


def _uses(site: Site, expressions: Expressions) -> set[str]:
    """Process names a text reads; those of a broken text are none."""
    try:
        if site.kind is not SiteKind.SCRIPT:
            timer = site.kind is SiteKind.TIMER
            return set(expressions.compile(expression_of(site.text), timer=timer).uses)
        lines = parse_script(site.text)
        return {name for line in lines for name in expressions.compile(line.expression).uses}
    except (BadExpressionError, ScriptError):
        return set()


def _before(diagram: Diagram) -> Mapping[str, set[str]]:
    """Node → nodes directly before it, bodies and called processes laid into the ways.

    An activity with a body has two nodes: its id where it begins, and `id>` where it ends.
    """
    before: dict[str, set[str]] = defaultdict(set)
    bodies = {
        element.id: element.id if element.kind == "subProcess" else str(element.calls)
        for element in diagram.elements.values()
        if element.kind in ("subProcess", "callActivity")
    }
    for flow in diagram.flows:
        before[flow.target].add(f"{flow.source}>" if flow.source in bodies else flow.source)
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent":
            before[element.id].add(str(element.attached_to))
        for holder, body in bodies.items():
            if element.parent == body and element.kind == "startEvent":
                before[element.id].add(holder)
            if element.parent == body and element.kind == "endEvent":
                before[f"{holder}>"].add(element.id)
    for holder in bodies:
        before[f"{holder}>"].add(holder)
    return before


def _ancestors(place: str, before: Mapping[str, set[str]]) -> set[str]:
    """Everything that may have happened when a token stands at `place`, itself included."""
    seen: set[str] = set()
    todo = [place, f"{place}>"] if f"{place}>" in before else [place]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += before.get(node, ())
    return seen
