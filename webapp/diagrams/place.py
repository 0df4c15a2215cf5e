"""From columns and tracks to pixels: boxes of nodes, bands of lanes, labels of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.diagrams.columns import Link
from webapp.diagrams.picture import (
    EVENT_SIZE,
    GRID,
    LABEL_LINE,
    LABEL_WIDTH,
    Band,
    Box,
    Picture,
    plain_size,
    text_width,
    up,
)
from webapp.diagrams.rows import Tracks
from webapp.diagrams.tree import GATEWAYS, Node, Scope

LANE_PAD = 35
TRACK_GAP = 34
HEADS = 60
"""Width of the pool's and the lanes' title strips together."""
COLUMN_GAP = 40
BESIDE_RUN = 8
"""Room a vertical run of a flow needs in the gap between two columns."""
INSIDE_X, INSIDE_TOP, INSIDE_BOTTOM = 20, 35, 25
"""Margins of an expanded sub-process around its inside."""


@dataclass(frozen=True)
class Sheet:
    """All a placement starts from. `inner`: pictures of expanded sub-processes by node."""

    scope: Scope
    links: list[Link]
    column: Mapping[str, int]
    tracks: Tracks
    inner: Mapping[str, Picture]
    is_top: bool

    def lane(self, key: str) -> str | None:
        return self.scope.nodes[key].lane if self.scope.lanes else None

    def size(self, key: str) -> tuple[float, float]:
        if key in self.inner:
            inside = self.inner[key]
            return (
                up(inside.width + 2 * INSIDE_X),
                up(inside.height + INSIDE_TOP + INSIDE_BOTTOM),
            )
        return plain_size(self.scope.nodes[key], len(self.scope.boundaries_of(key)))


def place(sheet: Sheet) -> Picture:
    """Boxes, bands and node labels; no routes yet."""
    picture = Picture()
    lefts, picture.width = _column_lefts(sheet)
    tops, picture.height = _track_tops(sheet, picture)
    for key in sheet.column:
        _place_node(sheet, picture, key, lefts, tops)
    for host in {node.host for node in sheet.scope.nodes.values() if node.host}:
        _place_boundaries(sheet.scope, picture, host)
    for node in sheet.scope.nodes.values():
        label = label_box(node, picture.boxes[node.id])
        if label:
            picture.labels[node.id] = label
    return picture


def _column_lefts(sheet: Sheet) -> tuple[list[tuple[float, float]], float]:
    """(left, width) of each column, and the width of all."""
    count = max(sheet.column.values(), default=0) + 1
    x = up((HEADS if sheet.is_top and sheet.scope.lanes else 0) + 30)
    columns = []
    for at in range(count):
        members = [key for key in sheet.column if sheet.column[key] == at]
        width = up(max((sheet.size(key)[0] for key in members), default=0))
        columns.append((x, width))
        x += width + _gap_after(sheet, at)
    return columns, x


def _gap_after(sheet: Sheet, at: int) -> float:
    runs, label = 0, 0.0
    for link in sheet.links:
        here, there = sheet.column[link.source], sheet.column[link.target]
        level = sheet.tracks.of[link.source] == sheet.tracks.of[link.target]
        straight = level and sheet.lane(link.source) == sheet.lane(link.target) and there > here
        runs += (here == at and not straight) + (there == at + 1 and here != at)
        if here == at and link.flow.label:
            label = max(label, text_width(link.flow.label) + 26)
    return up(max(COLUMN_GAP + BESIDE_RUN * min(runs, 5), label))


def _track_tops(
    sheet: Sheet, picture: Picture
) -> tuple[dict[tuple[str | None, int], tuple[float, float]], float]:
    """(top, height) of each track of each lane, and the height of all; adds the bands."""
    y = 0.0 if sheet.is_top else 10.0
    tops: dict[tuple[str | None, int], tuple[float, float]] = {}
    for lane, count in sheet.tracks.count.items():
        start = y
        y += LANE_PAD if sheet.is_top else 5
        for track in range(count):
            height = up(_track_height(sheet, lane, track))
            tops[lane, track] = (y, height)
            y += height + TRACK_GAP
        y = up(y + (LANE_PAD - TRACK_GAP + 10 if sheet.is_top else 0))
        if lane is not None:
            picture.bands.append(Band(lane, start, y - start))
    return tops, y + (0 if sheet.is_top else 5)


def _track_height(sheet: Sheet, lane: str | None, track: int) -> float:
    most = 20.0
    for key in sheet.column:
        if sheet.lane(key) == lane and sheet.tracks.of[key] == track:
            node = sheet.scope.nodes[key]
            below = 50 if sheet.scope.boundaries_of(key) else 0
            label = 20 if node.has_outside_label else 0
            most = max(most, sheet.size(key)[1] + below + label)
    return most


def _place_node(
    sheet: Sheet,
    picture: Picture,
    key: str,
    lefts: list[tuple[float, float]],
    tops: Mapping[tuple[str | None, int], tuple[float, float]],
) -> None:
    width, height = sheet.size(key)
    left, column_width = lefts[sheet.column[key]]
    top, track_height = tops[sheet.lane(key), sheet.tracks.of[key]]
    x = up(left + column_width / 2)
    if height > 90:
        y = up(top + height / 2)
    else:
        y = up(top + (track_height / 2 if track_height < 120 else 45))
    box = Box(x - width / 2, y - height / 2, width, height)
    picture.boxes[key] = box
    if key in sheet.inner:
        picture.take(sheet.inner[key].moved(box.x + INSIDE_X, box.y + INSIDE_TOP))


def _place_boundaries(scope: Scope, picture: Picture, host: str) -> None:
    """Along the lower edge: spread over a task, from the left on a wide sub-process."""
    guests, box, half = scope.boundaries_of(host), picture.boxes[host], EVENT_SIZE / 2
    for number, guest in enumerate(guests):
        if box.width > 300:
            step = min(110, (box.width - 80) / max(1, len(guests) - 1))
            middle = up(box.x + 40 + number * step)
        else:
            share = (number + 0.5) / len(guests)
            middle = round((box.x + box.width * share) / GRID) * GRID
        picture.boxes[guest.id] = Box(middle - half, box.bottom - half, EVENT_SIZE, EVENT_SIZE)


def label_box(node: Node, box: Box) -> Box | None:
    """Where the words of an event or gateway stand; None where they stand inside."""
    if not node.label or not node.has_outside_label:
        return None
    width = min(LABEL_WIDTH, text_width(node.label) + 6)
    height = LABEL_LINE * -(-text_width(node.label) // (LABEL_WIDTH - 6))
    middle = box.middle[0]
    if node.kind in GATEWAYS:
        return Box(middle - width / 2, box.y - 6 - height, width, height)
    if node.is_boundary:
        return Box(box.right + 2, box.bottom - 9, width, height)
    return Box(middle - width / 2, box.bottom + 4, width, height)
