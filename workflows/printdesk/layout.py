"""A print job and how its pages follow one another. Writes
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflows.deadlines.compute import local_day
from workflows.documents.rendering import Renderer
from workflows.printdesk.sheets import build_marks, build_separator
from workflows.volumes.binding import Found, Mark, Part, Wanted
from workflows.volumes.contents import Paper
from workflows.volumes.sheets import WHY


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as it is printed. `printed`: ids of papers that were printed before."""

    position: int
    case_id: int
    run_id: int
    number: str
    matter: str
    title: str
    court: str
    unit: str
    due_on: date | None
    papers: tuple[Paper, ...]
    missing: tuple[str, ...]
    printed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Job:
    """A job and all its packets, read in one transaction."""

    id: int
    account_id: int
    ordered_name: str
    ordered_at: datetime
    copies: int
    packets: tuple[Packet, ...]


class Layout:
    """The job as parts: of each packet and copy its sheet, then its papers."""

    def __init__(self, renderer: Renderer, job: Job, found: Sequence[Found]) -> None:
        """`found`: of each packet's papers, in their order. Raises RenderError."""
        self._renderer = renderer
        self._job = job
        self.pages: dict[int, int] = {}
        """Of one copy of each packet, by position."""
        self._parts: list[Part] = []
        self._marks: list[Mark] = []
        self._overlays: list[str] = []
        at = source = 0
        for packet in job.packets:
            known = found[source : source + len(packet.papers)]
            sheet, sheet_pages = self._sheet(packet, known)
            self.pages[packet.position] = sheet_pages + sum(one.pages for one in known)
            for _copy in range(job.copies):
                self._marks.append(Mark(0, f"{packet.number} {packet.title}", at))
                self._parts.append(Part(sheet, numbered=False))
                at += sheet_pages
                for offset, (paper, one) in enumerate(zip(packet.papers, known, strict=True)):
                    if one.problem is None:
                        self._add(packet, paper, source + offset, one, at)
                        at += one.pages
            source += len(packet.papers)

    def _add(self, packet: Packet, paper: Paper, source: int, found: Found, at: int) -> None:
        again = paper.id in packet.printed
        self._marks.append(Mark(1, paper.title, at))
        self._parts.append(Part(source, numbered=again))
        if again:
            day = local_day(self._job.ordered_at).isoformat()
            self._overlays += [f"副本　{day} 重印"] * found.pages

    def wanted(self) -> Wanted:
        """What the binder is asked for."""
        return Wanted(
            title=f"打印 {len(self._job.packets)} 件",
            created=self._job.ordered_at,
            parts=self._parts,
            marks=self._marks,
            numbers=self._pdf(build_marks(self._overlays))[0] if self._overlays else None,
        )

    def _sheet(self, packet: Packet, found: Sequence[Found]) -> tuple[bytes, int]:
        job = self._job
        rows = [
            {
                "no": number,
                "title": paper.title,
                "pages": one.pages,
                "again": paper.id in packet.printed,
                "problem": WHY[one.problem] if one.problem else None,
            }
            for number, (paper, one) in enumerate(zip(packet.papers, found, strict=True), start=1)
        ]
        context = {
            "court": packet.court or "（未选定法院）",
            "title": packet.title,
            "number": packet.number,
            "matter": packet.matter,
            "unit": packet.unit,
            "due": packet.due_on,
            "printed": local_day(job.ordered_at).isoformat(),
            "printer": job.ordered_name,
            "position": packet.position,
            "packets": len(job.packets),
            "copies": job.copies,
            "papers": rows,
            "missing": list(packet.missing),
        }
        return self._pdf(build_separator(context, title=packet.title))

    def _pdf(self, html: str) -> tuple[bytes, int]:
        made = self._renderer.render(html, title="打印", created=self._job.ordered_at)
        return made.pdf, made.pages
