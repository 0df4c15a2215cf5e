"""What is shown of replays: orders, where runs part, runs with their differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class ReplayView:
    """An order. `most`: how many runs were asked for; `counts`: verdict → runs; `done` of `total`
    are decided."""

    id: str
    key: str
    unit: str
    number: int
    most: int
    state: str
    done: int
    total: int
    counts: Mapping[str, int]
    ordered_by: str
    ordered_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartingView:
    """One place at which runs come out otherwise in one way. `diagram`: process it is drawn in, ""
    where the version does not draw it."""

    verdict: str
    element: str
    title: Mapping[str, str]
    diagram: str
    runs: int


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One difference of a run; the fields of `walk.Difference`."""

    verdict: str
    step: int
    at: datetime
    element: str
    title: Mapping[str, str]
    message: Message


@dataclass(frozen=True, slots=True)
class RunView:
    """One run of an order. `steps`: journal lines walked; `reason`: why it could not be walked."""

    case: str
    run: str
    number: str
    verdict: str
    steps: int
    reason: Message | None
    differences: tuple[DifferenceView, ...]


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """An order with where its runs part, the gravest and most frequent first, and one page of its
    runs, the newest first."""

    job: ReplayView
    partings: tuple[PartingView, ...]
    runs: tuple[RunView, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class VersionReplays:
    """Replays through a version, the newest first, and one of them in full. `may_order`: the
    reader may give, stop and resume orders."""

    package: str
    title: Mapping[str, str]
    number: int
    may_order: bool
    jobs: tuple[ReplayView, ...]
    shown: ReplayPage | None
