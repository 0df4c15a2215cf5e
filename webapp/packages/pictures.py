"""Diagrams painted with what is otherwise, or with what scenarios pass."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from webapp.diagrams.files import drawn_by_process
from webapp.diagrams.shapes import Mark
from webapp.diagrams.svg import paint
from webapp.pages.kept import comparison_of, examined
from webapp.pages.language import current_language
from workflows.catalogue.source import PackageSource
from workflows.errors import NotVisibleError
from workflows.rollout.compare.changes import Kind
from workflows.rollout.version_page import Pair

SVG = "image/svg+xml; charset=utf-8"
SIDES = {"before": Kind.REMOVED, "after": Kind.ADDED}
"""Side → what only it can show, beside what changed."""


def answer_side(pair: Pair, side: str, process: str, at: str) -> Response:
    """One diagram of the older or the newer version. `at`: an element whose surroundings
    are shown, the whole where it is not there."""
    if side not in SIDES:
        raise NotVisibleError("web.no_such_page")
    shown = {SIDES[side], Kind.CHANGED}
    found = comparison_of(pair).marks(process)
    marks = {element: kind.value for element, kind in found.items() if kind in shown}
    source = pair.old if side == "before" else pair.new
    return _picture(source, process, marks, at)


def answer_coverage(pair: Pair, process: str) -> Response:
    """One diagram with ticks and question marks; none where the scenarios cannot be walked."""
    rehearsal = examined(pair.new).rehearsal
    marks: dict[str, str] = {}
    if rehearsal is not None:
        marks |= dict.fromkeys(rehearsal.coverage.passed, "passed")
        marks |= dict.fromkeys(rehearsal.coverage.missed, "missed")
    return _picture(pair.new, process, marks)


def answer_marked(source: PackageSource, process: str, marks: Mapping[str, Mark]) -> Response:
    """One diagram with marks of the caller's own."""
    return _picture(source, process, marks)


def _picture(
    source: PackageSource | None,
    process: str,
    marks: Mapping[str, str | Mark],
    around: str = "",
) -> Response:
    drawn = drawn_by_process(source).get(process) if source is not None else None
    if drawn is None:
        raise NotVisibleError("web.no_such_page")
    picture = paint(drawn, marks=marks, language=current_language(), around=around)
    return Response(picture, content_type=SVG)
