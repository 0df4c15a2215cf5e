"""Scenarios of a version → what the templates show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.diagrams.files import drawn_by_process
from webapp.packages.page import STYLES, states
from webapp.packages.scenario_inputs import Sent
from webapp.pages.formats import spoken, titled
from webapp.pages.kept import examined
from webapp.pages.layout import render_page
from webapp.pages.now import platform
from workflows.errors import FieldError
from workflows.rollout.scenarios.edit import LONGEST, ScenariosOf
from workflows.rollout.scenarios.rehearse import Rehearsal, Walk
from workflows.rollout.scenarios.run_scenario import Reason
from workflows.storage.clock import local_day

NEW = """{{
  "title": "",
  "at": "{day}T09:00:00+08:00",
  "start": {{"as": "intake", "data": {{}}}},
  "steps": [
  ],
  "end": {{"run": "{key}", "element": ""}}
}}
"""
"""What a new scenario begins with."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario. `is_green` None: not walked. `reasons`: why it is red."""

    name: str
    title: str
    steps: int | None
    is_green: bool | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """What the scenarios pass together. `missed`: (title, id); `diagrams`: (process, address)."""

    passed: int
    total: int
    missed: tuple[tuple[str, str], ...]
    diagrams: tuple[tuple[str, str], ...]


def render_all(found: ScenariosOf) -> str:
    """Walks them, where the version can run at all."""
    checked = examined(found.source)
    rehearsal = checked.rehearsal
    return render_page(
        "packages/scenarios.html",
        page=found,
        rows=_rows(found, rehearsal),
        errors=0 if rehearsal else len(checked.errors),
        covered=_covered(found, rehearsal) if rehearsal else None,
        states=states(),
        styles=STYLES,
    )


def _rows(found: ScenariosOf, rehearsal: Rehearsal | None) -> list[Row]:
    if rehearsal is None:
        return [Row(name, name, None, None, ()) for name in found.files]
    return sorted((_row(walk) for walk in rehearsal.walks), key=lambda row: bool(row.is_green))


def _row(walk: Walk) -> Row:
    scenario = walk.scenario
    return Row(
        name=walk.name,
        title=scenario.title if scenario else walk.name,
        steps=len(scenario.steps) if scenario else None,
        is_green=walk.result.is_green,
        reasons=tuple(map(_reason, walk.result.reasons)),
    )


def _reason(reason: Reason) -> str:
    why = spoken(reason.message)
    if reason.step is None:
        return why
    if reason.step == 0:
        return _("登记时：%(why)s", why=why)
    return _("第 %(step)s 步：%(why)s", step=reason.step, why=why)


def _covered(found: ScenariosOf, rehearsal: Rehearsal) -> Covered:
    passed, missed = rehearsal.coverage.passed, rehearsal.coverage.missed
    path = {"package": found.package, "number": found.version.number}
    return Covered(
        passed=len(passed),
        total=len(passed) + len(missed),
        missed=tuple((titled(rehearsal.titles[key]) or key, key) for key in missed),
        diagrams=tuple(
            (process, url_for("packages.covered", **path, process=process))
            for process in drawn_by_process(found.source)
        ),
    )


def render_one(
    found: ScenariosOf, name: str, sent: Sent | None = None, errors: Sequence[FieldError] = ()
) -> str:
    """One scenario as data; with `sent`, what was typed and everything wrong with it. A name that
    is not there is a new scenario's."""
    old = name if name in found.files else ""
    today = local_day(platform().clock.now())
    empty = NEW.format(day=today.isoformat(), key=found.source.key)
    shown = sent or Sent(old, name, found.files.get(name, empty))
    return render_page(
        "packages/scenarios_one.html",
        page=found,
        old=old,
        sent=shown,
        wrong=[(error.path.lstrip("/"), spoken(error.message)) for error in errors],
        longest=LONGEST,
    )
