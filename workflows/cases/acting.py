"""One command on one run, from the heart's decision to the rows: what every use case shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from workflows.cases.decide import decide
from workflows.cases.decision import Command, CommandKind, Decision, Snapshot
from workflows.cases.item_rows import Row
from workflows.cases.platform import Platform, RunContext
from workflows.cases.ports import build_ports
from workflows.cases.queries.records import InboxRow
from workflows.cases.queries.views import Reading, item_view
from workflows.cases.renaming import take_facts
from workflows.cases.save_decision import Act, Prepared, Saved, prepare, write
from workflows.cases.snapshot import LoadedRun
from workflows.cases.timeline import Line
from workflows.catalogue.package import Package
from workflows.storage import Actor, Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the heart decided and what stands now."""

    decision: Decision
    saved: Saved


@contextmanager
def writing(platform: Platform, actor: Actor) -> Iterator[Session]:
    """A transaction that writes nothing before it is told to: one flush, at the end of the work."""
    with platform.database.transaction(actor) as session, session.no_autoflush:
        yield session


def act_on_run(
    session: Session,
    platform: Platform,
    loaded: LoadedRun,
    package: Package,
    command: Command,
    lines: tuple[Line, ...] = (),
) -> Outcome:
    """Lets the heart decide and saves what follows. Raises what `decide` raises."""
    step = take_step(session, platform, loaded, package, command, lines)
    save_steps(session, (step,))
    return Outcome(step.decision, step.prepared.saved if step.prepared else Saved((), {}))


@dataclass(frozen=True, slots=True)
class Step:
    """What the heart decided, and its rows before they are written; None: nothing follows."""

    decision: Decision
    prepared: Prepared | None


def take_step(
    session: Session,
    platform: Platform,
    loaded: LoadedRun,
    package: Package,
    command: Command,
    lines: tuple[Line, ...] = (),
) -> Step:
    """Lets the heart decide; nothing stands in the database before `save_steps`, but what local
    operations write themselves. Raises what `decide` raises."""
    snapshot = _snapshot(loaded, package, command)
    context = _context(session, platform, loaded, package, command)
    decision = decide(snapshot, command, build_ports(session, context))
    if decision.outcome == "stale" and command.kind is CommandKind.WAKE:
        return Step(decision, None)
    act = Act(
        platform=platform,
        actor=session.actor,
        package=package,
        command=command,
        at=command.at,
        lines=lines,
        changes=take_facts(loaded.case, decision.facts, package),
    )
    return Step(decision, prepare(session, loaded, decision, act))


def save_steps(session: Session, steps: Sequence[Step]) -> None:
    """Writes what steps of several cases decided, one statement a table for all of them."""
    write(session, [step.prepared for step in steps if step.prepared is not None])


def _snapshot(loaded: LoadedRun, package: Package, command: Command) -> Snapshot:
    if command.kind is not CommandKind.START:
        return loaded.snapshot(package)
    return Snapshot(version=package.process, revision=0, state=None, facts=loaded.facts())


def _context(
    session: Session, platform: Platform, loaded: LoadedRun, package: Package, command: Command
) -> RunContext:
    return RunContext(
        platform=platform,
        actor=session.actor,
        case=loaded.case,
        run=loaded.run,
        key=loaded.key,
        package=package,
        unit_short=loaded.unit.short_name,
        at=command.at,
        occurred_at=command.moment,
        sealed_parties=loaded.sealed_parties,
        replaceable=loaded.replaceable,
        clocks=loaded.clocks,
        items=loaded.items,
    )


def tasks_of(saved: Saved, reading: Reading) -> tuple[InboxRow, ...]:
    """The run's open work items as a list shows them to the actor."""
    return tuple(item_view(row, clock_of(row, saved.clocks), reading) for row in saved.items)


def clock_of(row: Row, clocks: Mapping[int, Row]) -> Row | None:
    """The clock a work item is due by."""
    return None if row["clock_number"] is None else clocks.get(row["clock_number"])
