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
from workflows.engine.expressions import BadExpressionError, Expressions, expression_of
from workflows.engine.findings import Finding, error
from workflows.engine.scripts import ScriptError, parse_script

FormNames = Mapping[str, Collection[str]]
"""Form file → process names it fills."""


def check_ways(
    diagram: Diagram,
    declared: Collection[str],
    expressions: Expressions,
    called: Mapping[str, CalledDecision],
    form_names: FormNames,
) -> list[Finding]:
    """`declared`: names of forms and package.toml, which a form may fill anywhere."""
    writes = _writes(diagram, called, form_names)
    return [
        *_check_joins(diagram),
        *_check_branches(diagram, writes),
        *_check_order(diagram, declared, expressions, writes),
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
    leaving, coming = flows_by(diagram.flows, "source"), flows_by(diagram.flows, "target")
    forks = list(_forks(diagram))
    for join in diagram.elements.values():
        if join.kind != "parallelGateway" or len(coming[join.id]) < 2:
            continue
        arrives = [_arrivals(fork, exits, leaving, join.id) for fork, exits in forks]
        pairs = combinations([flow.id for flow in coming[join.id]], 2)
        if any(not _together(pair, arrives) for pair in pairs):
            yield error("join_never", join.id, join.file, join.line)


def _arrivals(
    fork: Element, exits: Iterable[Flow], leaving: Mapping[str, list[Flow]], join: str
) -> list[set[str]]:
    """For each exit of a fork: the flows by which its token may come to the join."""
    found = []
    for way in exits:
        nodes = _reach(way.target, leaving, join)
        into = {f.id for node in nodes for f in leaving[node] if f.target == join}
        found.append(into | ({way.id} if way.target == join else set()))
    return found if fork.id != join else []


def _together(pair: tuple[str, str], arrives: Iterable[list[set[str]]]) -> bool:
    one, other = pair
    return any(
        (one in a and other in b) or (other in a and one in b)
        for exits in arrives
        for a, b in combinations(exits, 2)
    )


def _check_branches(diagram: Diagram, writes: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Two branches of a parallel gateway may not write one name."""
    leaving = flows_by(diagram.flows, "source")
    inside = _inside(diagram, writes)
    for fork, exits in _forks(diagram):
        if fork.kind != "parallelGateway":
            continue
        regions = [_reach(way.target, leaving, fork.id) for way in exits]
        twice: set[str] = set()
        for one, other in combinations(regions, 2):
            mine = {name for node in one - other for name in inside[node]}
            theirs = {name for node in other - one for name in inside[node]}
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
    declared: Collection[str],
    expressions: Expressions,
    writes: Mapping[str, set[str]],
) -> Iterator[Finding]:
    """A name that only scripts, decisions, calls and messages write is read after one of them."""
    before = _before(diagram)
    writers: dict[str, set[str]] = defaultdict(set)
    for element, names in writes.items():
        for name in names:
            writers[name].add(element)
    flows = {flow.id: flow.source for flow in diagram.flows}
    for site in diagram.sites:
        place = flows.get(site.element, site.element)
        if site.kind is SiteKind.CORRELATION or place not in diagram.elements:
            continue
        for name in sorted(_uses(site, expressions)):
            late = writers[name] and not writers[name] & _ancestors(place, before)
            if name not in declared and late:
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
