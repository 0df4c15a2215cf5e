"""What calls about versions of packages send and get: approvals, comparisons, effects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.api.fields import MOST_NUMBER, Asked, Sent
from webapp.pages.formats import spoken, titled
from workflows.rollout.compare.changes import Change, Kind
from workflows.rollout.compare.comparison import Comparison
from workflows.rollout.compare.power import touches_power
from workflows.rollout.impact import Impact

Number = Annotated[int, Field(ge=1, le=MOST_NUMBER)]


class Approve(Sent):
    """What the second person wants to say."""

    notes: str = Field("", max_length=2000)


class Compare(Asked):
    """Which two versions."""

    from_: Number = Field(alias="from")
    to: Number


class TextLine(TypedDict):
    """`line_kind` None: in both, shown for its neighbours."""

    line_kind: Literal["added", "removed"] | None
    text: str


class PackageChange(TypedDict):
    group: Literal["diagram", "table", "form", "text", "setting", "scenario"]
    noun: str
    part: str
    element: str
    title: str
    message: str
    details: list[str]
    lines: list[TextLine]


PackageComparison = TypedDict(
    "PackageComparison",
    {
        "from": int,
        "to": int,
        "added": list[PackageChange],
        "removed": list[PackageChange],
        "changed": list[PackageChange],
        "moved": list[str],
        "reasons": list[str],
    },
)


class ImpactStep(TypedDict):
    """`change` None: the version does nothing to it."""

    element: str
    title: str
    cases: int
    change: Literal["added", "removed", "changed"] | None


class ImpactRole(TypedDict):
    role: str
    people: int
    tasks: list[str]


class ImpactClock(TypedDict):
    element: str
    title: str
    details: list[str]
    running: int


class PackageImpact(TypedDict):
    cases: int
    steps: list[ImpactStep]
    people: list[ImpactRole]
    documents: list[str]
    clocks: list[ImpactClock]


def impact(found: Impact) -> PackageImpact:
    """What publishing would affect."""
    return {
        "cases": found.cases,
        "steps": [
            {
                "element": one.element,
                "title": titled(one.title),
                "cases": one.cases,
                "change": one.kind.value if one.kind else None,
            }
            for one in found.steps
        ],
        "people": [
            {"role": one.role, "people": one.people, "tasks": [titled(task) for task in one.tasks]}
            for one in found.people
        ],
        "documents": [spoken(one.message) for one in found.documents],
        "clocks": [
            {
                "element": one.element,
                "title": titled(one.title),
                "details": [spoken(detail.message) for detail in one.details],
                "running": one.running,
            }
            for one in found.clocks
        ],
    }


def comparison(found: Comparison, old: int, new: int) -> PackageComparison:
    """A comparison by what became of things. `reasons`: why a second person would have to look."""
    return {
        "from": old,
        "to": new,
        "added": _changes(found.changes, Kind.ADDED),
        "removed": _changes(found.changes, Kind.REMOVED),
        "changed": _changes(found.changes, Kind.CHANGED),
        "moved": [spoken(one.message) for one in found.moved],
        "reasons": [spoken(one.message) for one in touches_power(found)],
    }


def _changes(changes: Iterable[Change], kind: Kind) -> list[PackageChange]:
    return [_change(one) for one in changes if one.kind is kind]


def _change(one: Change) -> PackageChange:
    return {
        "group": one.group.value,
        "noun": one.noun,
        "part": one.part,
        "element": one.element,
        "title": titled(one.title),
        "message": spoken(one.message),
        "details": [spoken(detail.message) for detail in one.details],
        "lines": [
            {"line_kind": line.kind.value if line.kind else None, "text": line.text}  # type: ignore[typeddict-item]
            for line in one.lines
        ],
    }
