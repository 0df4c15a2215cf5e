"""What calls about replays send and get: how many cases, where they part, case by case."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from webapp.api.fields import Sent
from webapp.pages.formats import spoken, titled
from workflows.rollout.replay.orders import MOST, OrderReplay
from workflows.rollout.replay.records import DifferenceView, PartingView, ReplayPage, RunView

DifferenceVerdict = Literal["other_deadline", "other_owner", "missing_data", "other_path", "stuck"]
ReplayVerdict = Literal[
    "waiting",
    "same",
    "other_deadline",
    "other_owner",
    "missing_data",
    "other_path",
    "stuck",
    "refused",
]


class Replay(Sent):
    """How many cases, the newest first."""

    cases: Annotated[int, Field(ge=1, le=MOST)]

    def command(self, package: str, number: int) -> OrderReplay:
        """The order for the rollout room."""
        return OrderReplay(package, number, self.cases)


class Parting(TypedDict):
    """`diagram` None: the version does not draw the element."""

    verdict: DifferenceVerdict
    element: str | None
    title: str
    diagram: str | None
    cases: int


class ReplayedDifference(TypedDict):
    verdict: DifferenceVerdict
    step: int
    at: datetime
    element: str | None
    title: str
    message: str


class ReplayedCase(TypedDict):
    """`message`: why it could not be walked."""

    case: str
    run: str
    number: str
    verdict: ReplayVerdict
    steps: int
    message: str | None
    differences: list[ReplayedDifference]


class ReplayResult(TypedDict):
    package: str
    version: int
    most: int
    counts: dict[ReplayVerdict, int]
    partings: list[Parting]
    cases: list[ReplayedCase]
    next: str | None


def result(page: ReplayPage) -> ReplayResult:
    """What a replay came to so far."""
    view = page.job
    return {
        "package": f"{view.key}@{view.unit}" if view.unit else view.key,
        "version": view.number,
        "most": view.most,
        "counts": cast(dict[ReplayVerdict, int], dict(view.counts)),
        "partings": [_parting(one) for one in page.partings],
        "cases": [_case(one) for one in page.runs],
        "next": page.next,
    }


def _parting(one: PartingView) -> Parting:
    return {
        "verdict": cast(DifferenceVerdict, one.verdict),
        "element": one.element or None,
        "title": titled(one.title),
        "diagram": one.diagram or None,
        "cases": one.runs,
    }


def _case(one: RunView) -> ReplayedCase:
    return {
        "case": one.case,
        "run": one.run,
        "number": one.number,
        "verdict": cast(ReplayVerdict, one.verdict),
        "steps": one.steps,
        "message": spoken(one.reason) if one.reason else None,
        "differences": [_difference(difference) for difference in one.differences],
    }


def _difference(one: DifferenceView) -> ReplayedDifference:
    return {
        "verdict": cast(DifferenceVerdict, one.verdict),
        "step": one.step,
        "at": one.at,
        "element": one.element or None,
        "title": titled(one.title),
        "message": spoken(one.message),
    }
