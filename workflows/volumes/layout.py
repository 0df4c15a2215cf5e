"""Papers and what is known of them → pages, bookmarks and the sheets around them.

Makes sheets with the renderer, writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.catalogue.volume import BACK, NOTE, VolumeLine
from workflows.documents.rendering import Renderer
from workflows.errors import RuleError
from workflows.volumes.binding import Found, Mark, Part, Wanted
from workflows.volumes.contents import Contents, Paper
from workflows.volumes.facts import VolumeFacts
from workflows.volumes.sheets import RETENTION, WHY, build_numbers, build_sheet, page_range

MOST_PAGES = 3000


@dataclass(frozen=True, slots=True)
class PlacedPaper:
    """A paper with its numbers. `problem`: why a stand-in is bound in its place, else None."""

    paper: Paper
    first: int
    pages: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its numbers; `first` None where it has no page."""

    plan: VolumeLine
    first: int | None
    pages: int
    papers: tuple[PlacedPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What is to be bound. `pages`: numbered ones."""

    wanted: Wanted
    lines: tuple[PlacedLine, ...]
    missing: tuple[VolumeLine, ...]
    pages: int


def lay_out(
    renderer: Renderer, facts: VolumeFacts, contents: Contents, found: Sequence[Found]
) -> Layout:
    """`found`: of each of the contents' papers, in their order. Raises RenderError, RuleError
    `volumes.too_many_pages`."""
    sheets = _Sheets(renderer, facts)
    stand_ins = sheets.stand_ins(contents, found)
    counts = [one.pages or stand_ins[number][1] for number, one in enumerate(found)]
    lines = list(_number(contents, found, counts, note_pages=0))
    said = _said(facts, contents, lines)
    note_pages = sheets.make("note", said)[1]  # its text is as long whatever number it tells
    lines = list(_number(contents, found, counts, note_pages))
    said = _said(facts, contents, lines)
    pages = int(said["pages"])
    if pages > MOST_PAGES:
        raise RuleError("volumes.too_many_pages", most=MOST_PAGES)
    front, front_pages = sheets.make("front", {**said, "lines": list(_rows(lines, contents))})
    wanted = Wanted(
        title=f"{facts.heading} {facts.number}",
        created=facts.created,
        parts=[Part(front, numbered=False), *_parts(lines, stand_ins, sheets, said)],
        marks=tuple(_marks(lines, front_pages)),
        numbers=sheets.numbers(pages) if pages else None,
    )
    return Layout(wanted, tuple(lines), contents.missing, pages)


def _parts(
    lines: Sequence[PlacedLine],
    stand_ins: Mapping[int, tuple[bytes, int]],
    sheets: _Sheets,
    said: Mapping[str, Any],
) -> Iterator[Part]:
    """Everything behind the list, in order."""
    source = 0
    for line in lines:
        for _paper in line.papers:
            yield Part(stand_ins[source][0] if source in stand_ins else source)
            source += 1
        if line.plan.sheet == NOTE:
            yield Part(sheets.make("note", said)[0])
    if any(line.plan.sheet == BACK for line in lines):
        yield Part(sheets.make("back", said)[0], numbered=False)


def _number(
    contents: Contents, found: Sequence[Found], counts: Sequence[int], note_pages: int
) -> Iterator[PlacedLine]:
    """`counts`: pages of each paper or of what stands in for it."""
    at, number = 1, 0
    for line in contents.lines:
        first, papers = at, []
        for paper in line.papers:
            papers.append(PlacedPaper(paper, at, counts[number], found[number].problem))
            at, number = at + counts[number], number + 1
        if line.plan.sheet == NOTE:
            at += note_pages
        pages = at - first
        yield PlacedLine(line.plan, first if pages else None, pages, tuple(papers))


def _said(facts: VolumeFacts, contents: Contents, lines: Sequence[PlacedLine]) -> dict[str, Any]:
    """What the sheets' texts may speak of."""
    placed = [paper for line in lines for paper in line.papers]
    ours = sum(1 for one in placed if one.paper.is_document)
    return {
        "heading": facts.heading,
        "unit": facts.unit,
        "title": facts.title,
        "number": facts.number,
        "mediator": facts.mediator,
        "begun": facts.begun,
        "ended": facts.ended,
        "keeper": facts.keeper,
        "made": facts.made,
        "retention": RETENTION[facts.retention],
        "version": facts.version,
        "remark": facts.remark,
        "pages": sum(line.pages for line in lines),
        "draft": bool(contents.missing),
        "missing": "、".join(line.title["zh"] for line in contents.missing),
        "documents": ours,
        "files": len(placed) - ours,
        "left_out": sum(1 for one in placed if one.problem),
    }


def _rows(lines: Sequence[PlacedLine], contents: Contents) -> Iterator[dict[str, Any]]:
    missing = {line.key for line in contents.missing}
    for number, line in enumerate(lines, start=1):
        papers = line.papers
        remark = "缺" if line.plan.key in missing else ""
        if len(papers) > 1:
            remark = f"{len(papers)} 份"
        yield {
            "no": number,
            "title": line.plan.title["zh"],
            "required": line.plan.required,
            "at": page_range(line.first, line.pages),
            "remark": remark,
            "papers": [
                {
                    "title": one.paper.title,
                    "at": page_range(one.first, one.pages),
                    "remark": "未能装订，见说明页" if one.problem else "",
                }
                for one in papers
            ],
        }


def _marks(lines: Sequence[PlacedLine], front_pages: int) -> Iterator[Mark]:
    """`front_pages`: of cover and list, which have no number."""
    yield Mark(0, "封面", 0)
    yield Mark(0, "卷内目录", 1)
    for line in lines:
        if line.first is not None:
            yield Mark(0, line.plan.title["zh"], front_pages + line.first - 1)
        for one in line.papers:
            yield Mark(1, one.paper.title, front_pages + one.first - 1)


class _Sheets:
    """Has our own sheets laid out."""

    def __init__(self, renderer: Renderer, facts: VolumeFacts) -> None:
        self._renderer = renderer
        self._facts = facts

    def make(self, name: str, context: Mapping[str, Any]) -> tuple[bytes, int]:
        """A sheet's PDF and its pages."""
        return self._render(build_sheet(name, context, title=self._facts.heading))

    def stand_ins(self, contents: Contents, found: Sequence[Found]) -> dict[int, tuple[bytes, int]]:
        """What is bound for files that cannot be, by the paper's place, each with its pages."""
        made = {}
        places = [(line, paper) for line in contents.lines for paper in line.papers]
        for number, (line, paper) in enumerate(places):
            problem = found[number].problem
            if problem is not None:
                context = {
                    "name": paper.title,
                    "line": line.plan.title["zh"],
                    "why": WHY[problem],
                    "digest": paper.sha256,
                }
                made[number] = self.make("stand_in", context)
        return made

    def numbers(self, pages: int) -> bytes:
        """The number sheet."""
        return self._render(build_numbers(pages))[0]

    def _render(self, html: str) -> tuple[bytes, int]:
        made = self._renderer.render(
            html,
            title=self._facts.heading,
            created=self._facts.created,
            author=self._facts.unit,
        )
        return made.pdf, made.pages
