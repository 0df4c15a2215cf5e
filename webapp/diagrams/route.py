"""Routes of flows: A* over grid cells, with prices for what makes a picture hard to read."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from webapp.diagrams.picture import GRID, Box, Picture, Point
from webapp.diagrams.tree import GATEWAYS, Flow, Node, Scope

Cell: TypeAlias = tuple[int, int]
Rest: TypeAlias = Callable[[Cell], float]
"""The least a way from a cell to its goal can cost."""

RIGHT, LEFT, DOWN, UP = range(4)
STEPS = ((1, 0), (-1, 0), (0, 1), (0, -1))

STEP = 1.0
BEND = 10.0
LAST_BEND = 12.0
NEAR_SHAPE = 1.0
OVER_LABEL = 3.5
ALONG_BORDER = 4.0
CROSSING = 4.0
ON_TOP = 40.0
SHARED = 3.0
"""Running along a flow to the same target or from the same source: readable as one line."""
TRUNK = 0.1
"""Running along a flow from the same gateway: the comb of a gateway with many exits."""
PORT_TAKEN = 30.0
TRUNK_TAKEN = 2.0
MANY_EXITS = 3
"""From three exits on they may share the lower or upper side: better than a loop around."""
ENTRY_TAKEN = 6.0


class Port(NamedTuple):
    """A cell beside a shape, the direction a flow has there, and the price of using it."""

    cell: Cell
    direction: int
    price: float


class Track(NamedTuple):
    """A flow that already uses a cell."""

    source: str
    target: str
    horizontal: bool


@dataclass
class _Search:
    """One search: best known price by (cell, direction) and where it came from."""

    heap: list[tuple[float, int, Cell, int]] = field(default_factory=list)
    best: dict[tuple[Cell, int], float] = field(default_factory=dict)
    came: dict[tuple[Cell, int], tuple[Cell, int]] = field(default_factory=dict)
    tick: int = 0

    def offer(self, cell: Cell, direction: int, price: float, rest: float) -> bool:
        if price >= self.best.get((cell, direction), float("inf")):
            return False
        self.best[cell, direction] = price
        heapq.heappush(self.heap, (price + rest, self.tick, cell, direction))
        self.tick += 1
        return True


class Router:
    """Routes the flows of one scope whose boxes are placed; shortest first."""

    def __init__(self, scope: Scope, picture: Picture) -> None:
        self.scope, self.picture = scope, picture
        self.width = int(picture.width // GRID) + 4
        self.height = int(picture.height // GRID) + 6
        self.solid: set[Cell] = set()
        self.soft: dict[Cell, float] = {}
        self.used: dict[Cell, list[Track]] = {}
        self.ports: dict[tuple[str, Cell], int] = {}
        self.exits = Counter(flow.source for flow in scope.flows)
        for key in scope.nodes:
            self._block(picture.boxes[key])
        for key in scope.nodes:
            if key in picture.labels:
                for cell in _cells(picture.labels[key], 0, 1):
                    self.soft[cell] = self.soft.get(cell, 0) + OVER_LABEL
        self.borders = {
            int(edge // GRID) for band in picture.bands for edge in (band.y, band.y + band.height)
        }

    def _block(self, box: Box) -> None:
        self.solid.update(_cells(box, 0, 1, inward=True))
        for cell in _cells(box, 1, 3):
            self.soft[cell] = self.soft.get(cell, 0) + NEAR_SHAPE

    def route_all(self) -> None:
        for flow in sorted(self.scope.flows, key=self._span):
            cells = self._find(flow)
            self._remember(flow, cells)
            points = _corners(cells)
            _reach(points, self.picture.boxes[flow.source], 0)
            _reach(points, self.picture.boxes[flow.target], -1)
            self.picture.routes[flow.id] = points

    def _span(self, flow: Flow) -> tuple[float, str]:
        one, two = self.picture.boxes[flow.source], self.picture.boxes[flow.target]
        return abs(one.x - two.x) + 3 * abs(one.middle[1] - two.middle[1]), flow.id

    def _find(self, flow: Flow) -> list[Cell]:
        goals = {port.cell: port for port in self._entries(flow)}
        search = _Search()

        def rest(cell: Cell) -> float:
            return min(abs(cell[0] - x) + abs(cell[1] - y) for x, y in goals)

        for port in self._exits(flow):
            search.offer(port.cell, port.direction, port.price, rest(port.cell))
        arrived: tuple[float, tuple[Cell, int]] | None = None
        while search.heap:
            estimate, _, cell, direction = heapq.heappop(search.heap)
            if arrived and estimate >= arrived[0]:
                break
            price = search.best[cell, direction]
            if estimate - rest(cell) > price + 1e-6:
                continue
            if cell in goals:
                total = self._arrival(price, direction, goals[cell], flow)
                if total is not None and (arrived is None or total < arrived[0]):
                    arrived = (total, (cell, direction))
            self._spread(search, flow, cell, direction, rest)
        if arrived is None:
            return self._straight(flow)
        return _walk_back(search.came, arrived[1])

    def _spread(self, search: _Search, flow: Flow, cell: Cell, direction: int, rest: Rest) -> None:
        price = search.best[cell, direction]
        for turn, (dx, dy) in enumerate(STEPS):
            if (dx, dy) == (-STEPS[direction][0], -STEPS[direction][1]):
                continue
            ahead = (cell[0] + dx, cell[1] + dy)
            if not (0 <= ahead[0] <= self.width and -2 <= ahead[1] <= self.height):
                continue
            if ahead in self.solid:
                continue
            cost = price + self._price(flow, ahead, turn in (RIGHT, LEFT))
            cost += BEND if turn != direction else 0
            if search.offer(ahead, turn, cost, rest(ahead)):
                search.came[ahead, turn] = (cell, direction)

    def _price(self, flow: Flow, cell: Cell, horizontal: bool) -> float:
        price = STEP + self.soft.get(cell, 0)
        if horizontal and cell[1] in self.borders:
            price += ALONG_BORDER
        tracks = self.used.get(cell, ())
        if self._has_trunk(flow.source) and any(t.source == flow.source for t in tracks):
            price += TRUNK
            tracks = [track for track in tracks if track.source != flow.source]
        for track in tracks:
            if track.horizontal != horizontal:
                price += CROSSING
            elif flow.target == track.target or flow.source == track.source:
                price += SHARED
            else:
                price += ON_TOP
        return price

    def _arrival(self, price: float, direction: int, port: Port, flow: Flow) -> float | None:
        """Price at the target, None where the flow would have to turn on its heel."""
        if STEPS[direction] == tuple(-step for step in STEPS[port.direction]):
            return None
        turn = 0 if direction == port.direction else LAST_BEND
        return price + port.price + turn + ENTRY_TAKEN * self.ports.get((flow.target, port.cell), 0)

    def _exits(self, flow: Flow) -> Iterable[Port]:
        node = self.scope.nodes[flow.source]
        right, _, top, bottom = self._sides(node)
        if node.is_boundary:
            ports = [Port(bottom, DOWN, 0)]
        elif node.kind in GATEWAYS:
            ports = [Port(right, RIGHT, 0), Port(bottom, DOWN, 2), Port(top, UP, 3)]
        else:
            ports = [Port(right, RIGHT, 0), Port(bottom, DOWN, 8), Port(top, UP, 8)]
            if self.scope.boundaries_of(node.id):
                ports.pop(1)
        for port in ports:
            shared = port.direction != RIGHT and self._has_trunk(flow.source)
            taken = self.ports.get((flow.source, port.cell), 0)
            yield port._replace(price=port.price + (TRUNK_TAKEN if shared else PORT_TAKEN) * taken)

    def _has_trunk(self, source: str) -> bool:
        return self.exits.get(source, 0) >= MANY_EXITS

    def _entries(self, flow: Flow) -> Iterable[Port]:
        node = self.scope.nodes[flow.target]
        _, left, top, bottom = self._sides(node)
        yield Port(left, RIGHT, 0)
        yield Port(top, DOWN, 6)
        if not self.scope.boundaries_of(node.id):
            yield Port(bottom, UP, 6)

    def _sides(self, node: Node) -> tuple[Cell, Cell, Cell, Cell]:
        """Cells beside the middle of the right, left, upper and lower edge."""
        box = self.picture.boxes[node.id]
        x, y = round(box.middle[0] / GRID), round(box.middle[1] / GRID)
        left, right = int(-(-box.x // GRID)) - 1, int(box.right // GRID) + 1
        top, bottom = int(-(-box.y // GRID)) - 1, int(box.bottom // GRID) + 1
        return (right, y), (left, y), (x, top), (x, bottom)

    def _remember(self, flow: Flow, cells: list[Cell]) -> None:
        for at, cell in enumerate(cells):
            before = cells[at - 1] if at else cells[min(1, len(cells) - 1)]
            horizontal = before[1] == cell[1]
            tracks = self.used.setdefault(cell, [])
            tracks.append(Track(flow.source, flow.target, horizontal))
            if 0 < at < len(cells) - 1 and _turns(before, cells[at + 1]):
                tracks.append(Track(flow.source, flow.target, not horizontal))
        for end, cell in ((flow.source, cells[0]), (flow.target, cells[-1])):
            self.ports[end, cell] = self.ports.get((end, cell), 0) + 1

    def _straight(self, flow: Flow) -> list[Cell]:
        """Where no way is free: a line a person will see and mend."""
        one, two = self.picture.boxes[flow.source], self.picture.boxes[flow.target]
        return [(int(x // GRID), int(y // GRID)) for x, y in (one.middle, two.middle)]


def _cells(box: Box, before: int, after: int, *, inward: bool = False) -> Iterable[Cell]:
    """Cells a box covers, widened; `inward` counts only cells whose corner lies inside."""
    left = -(-box.x // GRID) if inward else box.x // GRID
    top = -(-box.y // GRID) if inward else box.y // GRID
    for x in range(int(left) - before, int(box.right // GRID) + after):
        for y in range(int(top) - before, int(box.bottom // GRID) + after):
            yield x, y


def _turns(before: Cell, after: Cell) -> bool:
    return before[0] != after[0] and before[1] != after[1]


def _walk_back(came: dict[tuple[Cell, int], tuple[Cell, int]], at: tuple[Cell, int]) -> list[Cell]:
    cells = [at[0]]
    while at in came:
        at = came[at]
        cells.append(at[0])
    return cells[::-1]


def _corners(cells: list[Cell]) -> list[Point]:
    points: list[Point] = [(x * GRID, y * GRID) for x, y in cells]
    kept = [points[0]]
    for one, two, three in zip(points, points[1:], points[2:], strict=False):
        if (one[0] == two[0]) != (two[0] == three[0]):
            kept.append(two)
    return [*kept, points[-1]]


def _reach(points: list[Point], box: Box, end: int) -> None:
    """Move the first or last point onto the shape's border."""
    x, y = points[end]
    if abs(y - box.middle[1]) < 1:
        edge = (box.right if x > box.middle[0] else box.x, y)
    elif abs(x - box.middle[0]) < 1:
        edge = (x, box.bottom if y > box.middle[1] else box.y)
    else:
        return
    beside = points[1] if end == 0 else points[-2]
    if (beside[0] == edge[0] == x) or (beside[1] == edge[1] == y):
        points[end] = edge
    elif end == 0:
        points.insert(0, edge)
    else:
        points.append(edge)
