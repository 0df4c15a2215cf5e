"""One packet: its papers in the court's order, what is missing, what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.cases.tables import NORMAL, ClockRow
from workflows.catalogue.packet import PacketPlan
from workflows.errors import RuleError
from workflows.formspec.fields import Titles
from workflows.printdesk.tables import PrintedPaper
from workflows.storage import Actor, Session
from workflows.storage.ids import encode_id
from workflows.volumes.contents import Contents, FilledLine, Paper, fill
from workflows.volumes.place import Place, load_place


@dataclass(frozen=True, slots=True)
class Printing:
    """Somebody printed a paper."""

    at: datetime
    by_name: str
    copies: int
    is_reprint: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of the packet. `is_file`: an uploaded one; `id`: its outside id."""

    id: str
    is_file: bool
    title: str
    printings: tuple[Printing, ...]


@dataclass(frozen=True, slots=True)
class PacketLine:
    """One line of the packet. `is_missing`: required and without papers."""

    title: Titles
    is_missing: bool
    papers: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class PacketPage:
    """Everything the page of a packet tells."""

    run: str
    case: str
    number: str
    case_title: str
    title: Titles
    court: str
    receipt: str
    lines: tuple[PacketLine, ...]
    missing: tuple[Titles, ...]
    may_print: bool


def load_packet(platform: Platform, actor: Actor, run: str) -> PacketPage:
    """The packet of a run. NotVisibleError, ForbiddenError without full sight, RuleError
    `printdesk.none` or `printdesk.restricted`."""
    with platform.database.reading(actor) as session:
        place = load_place(session, platform, actor, run)
        plan = plan_of(place)
        contents = contents_of(session, place)
        log = _printings(session, [paper.id for paper in contents.papers])
        return PacketPage(
            run=run,
            case=encode_id(place.case.id),
            number=place.run.number or place.case.number,
            case_title=place.case.title,
            title=plan.title,
            court=str(place.case.facts.get(plan.to) or ""),
            receipt=str(place.case.facts.get(plan.receipt) or "") if plan.receipt else "",
            lines=tuple(_line(line, contents, log) for line in contents.lines),
            missing=tuple(line.title for line in contents.missing),
            may_print=may_print(actor),
        )


def plan_of(place: Place) -> PacketPlan:
    """RuleError `printdesk.restricted`, `printdesk.none` (a package that sends nothing)."""
    if place.case.access_class != NORMAL or place.run.access_class != NORMAL:
        raise RuleError("printdesk.restricted")
    packet = place.package.manifest.packet
    if packet is None or place.package.manifest.access_class != NORMAL:
        raise RuleError("printdesk.none", process=dict(place.package.manifest.title))
    return packet


def contents_of(session: Session, place: Place) -> Contents:
    """What would be printed now. Raises what `plan_of` raises."""
    return fill(session, place.package, plan_of(place).plan, place.case, place.run)


def named(contents: Contents) -> tuple[Paper, ...]:
    """The papers in their order; a file is called by its line, its own name says little."""
    found = []
    for line in contents.lines:
        files = [paper for paper in line.papers if not paper.is_document]
        for paper in line.papers:
            title = paper.title
            if not paper.is_document:
                number = f"（{files.index(paper) + 1}）" if len(files) > 1 else ""
                title = f"{line.plan.title['zh']}{number}"
            found.append(replace(paper, title=title))
    return tuple(found)


def may_print(actor: Actor) -> bool:
    """Whether somebody who sees the whole run may take its papers out: a court's liaison does the
    step of handing in from an office of their own."""
    return actor.is_system or "print" in actor.abilities


def limit_of(session: Session, place: Place) -> ClockRow | None:
    """The clock that ends the time for the packet, None where none runs."""
    wanted = select(ClockRow).where(
        ClockRow.case_id == place.case.id,
        ClockRow.run_id == place.run.id,
        ClockRow.rule == plan_of(place).limit,
        ClockRow.is_open == 1,
    )
    return session.scalars(wanted.order_by(ClockRow.due_at).limit(1)).one_or_none()


def _line(line: FilledLine, contents: Contents, log: dict[str, list[Printing]]) -> PacketLine:
    papers = tuple(
        PaperLine(
            id=paper.id.partition("/")[2],
            is_file=not paper.is_document,
            title=paper.title,
            printings=tuple(log.get(paper.id, ())),
        )
        for paper in line.papers
    )
    return PacketLine(line.plan.title, line.plan in contents.missing, papers)


def _printings(session: Session, papers: Sequence[str]) -> dict[str, list[Printing]]:
    rows = session.scalars(
        select(PrintedPaper).where(PrintedPaper.paper.in_(papers)).order_by(PrintedPaper.id)
    )
    found: dict[str, list[Printing]] = {}
    for row in rows:
        one = Printing(row.at, row.by_name, row.copies, bool(row.is_reprint))
        found.setdefault(row.paper, []).append(one)
    return found
