"""Records of the volume's page. Frozen; ids are outside ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.messages import Message
from workflows.volumes.review import ReviewView

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper in a line. `problem`: why a stand-in is bound in its place."""

    id: str
    title: str
    first: int | None
    pages: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the list; `first` None where it has no page."""

    position: int
    title: Titles
    required: bool
    is_missing: bool
    first: int | None
    pages: int
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class VolumeView:
    """One making of a volume. `missing`: not empty means 未齐; `is_current`: none is newer."""

    id: str
    number: int
    state: str
    done: int
    total: int
    pages: int | None
    size: int | None
    sha256: str | None
    missing: tuple[Titles, ...]
    retention: str
    problem: Message | None
    is_current: bool
    ordered_by: str
    ordered_at: datetime
    made_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    file_name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a volume has that the one before it had not, and the other way round. `moved`: papers
    that stand on other pages now."""

    since: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: int


@dataclass(frozen=True, slots=True)
class RunChoice:
    """A procedure of the case that has a volume."""

    run: str
    title: Titles
    number: str | None


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold that stands."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VolumePage:
    """Everything the page shows. `shown`: the volume whose lines stand in `lines`, None before
    the first; then the lines are what would be bound now. `newer`: papers that came after it.
    `may_make`, `may_archive`, `may_accept`: None or why not."""

    case_id: str
    case_number: str
    case_title: str
    run: str
    runs: tuple[RunChoice, ...]
    volumes: tuple[VolumeView, ...]
    under_way: VolumeView | None
    shown: VolumeView | None
    lines: tuple[LineView, ...]
    missing: tuple[Titles, ...]
    newer: tuple[str, ...]
    changes: Changes | None
    retention: str
    hold: HoldView | None
    review: ReviewView | None
    may_make: Message | None
    may_archive: Message | None
    may_accept: Message | None
