"""Loops a token can never leave: every way out of them leads back, so the case never ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from workflows.engine.elements import Diagram, Element
from workflows.engine.findings import Finding, error

_THROWN = frozenset({"error", "escalation"})
_LISTED = 6
"""Elements of a loop that its sentence names."""


def check_loops(diagram: Diagram) -> Iterator[Finding]:
    """One finding a loop without exit, at the element that stands first in its file.

    Ways are flows, and the interrupting events on an activity's border. An activity that has an
    event on its border which does not interrupt still holds its token, so that is no way out. A
    thrown escalation or error may be caught outside and counts as one. Loops that nothing leads to
    are left to `structure`.
    """
    ways = _ways(diagram)
    for loop in _closed(diagram.elements, ways):
        inside = [element for element in diagram.elements.values() if element.id in loop]
        entered = any(loop & set(to) for source, to in ways.items() if source not in loop)
        if not entered or any(one.event in _THROWN for one in inside):
            continue
        first = inside[0]
        named = "、".join(one.id for one in inside[:_LISTED]) + ("…" if inside[_LISTED:] else "")
        yield error("loop_without_exit", first.id, first.file, first.line, loop=named)


def _ways(diagram: Diagram) -> Mapping[str, list[str]]:
    ways: dict[str, list[str]] = defaultdict(list)
    for flow in diagram.flows:
        ways[flow.source].append(flow.target)
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent" and element.interrupting and element.attached_to:
            ways[element.attached_to].append(element.id)
    return ways


def _closed(nodes: Mapping[str, Element], ways: Mapping[str, list[str]]) -> list[set[str]]:
    """Groups of nodes that all lead to each other and to nothing else, in reading order."""
    placed: set[str] = set()
    groups: list[set[str]] = []
    backwards: dict[str, list[str]] = defaultdict(list)
    for source in nodes:
        for target in ways.get(source, ()):
            backwards[target].append(source)
    for node in reversed(_finished(nodes, ways)):
        if node in placed:
            continue
        group = {node}
        todo = [node]
        while todo:
            for before in backwards[todo.pop()]:
                if before in nodes and before not in placed and before not in group:
                    group.add(before)
                    todo.append(before)
        placed |= group
        groups.append(group)
    order = {node: at for at, node in enumerate(nodes)}
    found = [group for group in groups if _is_closed_loop(group, ways)]
    return sorted(found, key=lambda group: min(order[node] for node in group))


def _finished(nodes: Iterable[str], ways: Mapping[str, list[str]]) -> list[str]:
    """The nodes in the order in which a walk into the depth leaves them. Without recursion:
    a drawing from a stranger may be ten thousand nodes deep."""
    done: list[str] = []
    seen: set[str] = set()
    for start in nodes:
        todo = [(start, False)]
        while todo:
            node, is_left = todo.pop()
            if is_left:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                todo.append((node, True))
                todo += [(target, False) for target in ways.get(node, ()) if target not in seen]
    return done


def _is_closed_loop(group: set[str], ways: Mapping[str, list[str]]) -> bool:
    targets = {target for node in group for target in ways.get(node, ())}
    return bool(targets) and targets <= group
