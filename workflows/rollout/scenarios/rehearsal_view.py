"""What a page shows of a rehearsal: who may do what, which clock comes next, what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from workflows.cases.decision import NewItem
from workflows.catalogue.package import Package
from workflows.rollout.scenarios.rehearsal import Happened, Stand, end_title, instance_name
from workflows.rollout.scenarios.rehearsal_tasks import key_of, waited_for
from workflows.rollout.world.office import Colleague, Office, Place
from workflows.rollout.world.pure_run import PureRun

Titles: TypeAlias = Mapping[str, str]
MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act. `who`: as scenarios write it; `name` "" for somebody made up."""

    who: str
    name: str
    role: str
    unit: str
    unit_name: str

    @property
    def key(self) -> str:
        """Whom, and at which unit."""
        return f"{self.who}@{self.unit}" if "@" not in self.who else self.who


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task. `package`: title of another package's run, None for the own one; `instance`:
    name of the party it is for, "" where it is not one of several."""

    key: str
    element: str
    title: Titles
    role: str
    unit_name: str
    package: Titles | None
    instance: str
    due: datetime | None
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """A time limit that runs. `package`: title of another package's run, None for the own one."""

    title: Titles
    due: datetime
    package: Titles | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One diagram in which something waits, of the own run."""

    process: str
    active: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """Where a walk stands. `clocks`: those that run out some day, the next one first; `waited`:
    messages from outside that could come; `ended`: title of the end that was reached;
    `documents`: titles and numbers in the order they were made."""

    now: datetime
    tasks: tuple[TaskView, ...]
    happened: tuple[Happened, ...]
    clocks: tuple[ClockView, ...]
    waited: Mapping[str, Titles]
    withdrawers: tuple[Person, ...]
    ended: Titles | None
    documents: tuple[tuple[Titles, str], ...]
    diagrams: tuple[Drawn, ...]


def view(stand: Stand) -> RehearsalView:
    """Everything at once; walks nothing."""
    world = stand.world
    run = world.run
    tasks = tuple(
        _task(stand, one.handle[0], one.handle[1], key_of(world, one)) for one in world.list_tasks()
    )
    return RehearsalView(
        now=world.now,
        tasks=tasks,
        happened=tuple(stand.happened),
        clocks=list_clocks(stand),
        waited=waited_for(world),
        withdrawers=_withdrawers(stand, run),
        ended=end_title(run) if run is not None else None,
        documents=_documents(stand),
        diagrams=_diagrams(run) if run is not None else (),
    )


def starters(package: Package, on: date, office: Office | None = None) -> tuple[Person, ...]:
    """Who may begin a case, and where: holders of a start role, else one made up for each."""
    office = office or Office.demo()
    roles = package.manifest.start_roles
    found = [
        _person(office, one, role, unit)
        for wanted in roles
        for one in office.colleagues(on)
        for role, unit in one.posts
        if role == wanted
    ]
    return tuple({one.key: one for one in reversed(found)}.values())[::-1] or tuple(
        _made_up(role, office.places()[0]) for role in roles
    )


def list_clocks(stand: Stand) -> tuple[ClockView, ...]:
    """Time limits of all open runs that run out some day, the next one first."""
    world = stand.world
    found = [
        ClockView(
            title=world.rules.rule(clock.rule, run.around.unit.code).title,
            due=clock.due_at,
            package=_foreign(stand, run),
        )
        for run in world.runs
        if run.ended is None
        for clock in run.clocks.values()
        if clock.due_at is not None and not clock.paused
    ]
    return tuple(sorted(found, key=lambda one: one.due))


def until(stand: Stand, moment: datetime) -> timedelta:
    """How long to wait until a moment, in whole minutes, never too short; at least one."""
    seconds = (moment - stand.world.now).total_seconds()
    return timedelta(minutes=max(1, -int(-seconds // 60)))


def duration_text(by: timedelta) -> str:
    """As scenarios write it: `P2DT3H5M`."""
    minutes = int(by.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = (f"{days}D" if days else "") + ("T" if hours or rest else "")
    return "P" + (parts + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "") or "0D")


def _task(stand: Stand, run: PureRun, number: int, key: str) -> TaskView:
    item, office = run.items[number], run.around.office
    clock = run.clocks.get(item.clock) if item.clock is not None else None
    return TaskView(
        key=key,
        element=item.element,
        title=item.title,
        role=item.role,
        unit_name=_unit_of(office, run, item).short_name,
        package=_foreign(stand, run),
        instance=instance_name(run, item),
        due=clock.due_at if clock is not None else None,
        people=candidates(stand, run, item),
    )


def _foreign(stand: Stand, run: PureRun) -> Titles | None:
    return run.around.package.manifest.title if run is not stand.world.run else None


def candidates(stand: Stand, run: PureRun, item: NewItem) -> tuple[Person, ...]:
    """Who may do a task, the likeliest first: of its unit, of the same county, of anywhere; else
    somebody made up. Only the assignee where there is one."""
    office, on = run.around.office, stand.world.today()
    unit = _unit_of(office, run, item)
    if item.assignee is not None:
        known = [one for one in office.colleagues(on) if one.username == item.assignee]
        if not known:
            return (Person(item.assignee, item.assignee, item.role, unit.code, unit.short_name),)
        posts = [post for post in known[0].posts if post[0] == item.role]
        return (_person(office, known[0], *(posts or [(item.role, unit.code)])[0]),)
    found = [
        (_distance(office, at, unit), _person(office, one, role, at))
        for one in office.colleagues(on)
        for role, at in one.posts
        if role == item.role
    ]
    found.sort(key=lambda one: (one[0], one[1].who))
    near = list(dict.fromkeys(person for _, person in found))[:MOST_PEOPLE]
    return tuple(near) or (_made_up(item.role, unit),)


def _distance(office: Office, at: str, unit: Place) -> int:
    if at == unit.code:
        return 0
    return 1 if (office.place(at).county or at) == (unit.county or unit.code) else 2


def _unit_of(office: Office, run: PureRun, item: NewItem) -> Place:
    """The unit a task's scope means, as near as an office without a tree knows it."""
    own = run.around.unit
    if item.scope in ("owner", "parent", "court", ""):
        return own
    if item.scope == "county":
        return office.place(own.county) if own.county else own
    return next((one for one in office.places() if one.code == item.scope), own)


def _person(office: Office, one: Colleague, role: str, unit: str) -> Person:
    return Person(one.username, one.name, role, unit, office.place(unit).short_name)


def _made_up(role: str, unit: Place) -> Person:
    return Person(f"{role}@{unit.code}", "", role, unit.code, unit.short_name)


def _withdrawers(stand: Stand, run: PureRun | None) -> tuple[Person, ...]:
    """Who may write down that the parties withdraw: whoever may begin a case at its unit."""
    if run is None or run.ended is not None:
        return ()
    everybody = starters(stand.package, stand.world.today(), run.around.office)
    own = tuple(one for one in everybody if one.unit == run.around.unit.code)
    return own or everybody[:MOST_PEOPLE]


def _documents(stand: Stand) -> tuple[tuple[Titles, str], ...]:
    return tuple(
        (run.around.package.document_title(one.kind), one.number or "")
        for run in stand.world.runs
        for one in run.created
    )


def _diagrams(run: PureRun) -> tuple[Drawn, ...]:
    """Diagrams of the own run, the innermost last; the spine with its end once it is there."""
    spine = run.around.package.process.key
    if run.ended is not None:
        return (Drawn(spine, (run.ended,)),)
    found: dict[str, list[str]] = {}
    for process, element in run.active:
        if run.around.package.process.elements[element].attached_to is None:
            found.setdefault(process, []).append(element)
    return tuple(Drawn(process, tuple(active)) for process, active in found.items())
