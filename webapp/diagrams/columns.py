"""Columns: how far right a node stands. Longest path without the flows that go back."""

from __future__ import annotations

from typing import NamedTuple

from webapp.diagrams.tree import Flow, Scope


class Link(NamedTuple):
    """A flow between activities: boundary events stand for the activity they sit on."""

    source: str
    target: str
    flow: Flow


def links_of(scope: Scope) -> list[Link]:
    return [Link(scope.activity_of(f.source), scope.activity_of(f.target), f) for f in scope.flows]


def assign_columns(scope: Scope, links: list[Link]) -> dict[str, int]:
    """Column of every node but boundary events, from 0. Nodes nothing leads to stand just
    before what they start."""
    nodes = [key for key, node in scope.nodes.items() if not node.is_boundary]
    leaving: dict[str, list[Link]] = {key: [] for key in nodes}
    for link in links:
        leaving[link.source].append(link)
    targets = {link.target for link in links}
    roots = [key for key in nodes if key not in targets]
    back = _back_flows(roots + nodes, leaving)
    column = dict.fromkeys(nodes, 0)
    ahead = [link for link in links if link.flow.id not in back and link.source != link.target]
    for _ in nodes:
        moved = False
        for link in ahead:
            if column[link.target] <= column[link.source]:
                column[link.target] = column[link.source] + 1
                moved = True
        if not moved:
            break
    for key in roots:
        if leaving[key]:
            column[key] = max(0, min(column[link.target] for link in leaving[key]) - 1)
    return column


def _back_flows(order: list[str], leaving: dict[str, list[Link]]) -> set[str]:
    """Flows that close a circle, found by walking in the author's order."""
    seen: set[str] = set()
    done: set[str] = set()
    back: set[str] = set()
    for root in order:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(leaving[root]))]
        while stack:
            key, remaining = stack[-1]
            link = next(remaining, None)
            if link is None:
                done.add(key)
                stack.pop()
            elif link.target in seen:
                if link.target not in done:
                    back.add(link.flow.id)
            else:
                seen.add(link.target)
                stack.append((link.target, iter(leaving[link.target])))
    return back
