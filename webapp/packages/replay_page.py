"""Records of replays → what the template shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, url_for
from flask_babel import gettext as _

from webapp.diagrams.shapes import Mark, counted
from webapp.packages import jobs, pictures
from webapp.packages.replay_inputs import VERDICTS, Shown
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from webapp.pages.verdicts import verdicts
from webapp.security import current_actor
from workflows.rollout.replay.records import ReplayPage
from workflows.rollout.replay.view import load_parted, load_version_replays

CHOICES = (50, 200, 1000, 5000)
"""How many cases the page offers to replay."""
USUAL = 200
STYLES: Mapping[str, str] = {
    "waiting": "plain",
    "same": "done",
    "other_deadline": "warn",
    "other_owner": "warn",
    "missing_data": "warn",
    "other_path": "warn",
    "stuck": "bad",
    "refused": "plain",
}
"""Verdict → style of its tag."""
MARKS: Mapping[str, str] = {"stuck": "stuck", "other_path": "parted"}
"""Verdict → mark in a diagram; every other one is `differs`."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One verdict to look at alone, "" for all."""

    verdict: str
    name: str
    url: str
    count: int


def render(package: str, number: int, shown: Shown, error: str = "") -> str:
    """The page. Raises NotVisibleError, ForbiddenError."""
    found = load_version_replays(
        platform(),
        current_actor(),
        package,
        number,
        job=shown.job or None,
        verdict=shown.verdict,
        after=shown.after,
    )
    path = {"package": package, "number": number}
    return render_page(
        "packages/replay.html",
        page=found,
        path=path,
        shown=found.shown,
        job=found.shown.job if found.shown else None,
        asked=shown,
        tabs=_tabs(found.shown, path) if found.shown else [],
        diagrams=_diagrams(found.shown, path) if found.shown else [],
        next_url=_next(found.shown, path, shown),
        choices=CHOICES,
        usual=USUAL,
        verdicts=verdicts(),
        styles=STYLES,
        states=jobs.states(),
        error=error,
    )


def picture(package: str, number: int, job: str, process: str) -> Response:
    """One diagram with the numbers of runs that come out otherwise. Raises NotVisibleError,
    ForbiddenError."""
    source, partings = load_parted(platform(), current_actor(), package, number, job)
    found: dict[str, tuple[str, int]] = {}
    for one in partings:
        # The gravest comes first and gives the colour; a run may differ there in several ways.
        verdict, runs = found.setdefault(one.element, (one.verdict, one.runs))
        found[one.element] = verdict, max(runs, one.runs)
    return pictures.answer_marked(source, process, _marks(found))


def _marks(found: Mapping[str, tuple[str, int]]) -> Mapping[str, Mark]:
    return {
        element: counted(MARKS.get(verdict, "differs"), runs)
        for element, (verdict, runs) in found.items()
    }


def _tabs(shown: ReplayPage, path: Mapping[str, str | int]) -> list[Tab]:
    """All, then each verdict there are runs of."""
    job, names = shown.job, verdicts()
    counts = {"": job.total, **{one: job.counts.get(one, 0) for one in VERDICTS}}
    return [
        Tab(
            verdict=one,
            name=names.get(one) or _("全部"),
            url=url_for("packages.replays", **path, job=job.id, verdict=one or None),
            count=count,
        )
        for one, count in counts.items()
        if count or not one
    ]


def _diagrams(shown: ReplayPage, path: Mapping[str, str | int]) -> list[tuple[str, str]]:
    """(process, address of the painted picture) of those in which runs part."""
    processes = dict.fromkeys(one.diagram for one in shown.partings if one.diagram)
    job = shown.job.id
    return [
        (process, url_for("packages.parted", **path, job=job, process=process))
        for process in processes
    ]


def _next(shown: ReplayPage | None, path: Mapping[str, str | int], asked: Shown) -> str | None:
    if shown is None or shown.next is None:
        return None
    more = {"job": shown.job.id, "verdict": asked.verdict or None, "after": shown.next}
    return url_for("packages.replays", **path, **more)
