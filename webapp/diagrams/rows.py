"""Tracks: which line of its lane a node stands on. The happy path keeps track 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from webapp.diagrams.columns import Link
from webapp.diagrams.tree import Scope

MOST_TRACKS = 12


@dataclass
class Tracks:
    """`of`: node → track in its lane, from 0. `count`: lane → tracks it needs, at least 1."""

    of: dict[str, int] = field(default_factory=dict)
    count: dict[str | None, int] = field(default_factory=dict)
    taken: set[tuple[str | None, int, int]] = field(default_factory=set)
    passed: set[tuple[str | None, int, int]] = field(default_factory=set)
    """Places a straight flow of the happy path runs through."""


def assign_tracks(scope: Scope, links: list[Link], column: Mapping[str, int]) -> Tracks:
    """A free track for every node, near the node it comes from."""
    lanes: list[str | None] = [lane.name for lane in scope.lanes] or [None]
    tracks = Tracks(count=dict.fromkeys(lanes, 1))
    arriving: dict[str, list[Link]] = {key: [] for key in column}
    for link in links:
        arriving[link.target].append(link)
    happy = _happy_path(links, arriving)
    author = {key: place for place, key in enumerate(scope.nodes)}
    rest = sorted((k for k in column if k not in happy), key=lambda k: (column[k], author[k]))
    for key in happy:
        _settle(scope, arriving[key], column, tracks, key, 0)
    for one, two in pairwise(happy):
        lane = _lane(scope, one)
        if lane == _lane(scope, two) and tracks.of[one] == tracks.of[two]:
            between = range(column[one] + 1, column[two])
            tracks.passed |= {(lane, tracks.of[one], at) for at in between}
    for key in rest:
        _settle(scope, arriving[key], column, tracks, key, _wish(scope, arriving[key], tracks, key))
    return tracks


def _happy_path(links: list[Link], arriving: Mapping[str, list[Link]]) -> list[str]:
    """From the first start along default flows, else along the first flow written."""
    follow: dict[str, Link] = {}
    for link in links:
        if link.flow.source != link.source:
            continue
        known = follow.get(link.source)
        if known is None or (link.flow.default and not known.flow.default):
            follow[link.source] = link
    path: list[str] = []
    key: str | None = next((k for k in arriving if not arriving[k]), next(iter(arriving), None))
    while key is not None and key not in path:
        path.append(key)
        key = follow[key].target if key in follow else None
    return path


def _lane(scope: Scope, key: str) -> str | None:
    return scope.nodes[key].lane if scope.lanes else None


def _wish(scope: Scope, arriving: list[Link], tracks: Tracks, key: str) -> int:
    """The track of the first neighbour that leads here; below it if that is a boundary event."""
    lane = _lane(scope, key)
    for link in arriving:
        if link.source in tracks.of and _lane(scope, link.source) == lane:
            return tracks.of[link.source] + (1 if link.flow.source != link.source else 0)
    return 0


def _settle(
    scope: Scope,
    arriving: list[Link],
    column: Mapping[str, int],
    tracks: Tracks,
    key: str,
    wish: int,
) -> None:
    lane, at = _lane(scope, key), column[key]

    def cost(track: int) -> float:
        blocked = sum(
            (lane, track, between) in tracks.taken
            for link in arriving
            if tracks.of.get(link.source) == track and _lane(scope, link.source) == lane
            for between in range(column[link.source] + 1, at)
        )
        passed = 4 if (lane, track, at) in tracks.passed else 0
        new = 1.5 if track >= tracks.count[lane] else 0
        return abs(track - wish) * 2 + blocked + passed + new

    free = [t for t in range(MOST_TRACKS) if (lane, t, at) not in tracks.taken] or [MOST_TRACKS]
    best = min(free, key=lambda track: (cost(track), track))
    tracks.of[key] = best
    tracks.taken.add((lane, best, at))
    tracks.count[lane] = max(tracks.count[lane], best + 1)
