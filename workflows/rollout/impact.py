"""Who is affected when a version begins to count: read before publishing, four statements.

Cases that run go on with their version; what is counted are those that stand where something
changes, so that somebody can decide whether to move them. Counted is what the reader may know of,
and nothing of restricted classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from workflows.cases.platform import Platform
from workflows.cases.tables import NORMAL, ClockRow, Run, WorkItem
from workflows.catalogue.manifest import Titles
from workflows.organisation.tables import Post, Unit
from workflows.organisation.units import find_path
from workflows.rollout.compare.changes import Change, Detail, Group, Kind, both
from workflows.rollout.compare.comparison import Comparison
from workflows.rollout.places import READERS, Place, check_place, find_version, read_place
from workflows.rollout.release import Looked, look
from workflows.storage import Actor, Session
from workflows.storage.clock import local_day

TIMER, DEADLINE = "timer", "deadline"


@dataclass(frozen=True, slots=True)
class Step:
    """Open cases at one task. `kind`: what the new version does with it, None: nothing."""

    element: str
    title: Titles
    cases: int
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class People:
    """A role whose work changes. `people`: how many hold a post of it there today."""

    role: str
    people: int
    tasks: tuple[Titles, ...]


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """A time limit that counts otherwise. `running`: how many are open on the old version; they
    go on as they are."""

    element: str
    title: Titles
    details: tuple[Detail, ...]
    running: int


@dataclass(frozen=True, slots=True)
class Impact:
    """`cases`: all open ones on the version that counts now, 0 where there is none; `steps` most
    cases first. `documents`: texts that come, go or read otherwise."""

    cases: int
    steps: tuple[Step, ...]
    people: tuple[People, ...]
    documents: tuple[Change, ...]
    clocks: tuple[ClockEffect, ...]


def read_impact(platform: Platform, actor: Actor, package: str, number: int) -> Impact:
    """The effects of publishing a version. Raises NotVisibleError, ForbiddenError."""
    place = read_place(package)
    with platform.database.reading(actor) as session:
        check_place(session, place, READERS)
        looked = look(session, place, find_version(session, place, number))
        return measure(session, place, looked, local_day(platform.clock.now()))


def measure(session: Session, place: Place, looked: Looked, on: date) -> Impact:
    """The effects of what was looked at; `on`: the day whose posts count."""
    path = find_path(session, place.unit) if place.unit else "/"
    concerned = _concerned(looked.base_id, path)
    return Impact(
        cases=_count_cases(session, concerned),
        steps=_steps(session, concerned, looked.comparison),
        people=_people(session, path, looked.comparison, on),
        documents=looked.comparison.of(Group.TEXT),
        clocks=_clocks(session, concerned, looked.comparison),
    )


def _concerned(version_id: int, path: str) -> tuple[ColumnElement[bool], ...]:
    """Open runs of normal cases on a version, in a unit and below it."""
    return (
        Run.version_id == version_id,
        Run.status == "open",
        Run.access_class == NORMAL,
        Run.unit_path.startswith(path, autoescape=True),
    )


def _count_cases(session: Session, concerned: tuple[ColumnElement[bool], ...]) -> int:
    return session.scalar(select(func.count(Run.case_id.distinct())).where(*concerned)) or 0


def _steps(
    session: Session, concerned: tuple[ColumnElement[bool], ...], comparison: Comparison
) -> tuple[Step, ...]:
    cases = func.count(WorkItem.run_id.distinct())
    rows = session.execute(
        select(WorkItem.element, cases)
        .join(Run, Run.id == WorkItem.run_id)
        .where(*concerned, WorkItem.state == "open")
        .group_by(WorkItem.element)
        .order_by(cases.desc(), WorkItem.element)
    )
    kinds, titles = _kinds(comparison), comparison.titles
    return tuple(
        Step(element, titles.get(element, both(element)), count, kinds.get(element))
        for element, count in rows
    )


def _kinds(comparison: Comparison) -> Mapping[str, Kind]:
    drawn = (one for one in comparison.of(Group.DIAGRAM) if one.noun != "lane")
    return {one.element: one.kind for one in drawn}


def _people(session: Session, path: str, comparison: Comparison, on: date) -> tuple[People, ...]:
    tasks: dict[str, dict[str, Titles]] = {}
    for change in comparison.of(Group.DIAGRAM):
        roles = {change.role} if change.role else set()
        roles |= {t for d in change.details if d.aspect == "role" for t in (d.before, d.after)}
        for role in roles - {""} if change.noun != "lane" else ():
            tasks.setdefault(role, {})[change.element] = change.title
    if not tasks:
        return ()
    counts = _counts(
        session.execute(
            select(Post.role, func.count(Post.person_id.distinct()))
            .join(Unit, Unit.code == Post.unit_code)
            .where(
                Post.role.in_(sorted(tasks)),
                Post.from_on <= on,
                Post.to_on >= on,
                Unit.path.startswith(path, autoescape=True),
            )
            .group_by(Post.role)
        )
    )
    return tuple(
        People(role, counts.get(role, 0), tuple(titles.values())) for role, titles in tasks.items()
    )


def _clocks(
    session: Session, concerned: tuple[ColumnElement[bool], ...], comparison: Comparison
) -> tuple[ClockEffect, ...]:
    changed = {
        change.element: (change.title, details)
        for change in comparison.of(Group.DIAGRAM)
        if (details := tuple(one for one in change.details if _is_clock(one)))
    }
    if not changed:
        return ()
    running = _counts(
        session.execute(
            select(ClockRow.element, func.count())
            .join(Run, Run.id == ClockRow.run_id)
            .where(*concerned, ClockRow.is_open == 1, ClockRow.element.in_(sorted(changed)))
            .group_by(ClockRow.element)
        )
    )
    return tuple(
        ClockEffect(element, title, details, running.get(element, 0))
        for element, (title, details) in changed.items()
    )


def _counts(rows: Iterable[Any]) -> dict[str, int]:
    return {name: count for name, count in rows}


def _is_clock(one: Detail) -> bool:
    return one.aspect == TIMER or (one.aspect == "property" and one.name == DEADLINE)
