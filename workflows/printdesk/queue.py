"""What waits to go to a court: runs whose step of handing in is open, by court and days left.

A few statements whatever waits. A packet is listed for whoever may know of its task; what is in it
is for whoever sees the whole run (`packet.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from workflows.cases.claim_task import ItemCommand, claim
from workflows.cases.platform import Platform
from workflows.cases.queries.filters import current_packages
from workflows.cases.queries.scopes import OPEN, visible
from workflows.cases.tables import NORMAL, CaseRecord, ClockRow, Run, WorkItem
from workflows.catalogue.packet import PacketPlan
from workflows.deadlines.compute import local_day
from workflows.errors import FengqiaoError
from workflows.printdesk.tables import PrintJob, PrintPacket
from workflows.storage import Actor, Session
from workflows.storage.ids import decode_id, encode_id

LISTED = (
    WorkItem.run_id,
    WorkItem.number,
    WorkItem.process,
    WorkItem.assignee,
    WorkItem.assignee_name,
    WorkItem.unit_name,
    Run.number.label("run_number"),
    CaseRecord.number.label("case_number"),
    CaseRecord.title,
    CaseRecord.facts,
    ClockRow.due_on,
)
"""What the list shows: a run's stored state would be most of the work."""
MOST_ROWS = 300
MOST_HANDED_IN = 20
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One packet. `court`: "" until one was chosen; `due_on`: last day of its limit, None where no
    clock runs; `days_left`: from today, negative when it is over; `task`: outside id of the step
    by which it is handed in."""

    run: str
    number: str
    title: str
    court: str
    unit_name: str
    task: str
    assignee_name: str
    due_on: date | None
    days_left: int | None
    printed_at: datetime | None
    is_free: bool
    """Nobody has the step yet: what is in the packet shows once it is claimed."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A packet the actor handed in. `receipt`: the court's number, "" where it gave none."""

    run: str
    number: str
    title: str
    court: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """Packets by court, each group most pressing first. `more`: some are not listed;
    `handed_in`: what the actor handed in lately, newest first."""

    courts: tuple[tuple[str, tuple[Waiting, ...]], ...]
    more: bool
    handed_in: tuple[HandedIn, ...] = ()


def list_waiting(platform: Platform, actor: Actor) -> Queue:
    """Everything that waits and the actor may know of, at most MOST_ROWS."""
    now = platform.clock.now()
    with platform.database.reading(actor) as session:
        plans = packet_plans(platform, session, actor)
        rows = session.execute(_wanted(actor, plans)).all() if plans else []
        printed = last_printed(session, [row.run_id for row in rows])
        done = session.execute(_done(actor, plans, now)).all() if plans else []
    today = local_day(now)
    shown = [_waiting(row, plans, printed, today) for row in rows[:MOST_ROWS]]
    shown.sort(key=lambda one: (one.due_on or date.max, one.number))
    courts = dict.fromkeys(one.court for one in shown)
    groups = tuple((court, tuple(w for w in shown if w.court == court)) for court in courts)
    handed_in = tuple(_handed_in(row, plans) for row in done)
    return Queue(groups, more=len(rows) > MOST_ROWS, handed_in=handed_in)


def take_free(platform: Platform, actor: Actor, runs: Sequence[str]) -> None:
    """Claims the step of handing in of these runs where nobody has it: whoever prints a packet
    takes it along. What the actor may not claim stays as it is."""
    with platform.database.reading(actor) as session:
        plans = packet_plans(platform, session, actor)
        wanted = select(WorkItem.run_id, WorkItem.number).where(
            OPEN,
            WorkItem.run_id.in_([decode_id(run) for run in runs]),
            WorkItem.assignee == "",
            or_(false(), *_steps(plans)),
        )
        free = [f"{encode_id(run)}-{number}" for run, number in session.execute(wanted)]
    for item in free:
        with suppress(FengqiaoError):
            claim(platform, actor, ItemCommand(item))


def packet_plans(platform: Platform, session: Session, actor: Actor) -> Mapping[str, PacketPlan]:
    """Package key → its packet, of packages in force that have one."""
    packages = current_packages(platform, session, actor)
    return {p.manifest.key: p.manifest.packet for p in packages if p.manifest.packet}


def last_printed(session: Session, runs: list[int]) -> Mapping[int, datetime]:
    """Run → when its packet was last printed."""
    rows = session.execute(
        select(PrintPacket.run_id, PrintJob.opened_at)
        .join(PrintJob, PrintJob.id == PrintPacket.job_id)
        .where(PrintPacket.run_id.in_(runs), PrintJob.opened_at.is_not(None))
        .order_by(PrintJob.opened_at)
    )
    return {run: opened for run, opened in rows if opened is not None}


def _wanted(actor: Actor, plans: Mapping[str, PacketPlan]) -> Any:
    seen = [] if actor.is_system else [or_(false(), *visible(actor))]
    limits = {plan.limit for plan in plans.values()}
    clock = and_(
        ClockRow.run_id == WorkItem.run_id, ClockRow.is_open == 1, ClockRow.rule.in_(limits)
    )
    return (
        select(*LISTED)
        .join(Run, Run.id == WorkItem.run_id)
        .join(CaseRecord, CaseRecord.id == WorkItem.case_id)
        .outerjoin(ClockRow, clock)
        .where(OPEN, WorkItem.access_class == NORMAL, or_(*_steps(plans)), *seen)
        .order_by(WorkItem.due_at, WorkItem.run_id, WorkItem.number)
        .limit(MOST_ROWS + 1)
    )


def _done(actor: Actor, plans: Mapping[str, PacketPlan], now: datetime) -> Any:
    return (
        select(WorkItem.process, WorkItem.done_at, Run, CaseRecord)
        .join(Run, Run.id == WorkItem.run_id)
        .join(CaseRecord, CaseRecord.id == WorkItem.case_id)
        .where(
            WorkItem.done_by == actor.account_id,
            WorkItem.done_at > now - LATELY,
            WorkItem.state == "done",
            WorkItem.access_class == NORMAL,
            or_(*_steps(plans)),
        )
        .order_by(WorkItem.done_at.desc())
        .limit(MOST_HANDED_IN)
    )


def _handed_in(row: Any, plans: Mapping[str, PacketPlan]) -> HandedIn:
    plan, case = plans[row.process], row.CaseRecord
    return HandedIn(
        run=encode_id(row.Run.id),
        number=row.Run.number or case.number,
        title=case.title,
        court=str(case.facts.get(plan.to) or ""),
        receipt=str(case.facts.get(plan.receipt) or "") if plan.receipt else "",
        at=row.done_at,
    )


def _steps(plans: Mapping[str, PacketPlan]) -> list[ColumnElement[bool]]:
    return [
        and_(WorkItem.process == key, WorkItem.element == plan.step) for key, plan in plans.items()
    ]


def _waiting(
    row: Any, plans: Mapping[str, PacketPlan], printed: Mapping[int, datetime], today: date
) -> Waiting:
    run = encode_id(row.run_id)
    return Waiting(
        is_free=not row.assignee,
        run=run,
        number=row.run_number or row.case_number,
        title=row.title,
        court=str(row.facts.get(plans[row.process].to) or ""),
        unit_name=row.unit_name,
        task=f"{run}-{row.number}",
        assignee_name=row.assignee_name,
        due_on=row.due_on,
        days_left=(row.due_on - today).days if row.due_on else None,
        printed_at=printed.get(row.run_id),
    )
