"""What a layout is: boxes, labels and routes by id, in pixels, y downwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from webapp.diagrams.tree import Node

GRID = 10
"""Centres lie on this grid, so every route is made of whole cells."""

EVENT_SIZE = 36
GATEWAY_SIZE = 50
TASK_WIDTH, TASK_HEIGHT = 100, 80
LABEL_LINE = 14
"""Height of a line of a label, as bpmn-js draws it."""
LABEL_WIDTH = 90

Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def is_crossed_by(self, one: Point, two: Point, margin: float = 0) -> bool:
        """Whether the straight line from `one` to `two` enters the box shrunk by `margin`."""
        return (
            min(one[0], two[0]) < self.right - margin
            and max(one[0], two[0]) > self.x + margin
            and min(one[1], two[1]) < self.bottom - margin
            and max(one[1], two[1]) > self.y + margin
        )


class Band(NamedTuple):
    """A lane's strip of the pool."""

    name: str
    y: float
    height: float


@dataclass
class Picture:
    """A scope placed and routed. `labels` by node or flow id, `routes` by flow id."""

    boxes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    routes: dict[str, list[Point]] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def moved(self, dx: float, dy: float) -> Picture:
        return Picture(
            {key: box.moved(dx, dy) for key, box in self.boxes.items()},
            {key: box.moved(dx, dy) for key, box in self.labels.items()},
            {key: [(x + dx, y + dy) for x, y in way] for key, way in self.routes.items()},
            [Band(band.name, band.y + dy, band.height) for band in self.bands],
            self.width,
            self.height,
        )

    def take(self, inner: Picture) -> None:
        """Everything of a picture that lies inside this one."""
        self.boxes |= inner.boxes
        self.labels |= inner.labels
        self.routes |= inner.routes


def up(value: float) -> float:
    """The next grid line at or above `value`."""
    return float(-(-value // GRID) * GRID)


def text_width(text: str, size: float = 11.5) -> float:
    """Rough width in pixels: a Chinese character is as wide as it is high."""
    return sum(size if ord(char) > 255 else size * 0.55 for char in text)


def plain_size(node: Node, guests: int) -> tuple[float, float]:
    """Width and height of a node without an inside; `guests`: boundary events on it."""
    if node.kind in ("xor", "and", "or", "choice"):
        return GATEWAY_SIZE, GATEWAY_SIZE
    if node.has_outside_label:
        return EVENT_SIZE, EVENT_SIZE
    return (max(TASK_WIDTH, 60 * guests + 20) if guests > 2 else TASK_WIDTH), TASK_HEIGHT
